#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: figures_kpsvd.sh    (make figures-kpsvd)
# Figure 2 of the Kronecker-SVD paper at its own setting: factors and inverses of every 100th step, KL
# clip 0.01, batches of 256 (CURVES), 512 (MNIST) and 1024 (FACES); training and validation objective by
# epochs and by seconds. Of the rates and dampings given, each method shows the pair that ends lowest in
# the training objective, as in the paper; sgd and adam have rates of their own.
# Environment: OUT, THREADS, SEED; SETS, METHODS; EPOCHS (5) or STEPS of each run, LIMIT: examples (all),
# EVERY: T1 and T2 (100), RATES (0.3), DAMPINGS (0.1), CLIP; DATA and BATCH in place of the sets' own.
# shellcheck source=tools/figures/figures.sh
. "$(dirname "$0")/figures.sh"
sets=${SETS:-curves mnist faces} rates=${RATES:-0.3} dampings=${DAMPINGS:-0.1}
methods=${METHODS:-sgd adam kfac kpsvd deflation lanczos kfac-corrected}
stages=$(($(wc -w <<< "$sets") * $(wc -w <<< "$methods") + 1))
length=(--epochs "${EPOCHS:-5}")
[ -z "${STEPS:-}" ] || length=(--steps "$STEPS")

batch_of() {
  case $1 in
    curves) echo 256 ;;
    mnist) echo 512 ;;
    faces) echo 1024 ;;
  esac
}

train_one() { # train_one LOG SET METHOD ARGUMENT...
  local log=$1 set=$2 method=$3
  shift 3
  train_into "$log" "$method" --data "${DATA:-$set}" --method "$method" --seed "${SEED:-1}" \
    --batch "${BATCH:-$(batch_of "$set")}" --limit "${LIMIT:-0}" "${length[@]}" "$@"
}

last_objective() {
  awk -F, 'NR > 1 { last = $5 } END { print last }' "$1"
}

# train_best LOG SET METHOD: of all rates and dampings, the run that ends lowest.
train_best() {
  local log=$1 set=$2 method=$3 rate damping found=1
  for rate in $rates; do
    for damping in $dampings; do
      train_one "$OUT/trial.csv" "$set" "$method" --driver fixed --lr "$rate" --damping "$damping" \
        --kl-clip "${CLIP:-0.01}" --momentum 0 --stats-every "${EVERY:-100}" \
        --inverse-every "${EVERY:-100}" || continue
      [ "$found" -ne 0 ] || awk -v a="$(last_objective "$OUT/trial.csv")" \
        -v b="$(last_objective "$log")" 'BEGIN { exit !(a + 0 < b + 0) }' || continue
      mv "$OUT/trial.csv" "$log"
      found=0
      echo "$set,$method,$rate,$damping" > "$log.chosen"
    done
  done
  rm -f "$OUT/trial.csv"
  return "$found"
}

# every_method SET: runs, then the four pictures.
every_method() {
  local set=$1 method log logs=() x y
  for method in $methods; do
    stage "$set: $method"
    log=$OUT/kpsvd_figure2_${set}_$method.csv
    case $method in
      sgd | adam)
        # shellcheck disable=SC2046
        train_one "$log" "$set" "$method" $(rate_of "$method" "$set") || continue
        ;;
      *) train_best "$log" "$set" "$method" || continue ;;
    esac
    logs+=("$method=$log")
  done
  for x in epoch seconds; do
    for y in train validation; do
      tools/plot --out "$OUT/kpsvd_figure2_${set}_${y}_$x.svg" --x "$x" --y "${y}_objective" --log y \
        --title "$set auto-encoder: $y objective" --size 560x400 "${logs[@]}"
    done
  done
}

for set in $sets; do
  config=${CONFIG:-${set}_autoencoder}
  has_data "${DATA:-$set}" "$config" || continue
  train=$(program "$config" train)
  every_method "$set"
done
find "$OUT" -maxdepth 1 -name 'kpsvd_figure2_*.csv.chosen' -exec cat {} + | sort -u \
  | sed '1i set,method,rate,damping' > "$OUT/kpsvd_figure2_chosen.csv"
rm -f "$OUT"/kpsvd_figure2_*.csv.chosen "$OUT/problem.txt"
stage "done: $OUT"
echo >&2
