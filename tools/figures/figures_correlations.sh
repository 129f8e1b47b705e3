#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: figures_correlations.sh    (make figures-correlations)
# Figure 3 (left) of the EKFAC paper: correlations of the gradients of the second layer of a small
# classifier of MNIST, by parameters and in the Kronecker-factored eigenbasis. A picture, and a CSV with
# the mean of what is beside the diagonal. Environment: OUT, THREADS, SEED, DATA, CONFIG; STEPS of Adam
# before (500), LIMIT: examples (10000).
# shellcheck source=tools/figures/figures.sh
. "$(dirname "$0")/figures.sh"
export stages=2
data=${DATA:-mnist} config=${CONFIG:-tools/figures/mnist_sigmoid_classifier.h}

stage "EKFAC, Figure 3 (left): correlations of gradients"
if has_data "$data" "$config"; then
  figures=$(program "$config" figures)
  "$figures" --draw correlations --data "$data" --seed "${SEED:-1}" --threads "$THREADS" --out "$OUT" \
    --steps "${STEPS:-500}" --limit "${LIMIT:-10000}" ${BATCH:+--batch "$BATCH"}
fi
stage "done: $OUT"
echo >&2
