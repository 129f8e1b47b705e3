#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: figures_two_level.sh    (make figures-two-level)
# Figures 2 and 5 of the two-level paper: training objective on the auto-encoders at several batch sizes,
# mean of all seeds; and what the coarse correction gains, E(0) - E(beta*), along the first seed's run. As
# in the paper rate and damping are fixed, nothing clips the update, and weight decay is 1e-3; of the
# rates and dampings each method shows the pair that ends lowest with the first seed; other seeds take it.
# Environment: OUT, THREADS; SETS, BATCHES, SEEDS, METHODS; EPOCHS (8) or STEPS of each run, LIMIT: examples
# (4000; 0: all); RATES, DAMPINGS; FIRST: rates of sgd and adam; GRID=1: the paper's nine values for all
# three, 1e-4 to 1e4; EVERY: steps between inverses (5); PATIENCE: epochs (10); CLIP: KL clip (0); DRIVER:
# fixed or adaptive, which searches nothing; DATA, CONFIG in place of the sets' own.
# shellcheck source=tools/figures/figures.sh
. "$(dirname "$0")/figures.sh"
two_level=$(echo two-level:{nicolaides,spectral,residual,krylov-nicolaides,krylov-residual,taylor,tko})
sets=${SETS:-curves mnist faces} batches=${BATCHES:-256 512 1024} seeds=${SEEDS:-1 2 3}
methods=${METHODS:-sgd adam kfac exact $two_level}
driver=${DRIVER:-fixed}
[ -z "${GRID:-}" ] || grid="1e-4 1e-3 1e-2 1e-1 1 1e1 1e2 1e3 1e4"
rates=${RATES:-${grid:-0.1 0.3}} dampings=${DAMPINGS:-${grid:-1 10}} first=${FIRST:-${grid:-}}
length=(--epochs "${EPOCHS:-8}")
[ -z "${STEPS:-}" ] || length=(--steps "$STEPS")
size=640x680 # The names of a dozen curves stand below them.
stages=$(($(wc -w <<< "$sets") * $(wc -w <<< "$batches") * $(wc -w <<< "$methods") + 1))

# candidates SET METHOD: the options to choose among, a line each.
candidates() {
  local rate damping
  case $2 in
    sgd | adam)
      [ -n "$first" ] || rate_of "$2" "$1"
      for rate in $first; do echo "--lr $rate"; done
      return
      ;;
  esac
  [ "$driver" = fixed ] || { echo "--driver $driver" && return; }
  for rate in $rates; do
    for damping in $dampings; do echo "--driver fixed --lr $rate --damping $damping"; done
  done
}

# train_one NAME SET BATCH SEED METHOD OPTIONS: into $work/NAME.log and $work/NAME.steps.
train_one() {
  local name=$1 set=$2 batch=$3 seed=$4 method=$5 more=()
  case $6 in *"driver fixed"*)
    more=(--kl-clip "${CLIP:-0}" --momentum 0 --stats-every 1 --inverse-every "${EVERY:-5}")
    ;;
  esac
  rm -f "$work/$name".*
  # shellcheck disable=SC2086
  train_into "$work/$name.log" "$set, batch $batch, $method $6" --data "${DATA:-$set}" --validation 0 \
    --method "$method" --seed "$seed" --batch "$batch" --limit "${LIMIT:-4000}" "${length[@]}" \
    --patience "${PATIENCE:-10}" --averaging 0 --weight-decay 1e-3 --log-steps "$work/$name.steps" \
    $6 "${more[@]}"
}

# ends_lower A B: run A ends lower than run B, or there is no B.
ends_lower() {
  [ -f "$work/$2.log" ] || return 0
  awk -F, 'FNR > 1 { last[FILENAME] = $5 } END { exit !(last[ARGV[1]] + 0 < last[ARGV[2]] + 0) }' \
    "$work/$1.log" "$work/$2.log"
}

# choose SET BATCH SEED METHOD: the best run becomes $work/SEED; its options are printed.
choose() {
  local options best=''
  rm -f "$work/$3".*
  while read -r options; do
    train_one trial "$1" "$2" "$3" "$4" "$options" || continue
    ends_lower trial "$3" || continue
    best=$options
    mv "$work/trial.log" "$work/$3.log"
    mv "$work/trial.steps" "$work/$3.steps"
  done < <(candidates "$1" "$4")
  [ -n "$best" ] && echo "$best"
}

# means METHOD LOG...: over the logs, row by row.
means() {
  local method=$1
  shift
  awk -F, -v OFS=, -v method="$method" '
    FNR > 1 { if (!n[FNR]++) { low[FNR] = high[FNR] = $5; at[FNR] = $1 "," $2; if (FNR > rows) rows = FNR }
      sum[FNR] += $5
      if ($5 < low[FNR]) low[FNR] = $5
      if ($5 > high[FNR]) high[FNR] = $5 }
    END { for (i = 2; i <= rows; i++) print method, n[i], at[i], sum[i] / n[i], low[i], high[i] }' "$@"
}

# gains METHOD LOG: what the correction gained; empty where that is a loss.
gains() {
  awk -F, -v OFS=, -v method="$1" '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    { e = $column["e_change"]; print method, $1, $5, e, e < 0 ? -e : "" }' "$2"
}

# train_method SET BATCH METHOD: all seeds, into both CSV.
train_method() {
  local set=$1 batch=$2 method=$3 seed options='' logs=() first_seed=${seeds%% *}
  for seed in $seeds; do
    if [ "$seed" = "$first_seed" ]; then
      options=$(choose "$set" "$batch" "$seed" "$method") || return 0
      echo "$set,$batch,$method,$options" >> "$chosen"
    else
      train_one "$seed" "$set" "$batch" "$seed" "$method" "$options" || continue
    fi
    logs+=("$work/$seed.log")
  done
  means "${method#two-level:}" "${logs[@]}" >> "$curve"
  case $method in two-level:*) gains "${method#two-level:}" "$work/$first_seed.steps" >> "$gain" ;; esac
}

# draw SET BATCH: the two pictures, where there is something to draw.
draw() {
  local title="$1 auto-encoder, batches of $2"
  [ "$(wc -l < "$curve")" -le 1 ] ||
    curves "$curve" method epoch train_objective "${curve%csv}svg" "$title" y
  if [ "$(wc -l < "$gain")" -gt 1 ]; then
    curves "$gain" method step gain "${gain%csv}svg" "$title: E(0) - E(beta*)" y
  else
    rm "$gain"
  fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chosen=$OUT/two_level_chosen.csv
echo "set,batch,method,options" > "$chosen"
for set in $sets; do
  config=${CONFIG:-${set}_autoencoder}
  has_data "${DATA:-$set}" "$config" || continue
  train=$(program "$config" train)
  for batch in $batches; do
    curve=$OUT/two_level_figure2_${set}_$batch.csv gain=$OUT/two_level_figure5_${set}_$batch.csv
    echo "method,seeds,step,epoch,train_objective,lowest,highest" > "$curve"
    echo "method,step,objective,e_change,gain" > "$gain"
    for method in $methods; do
      stage "$set, batch $batch: $method"
      train_method "$set" "$batch" "$method"
    done
    draw "$set" "$batch"
  done
done
rm -f "$OUT/problem.txt"
stage "done: $OUT"
echo >&2
