# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the scripts of the figures share. OUT: folder of pictures and CSV. THREADS: for each run. BUILD: as
# of make.
set -euo pipefail

BUILD=${BUILD:-build}
OUT=${OUT:-$BUILD/figures}
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
  folder=$BUILD/$(basename "$1" .h)
  make --no-print-directory -s QUIET=1 BUILD="$BUILD" CONFIG="$1" "$folder/kfix-$2" >&2
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

# curves FILE KEY X Y PICTURE TITLE LOG [VALUE...]: one curve for each value that column KEY has, or for
# these; a value without a number in column Y is left out. LOG: logarithmic axes, "" for none. $size: of
# the picture.
curves() {
  local file=$1 key=$2 x=$3 y=$4 picture=$5 title=$6 log=$7 value work arguments=()
  shift 7
  [ $# -gt 0 ] || mapfile -t values < <(awk -F, -v key="$key" '
    NR == 1 { for (i = 1; i <= NF; i++) if ($i == key) at = i; next }
    !seen[$at]++ { print $at }' "$file")
  [ $# -gt 0 ] || set -- "${values[@]}"
  work=$(mktemp -d)
  for value; do
    awk -F, -v key="$key" -v value="$value" -v y="$y" '
      NR == 1 { for (i = 1; i <= NF; i++) { if ($i == key) at = i; if ($i == y) yat = i } print; next }
      $at == value { print; n += $yat != "" }
      END { exit !n }' "$file" > "$work/$value.csv" && arguments+=("$value=$work/$value.csv")
  done
  tools/plot --out "$picture" --x "$x" --y "$y" --title "$title" ${log:+--log "$log"} \
    --size "${size:-640x420}" "${arguments[@]}"
  rm -rf "$work"
}

# lines FILE COLUMN PICTURE TITLE [LOG]: one curve per method of an approximation log.
lines() {
  curves "$1" method step "$2" "$3" "$4" "${5:-}"
}

# train_into LOG NAME ARGUMENT...: a quiet run of $train; says what went wrong with NAME, and goes on.
train_into() {
  local log=$1 name=$2
  shift 2
  "$train" --quiet --threads "$THREADS" --log "$log" "$@" 2> "$OUT/problem.txt" && return
  printf '\n%s: %s\n' "$name" "$(tail -n 1 "$OUT/problem.txt")" >&2
  return 1
}

# Rates of first-order methods that did well in a short search: tools/README.md, results/reproduction.md.
rate_of() { # rate_of METHOD SET
  case $1-$2 in
    sgd-faces) echo "--lr 1e-4" ;;
    sgd-*) echo "--lr 1e-3" ;;
    nesterov-faces) echo "--lr 3e-4" ;;
    nesterov-*) echo "--lr 1e-3" ;;
    adam-*) echo "--lr 1e-3" ;;
  esac
}
