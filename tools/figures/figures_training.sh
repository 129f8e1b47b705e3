#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: figures_training.sh    (make figures-training)
# Training curves of all methods on the three auto-encoders: Figure 2 of the Kronecker-SVD paper,
# Figure 4 of the EKFAC paper, Figures 10 and 11 of the K-FAC paper; then its Figure 9, batch sizes on
# MNIST; at a size for two cores.
# Environment: OUT, THREADS, SEED; EPOCHS (default 4); METHODS and SETS to choose; BATCHES: sizes for
# Figure 9; either may be empty; FULL=1: all training rows, where the default is 8000 of each set.
# shellcheck source=tools/figures/figures.sh
. "$(dirname "$0")/figures.sh"
epochs=${EPOCHS:-4} seed=${SEED:-1}
sets=${SETS:-curves mnist faces} batches=${BATCHES-250 500 1000 2000}
[[ " $sets " == *" mnist "* ]] || batches=
limit=(--limit 8000)
[ -z "${FULL:-}" ] || limit=()

methods_of() {
  "$1" --help | tr -s ' \n' ' ' | sed 's/.*how to train: \([a-z0-9:|-]*\).*/\1/' | tr '|' ' '
}

# train_method LOG SET METHOD BATCH [ARGUMENT...]: one run.
train_method() {
  local log=$1 set=$2 method=$3 batch=$4
  shift 4
  # shellcheck disable=SC2046
  train_into "$log" "$method" --seed "$seed" --data "$set" --method "$method" --batch "$batch" \
    --epochs "$epochs" "${limit[@]}" $(rate_of "$method" "$set") "$@"
}

# every_method SET: objective by epochs and by seconds.
every_method() {
  local set=$1 method log x logs=()
  [ -n "$methods" ] || return 0
  for method in $methods; do
    stage "$set: $method"
    log=$OUT/training_${set}_$method.csv
    if train_method "$log" "$set" "$method" 500; then logs+=("$method=$log"); fi
  done
  for x in epoch seconds; do
    tools/plot --out "$OUT/training_${set}_$x.svg" --x "$x" --y train_objective --log y \
      --title "$set auto-encoder: training objective" --size 640x460 "${logs[@]}"
  done
}

# NAME METHOD [ARGUMENT...] of Figure 9.
runs_of_figure9="nesterov nesterov
kfac kfac
kfac-no-momentum kfac --use-momentum 0
kfac-tridiag kfac-tridiag"

# every_batch: objective on MNIST by steps and by examples, a picture for each run, a curve for each size.
every_batch() {
  local run batch log x logs
  while IFS= read -r run; do
    # shellcheck disable=SC2086
    set -- $run
    logs=()
    for batch in $batches; do
      stage "mnist, batch $batch: $1"
      log=$OUT/batches_$1_$batch.csv
      if train_method "$log" mnist "$2" "$batch" "${@:3}"; then logs+=("$batch=$log"); fi
    done
    for x in step examples; do
      tools/plot --out "$OUT/batches_$1_$x.svg" --x "$x" --y train_objective --log y \
        --title "mnist auto-encoder, $1: batch sizes" --size 480x360 "${logs[@]}"
    done
  done <<< "$runs_of_figure9"
}

train=$(program curves_autoencoder train)
methods=${METHODS-$(methods_of "$train")}
stages=$(($(wc -w <<< "$sets") * $(wc -w <<< "$methods") + 4 * $(wc -w <<< "$batches") + 1))
for set in $sets; do
  has_data "$set" "${set}_autoencoder" || continue
  train=$(program "${set}_autoencoder" train)
  every_method "$set"
done
if [ -n "$batches" ] && has_data mnist mnist_autoencoder; then
  train=$(program mnist_autoencoder train)
  every_batch
fi
rm -f "$OUT/problem.txt"
stage "done: $OUT"
echo >&2
