#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: figures_refresh.sh    (make figures-refresh)
# Figure 5 (a, b) of the EKFAC paper: kfac and ekfac on the MNIST auto-encoder with inverse and basis of
# every n-th step; training objective by epochs and by seconds. Fixed driver, statistics of the whole
# batch at each step; each run's log is its CSV.
# Environment: OUT, THREADS, SEED, DATA, CONFIG; REFRESH: the n (1 10 50); METHODS; BATCH (200), EPOCHS
# (8), LIMIT: examples (2000; 0: all), RATE, DAMPING; as in the paper FISHER=empirical (true) CLIP=0 (1),
# which is far less stable.
# shellcheck source=tools/figures/figures.sh
. "$(dirname "$0")/figures.sh"
data=${DATA:-mnist} config=${CONFIG:-mnist_autoencoder}
methods=${METHODS:-kfac ekfac} refresh=${REFRESH:-1 10 50}
stages=$(($(wc -w <<< "$methods") * $(wc -w <<< "$refresh") + 1))

# every_refresh METHOD: one run for each n.
every_refresh() {
  local method=$1 n log
  for n in $refresh; do
    stage "$method, refreshed every $n"
    log=$OUT/ekfac_figure5_${method}_$n.csv
    if train_into "$log" "$method, $n" --data "$data" --method "$method" --seed "${SEED:-1}" \
      --driver fixed --fisher "${FISHER:-true}" --stats-every 1 --stats-fraction 1 --inverse-every "$n" \
      --batch "${BATCH:-200}" --epochs "${EPOCHS:-8}" --limit "${LIMIT:-2000}" --momentum 0 \
      --lr "${RATE:-0.3}" --damping "${DAMPING:-0.1}" --kl-clip "${CLIP:-1}"; then
      logs+=("$method, $n=$log")
    fi
  done
}

if has_data "$data" "$config"; then
  train=$(program "$config" train)
  logs=()
  for method in $methods; do every_refresh "$method"; done
  for x in epoch seconds; do
    tools/plot --out "$OUT/ekfac_figure5_$x.svg" --x "$x" --y train_objective --log y \
      --title "MNIST auto-encoder: refreshed every n steps" --size 640x460 "${logs[@]}"
  done
fi
rm -f "$OUT/problem.txt"
stage "done: $OUT"
echo >&2
