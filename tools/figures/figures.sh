# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts of the figures share. OUT: folder of pictures and CSV. THREADS: for each run.
set -euo pipefail

OUT=${OUT:-build/figures}
THREADS=${THREADS:-2}
stages_done=0

fail() {
  printf 'figures: %s\n' "$1" >&2
  exit 1
}

command -v gnuplot > /dev/null || fail "gnuplot is not installed: apt-get install gnuplot-nox"
mkdir -p "$OUT"

# stage TEXT: a line of progress; `stages` is their number.
stage() {
  stages_done=$((stages_done + 1))
  printf '[%d/%d] %3d s  %s\n' "$stages_done" "${stages:?}" "$SECONDS" "$1" >&2
}

# program CONFIG NAME: the program's path, built if need be.
program() {
  local folder
  folder=build/$(basename "$1" .h)
  make --no-print-directory -s QUIET=1 CONFIG="$1" "$folder/kfix-$2" >&2
  echo "$folder/kfix-$2"
}

# has_data NAME CONFIG: the set can be opened; else says what is left out.
has_data() {
  local train problem
  train=$(program "$2" train)
  problem=$("$train" --quiet --data "$1" --method sgd --lr 0 --steps 1 --batch 1 --threads 1 2>&1) && return
  printf '\nleft out: %s: %s\n' "$1" "$problem" >&2
  return 1
}

# lines FILE COLUMN PICTURE TITLE [LOG]: one curve per method of an approximation log.
lines() {
  local file=$1 column=$2 picture=$3 title=$4 log=${5:-} method work arguments=()
  work=$(mktemp -d)
  for method in $(tail -n +2 "$file" | cut -d, -f3 | awk '!seen[$0]++'); do
    awk -F, -v m="$method" -v c="$column" '
      NR == 1 { for (i = 1; i <= NF; i++) if ($i == c) at = i; print; next }
      $3 == m { print; n += $at != "" }
      END { exit !n }' "$file" > "$work/$method.csv" && arguments+=("$method=$work/$method.csv")
  done
  tools/plot --out "$picture" --x step --y "$column" --title "$title" ${log:+--log "$log"} \
    --size 640x420 "${arguments[@]}"
  rm -rf "$work"
}
