#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: endurance.sh    (make endurance)
# Trains every config with every method that takes it, natural gradients with both drivers, and reads the log of each
# step: an objective that is not finite, a run that stops early, or a floor that cannot be read back
# makes it answer 1. Configs whose data set is not there are left out, and it says so. Environment:
# ENDURANCE_STEPS (500), ENDURANCE_CONFIGS (all of config/), ENDURANCE_METHODS (all),
# ENDURANCE_BATCH (250), JOBS (2). Logs and table.md: build/endurance/. A run that is complete and newer
# than its program is kept.
set -euo pipefail
cd "$(dirname "$0")/../.."
export MAKE=${MAKE:-make} BUILD=${BUILD:-build} steps=${ENDURANCE_STEPS:-500} batch=${ENDURANCE_BATCH:-250}
export out=$BUILD/endurance
configs=${ENDURANCE_CONFIGS:-$(cd config && echo *.h)}
mkdir -p "$out"

# what METHOD...: each with the drivers it has
runs_of() {
  local method
  for method in "$@"; do
    case $method in
      sgd | nesterov | adam) echo "$method" ;;
      *) echo "$method adaptive" && echo "$method fixed" ;;
    esac
  done
}

# one CONFIG METHOD [DRIVER]: its log and its row of the table
one() {
  local config=$1 method=$2 driver=${3:-} train=$BUILD/$1/kfix-train name problem=''
  local arguments=(--method "$method" --steps "$steps" --batch "$batch" --threads 1 --eval-every 0 --quiet)
  name=$config-$method${driver:+-$driver}
  local log=$out/$name.csv
  case $method-$config in
    sgd-faces* | nesterov-faces*) arguments+=(--lr 1e-4) ;; # 1e-3 diverges: its units are not the others'
    sgd-* | nesterov-* | adam-*) arguments+=(--lr 1e-3) ;;
    *) arguments+=(--driver "$driver") ;;
  esac
  if [ ! "$log" -nt "$train" ] || [ "$(tail -n 1 "$log" | cut -d, -f1)" != "$steps" ]; then
    "$train" "${arguments[@]}" --log-steps "$log" 2> "$out/$name.err" || problem=$(tail -n 1 "$out/$name.err")
  fi
  tools/dev/endurance_row.sh "$log" "$steps" "$problem" "$config" "$method" "${driver:--}" > "$out/$name.row"
  echo "  $(cat "$out/$name.row")" >&2
}
export -f one

rm -f "$out"/*.row
jobs=()
for config in $configs; do
  config=${config%.h}
  "$MAKE" --no-print-directory QUIET=1 CONFIG="$config" "$BUILD/$config"/kfix-{train,size} >&2
  train=$BUILD/$config/kfix-train
  if ! "$train" --quiet --method sgd --lr 0 --steps 1 --batch 1 2> "$out/problem.txt"; then
    echo "left out: $config: $(tail -n 1 "$out/problem.txt")" >&2
    continue
  fi
  # Those that take the net.
  methods=${ENDURANCE_METHODS:-$("$BUILD/$config/kfix-size" --all | awk 'NR > 2 && !seen[$1]++ { print $1 }')}
  # shellcheck disable=SC2086
  while IFS= read -r run; do jobs+=("$config $run"); done < <(runs_of $methods)
done
rm -f "$out/problem.txt"
[ ${#jobs[@]} -gt 0 ] || { echo "endurance: no config has its data" >&2 && exit 1; }

# shellcheck disable=SC2016
printf '%s\n' "${jobs[@]}" | xargs -P "${JOBS:-2}" -I{} bash -c 'set -euo pipefail; one $0' '{}' || true
{
  echo '| config | method | driver | steps | tries again | first | last objective | floored, most | |'
  echo '| --- | --- | --- | --- | --- | --- | --- | --- | --- |'
  for job in "${jobs[@]}"; do
    cat "$out/${job// /-}.row" 2> /dev/null || echo "| $job | did not run | failed |"
  done
} | tee "$out/table.md"
! grep -q failed "$out/table.md"
