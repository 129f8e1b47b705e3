#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: figures_distance.sh    (make figures-distance)
# How far each method's direction is from the exact natural gradient, along one trajectory for all: the
# weights of a kfac run after some of its steps are imported, and each method takes steps of rate 0 from
# there, so that it gathers statistics of the same batches at the same weights; the direction of the last
# one is held against (F + (damping + eta) I)^-1 gradient, F that of the last batch.
# Environment: OUT, THREADS, SEED, DATA, CONFIG; POINTS: steps of the trajectory (1 10 50 200); METHODS;
# BATCH (500), LIMIT: examples (4000; 0: all), STATISTICS: batches behind them (5), DAMPINGS (0.1).
# shellcheck source=tools/figures/figures.sh
. "$(dirname "$0")/figures.sh"
data=${DATA:-curves} config=${CONFIG:-curves_autoencoder} points=${POINTS:-1 10 50 200}
blocks="kfac kfac-tikhonov kfac-tridiag ekfac ekfac-ra kpsvd deflation lanczos kfac-corrected diagonal"
two_level=$(echo two-level:{nicolaides,spectral,residual,krylov-nicolaides,krylov-residual,taylor,tko,tko-exact})
methods=${METHODS:-$blocks hf $two_level}
dampings=${DAMPINGS:-0.1} last=${STATISTICS:-5}
common=(--limit "${LIMIT:-4000}" --validation 0 --batch "${BATCH:-500}" --seed "${SEED:-1}" --data "$data")
size=640x680 # The names of a dozen curves stand below them.
stages=$(($(wc -w <<< "$points") * (1 + $(wc -w <<< "$dampings") * $(wc -w <<< "$methods")) + 1))

# go_to STEP: on along the trajectory; its weights into $work/weights.npz.
go_to() {
  local arguments=("${common[@]}" --method kfac)
  [ ! -f "$work/run.kfix" ] || arguments=(--resume "$work/run.kfix")
  train_into "$work/log.csv" "step $1 of kfac" "${arguments[@]}" --checkpoint "$work/run.kfix" \
    --steps "$1" --export "$work/weights.npz" --export-iterate
}

# measure STEP METHOD DAMPING: a row: with the statistics of the last batches, then of the first alone.
measure() {
  rm -f "$work/reference.csv"
  train_into "$work/trial.csv" "$2" "${common[@]}" --method "$2" --import "$work/weights.npz" \
    --driver fixed --lr 0 --damping "$3" --kl-clip 0 --momentum 0 --averaging 0 --stats-every 1 \
    --inverse-every 1 --steps "$last" --eval-every 0 --reference exact \
    --reference-log "$work/reference.csv" --reference-every $((last > 1 ? last - 1 : 1)) || return 0
  awk -F, -v OFS=, -v method="$2" -v step="$1" '
    NR == 2 { first = $4 OFS $5 OFS $6 }
    { end = $2 OFS $4 OFS $5 OFS $6; batches = $1 }
    END { print method, step, batches, end, first }' \
    "$work/reference.csv" >> "$(file_of "$3")"
}

file_of() {
  echo "$OUT/distance_$(basename "$config" .h)_$1.csv"
}

# group KIND: of the methods, those of this picture; kfac is in both, exact in none: its distance is 0.
group() {
  local method
  for method in $methods; do
    case $1-$method in
      *-kfac | whole-two-level:* | whole-hf) echo "$method" ;;
      *-two-level:* | *-hf | *-exact | whole-*) ;;
      blocks-*) echo "$method" ;;
    esac
  done
}

# draw DAMPING: three measures, those that act block by block apart from those that see the whole net.
draw() {
  local kind measure names file log
  file=$(file_of "$1")
  for kind in blocks whole; do
    mapfile -t names < <(group "$kind")
    [ "${#names[@]}" -gt 0 ] || continue
    for measure in euclidean fisher angle; do
      log=xy
      [ "$measure" != angle ] || log=x
      curves "$file" method step "$measure" "${file%.csv}_${kind}_$measure.svg" \
        "from the exact natural gradient: $measure, damping $1" "$log" "${names[@]}"
    done
  done
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if has_data "$data" "$config"; then
  train=$(program "$config" train)
  for damping in $dampings; do
    echo "method,step,batches,rows,euclidean,fisher,angle,euclidean_1,fisher_1,angle_1" \
      > "$(file_of "$damping")"
  done
  for point in $points; do
    stage "kfac to step $point"
    go_to "$point" || break
    for damping in $dampings; do
      for method in $methods; do
        stage "step $point: $method, damping $damping"
        measure "$point" "$method" "$damping"
      done
    done
  done
  for damping in $dampings; do draw "$damping"; done
fi
rm -f "$OUT/problem.txt"
stage "done: $OUT"
echo >&2
