#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: figures_rescaling.sh    (make figures-rescaling)
# Figure 7 of the K-FAC paper: what an update is worth against gamma, with and without the rescaling by
# the exact Fisher matrix and momentum, where kfac-tridiag has come to on the MNIST auto-encoder.
# Environment: OUT, THREADS, SEED, DATA, CONFIG; STEPS before (500, as the paper), BATCH (1000), LIMIT:
# examples (all), GAMMAS: how many (12).
# shellcheck source=tools/figures/figures.sh
. "$(dirname "$0")/figures.sh"
export stages=2
data=${DATA:-mnist} config=${CONFIG:-mnist_autoencoder_sigmoid}

stage "K-FAC, Figure 7: training, then one update for each gamma"
if has_data "$data" "$config"; then
  figures=$(program "$config" figures)
  "$figures" --draw rescaling --data "$data" --seed "${SEED:-1}" --threads "$THREADS" --out "$OUT" \
    --steps "${STEPS:-500}" --batch "${BATCH:-1000}" --limit "${LIMIT:-0}" --gammas "${GAMMAS:-12}"
  curves "$OUT/kfac_figure7.csv" update gamma improvement "$OUT/kfac_figure7.svg" \
    "one update: how far the batch's objective falls" xy rescaled rescaled-no-momentum raw
fi
stage "done: $OUT"
echo >&2
