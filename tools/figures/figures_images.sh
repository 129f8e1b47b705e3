#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: figures_images.sh    (make figures-images)
# Cuda-convnet on CIFAR-10: kfac and ekfac at their defaults beside sgd and adam, each at the rate of the
# given that ends lowest on the mean of the seeds; training and validation objective by epochs and by
# seconds. Every run's log is kept; images_table.csv has each run's end, images_best.csv the rate of each
# method with the mean of its seeds.
# Environment: OUT, THREADS, DATA (cifar10), CONFIG, PORT (blis, where it is built); METHODS; SEEDS (1 2 3),
# EPOCHS (10), BATCH (256), LIMIT: examples (0: all); RATES_SGD, RATES_ADAM.
# shellcheck source=tools/figures/figures.sh
. "$(dirname "$0")/figures.sh"
data=${DATA:-cifar10} config=${CONFIG:-cuda_convnet} seeds=${SEEDS:-1 2 3}
methods=${METHODS:-sgd adam kfac ekfac}
table=$OUT/images_table.csv best=$OUT/images_best.csv

# rates_of METHOD: auto is the method's own.
rates_of() {
  case $1 in
    sgd) echo "${RATES_SGD:-0.003 0.01 0.02 0.03 0.05}" ;;
    adam) echo "${RATES_ADAM:-0.0003 0.001 0.002 0.003 0.01}" ;;
    *) echo auto ;;
  esac
}

fastest_port() {
  case $("$train" --help) in
    *'|blis|'*) echo blis ;;
    *) echo simd ;;
  esac
}

count_stages() {
  local method n=1
  for method in $methods; do n=$((n + $(rates_of "$method" | wc -w) * $(wc -w <<< "$seeds"))); done
  echo "$n"
}

# end_of LOG: epoch, seconds, training and validation objective of its last row.
end_of() {
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
    END { print $at["epoch"] "," $at["seconds"] "," $at["train_objective"] "," $at["validation_objective"] }' "$1"
}

every_run() {
  local method rate seed log
  for method in $methods; do
    for rate in $(rates_of "$method"); do
      for seed in $seeds; do
        stage "$method, rate $rate, seed $seed"
        log=$OUT/images_${method}_${rate}_$seed.csv
        train_into "$log" "$method, $rate, seed $seed" --data "$data" --method "$method" --lr "$rate" \
          --seed "$seed" --port "$port" --batch "${BATCH:-256}" --epochs "${EPOCHS:-10}" \
          --limit "${LIMIT:-0}" || continue
        echo "$method,$rate,$seed,$(end_of "$log")" >> "$table"
      done
    done
  done
}

# choose: of each method the rate with the lowest mean; a rate that a seed did not finish has none.
choose() {
  echo "method,rate,runs,seconds,train_objective,lowest,highest,validation_objective" > "$best"
  awk -F, -v seeds="$(wc -w <<< "$seeds")" '
    NR == 1 { next }
    { at = $1 "," $2; n[at]++; s[at] += $5; t[at] += $6; v[at] += $7
      if (n[at] == 1 || $6 < low[at]) low[at] = $6
      if (n[at] == 1 || $6 > high[at]) high[at] = $6 }
    END {
      for (at in n) {
        split(at, part, ",")
        if (n[at] == seeds && (!(part[1] in found) || t[at] < t[found[part[1]]])) found[part[1]] = at
      }
      for (m in found) {
        at = found[m]
        printf "%s,%d,%.4g,%.4g,%.4g,%.4g,%.4g\n", at, n[at], s[at] / n[at], t[at] / n[at], low[at], high[at], v[at] / n[at]
      }
    }' "$table" | sort >> "$best"
}

pictures() {
  local method rate rest logs=() x y first
  first=${seeds%% *}
  while IFS=, read -r method rate rest; do
    logs+=("$method, $rate=$OUT/images_${method}_${rate}_$first.csv")
  done < <(tail -n +2 "$best")
  [ ${#logs[@]} -gt 0 ] || fail "no method finished with every seed"
  for x in epoch seconds; do
    for y in train validation; do
      tools/plot --out "$OUT/images_${y}_$x.svg" --x "$x" --y "${y}_objective" --log y --size 560x400 \
        --title "$config, $data: $y objective" "${logs[@]}"
    done
  done
}

if has_data "$data" "$config"; then
  train=$(program "$config" train)
  port=${PORT:-$(fastest_port)}
  stages=$(count_stages)
  echo "method,rate,seed,epochs,seconds,train_objective,validation_objective" > "$table"
  every_run
  choose
  pictures
  rm -f "$OUT/problem.txt"
  stage "done: $OUT"
  echo >&2
fi
