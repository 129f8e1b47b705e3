#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: figures_training.sh    (make figures-training)
# Training curves of all methods on the three auto-encoders: Figure 2 of the Kronecker-SVD paper,
# Figure 4 of the EKFAC paper, Figures 10 and 11 of the K-FAC paper, at a size for two cores.
# Environment: OUT, THREADS, SEED; EPOCHS (default 4); METHODS and SETS to choose; FULL=1: all
# training rows, where the default is 8000 of each set.
# shellcheck source=tools/figures/figures.sh
. "$(dirname "$0")/figures.sh"
epochs=${EPOCHS:-4} seed=${SEED:-1}
sets=${SETS:-curves mnist faces}
limit=(--limit 8000)
[ -z "${FULL:-}" ] || limit=()

methods_of() {
  "$1" --help | tr -s ' \n' ' ' | sed 's/.*how to train: \([a-z0-9:|-]*\).*/\1/' | tr '|' ' '
}

# Rates that did well in a short search: tools/README.md and tools/reproduction.md.
arguments_of() { # arguments_of METHOD SET
  case $1-$2 in
    sgd-faces) echo "--lr 3e-4" ;;
    sgd-*) echo "--lr 1e-3" ;;
    nesterov-faces) echo "--lr 3e-4" ;;
    nesterov-*) echo "--lr 1e-3" ;;
    adam-*) echo "--lr 1e-3" ;;
  esac
}

train=$(program curves_autoencoder train)
methods=${METHODS:-$(methods_of "$train")}
count=$(wc -w <<< "$methods") stages=0
for set in $sets; do stages=$((stages + count)); done
stages=$((stages + 1))
for set in $sets; do
  config=${set}_autoencoder
  has_data "$set" "$config" || continue
  train=$(program "$config" train)
  logs=()
  for method in $methods; do
    stage "$set: $method"
    log=$OUT/training_${set}_$method.csv
    # shellcheck disable=SC2046
    if "$train" --quiet --threads "$THREADS" --seed "$seed" --data "$set" --method "$method" \
      --batch 500 --epochs "$epochs" "${limit[@]}" $(arguments_of "$method" "$set") \
      --log "$log" 2> "$OUT/problem.txt"; then
      logs+=("$method=$log")
    else
      printf '\n%s: %s\n' "$method" "$(tail -n 1 "$OUT/problem.txt")" >&2
    fi
  done
  rm -f "$OUT/problem.txt"
  for x in epoch seconds; do
    tools/plot --out "$OUT/training_${set}_$x.svg" --x "$x" --y train_objective --log y \
      --title "$set auto-encoder: training objective" --size 640x460 "${logs[@]}"
  done
done
stage "done: $OUT"
echo >&2
