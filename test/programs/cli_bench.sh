#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kfix-bench: what it prints is whole and adds up; times are not judged.
. test/support/train.sh

bench=$KFIX_BUILD/three_threads/kfix-bench
build test/support/three_threads.h bench || exit 1

# lines ARGS...: the JSON of a small run.
lines() {
  "$bench" --threads 2 --largest 31 --repeat 1 --batch 50 --steps 8 "$@"
}
# field NAME: that number of each line.
field() {
  sed -n "s/.*\"$1\": \\([-+.0-9e]*\\)[,}].*/\\1/p"
}
# positive NAME FILE: each line has that field, above zero.
positive() {
  [ "$(field "$1" < "$2" | awk '$1 > 0' | wc -l)" -eq "$(wc -l < "$2")" ] || { cat "$2"; return 1; }
}

all=$KFIX_TMP/all
whole() {
  lines --profile > "$all"
}
check "it runs" whole
for what in machine kernel step profile; do grep "\"what\": \"$what\"" "$all" > "$KFIX_TMP/$what"; done

check "a peak" positive peak_gflops "$KFIX_TMP/machine"
kernels() {
  for name in gemm spd_inverse eigen; do
    grep -q "\"kernel\": \"$name\", \"shape\": \".*31\", \"port\": \"simd\"" "$KFIX_TMP/kernel" || return 1
  done
  for name in ms flops gflops of_peak; do positive $name "$KFIX_TMP/kernel" || return 1; done
}
check "kernels have times and rates" kernels
steps() {
  same "$("$bench" --help | grep -o 'all|sgd[a-z|:-]*' | tr '|' '\n' | tail -n +2 | grep -v two-level)" \
    "$(sed 's/.*"method": "\([^"]*\)".*/\1/' "$KFIX_TMP/step")" || return 1
  for name in ms ms_mean ms_median ms_worst worst_to_mean sgd_ms to_sgd flops floor_ms to_floor \
    arena_bytes peak_resident_bytes; do
    positive $name "$KFIX_TMP/step" || return 1
  done
}
check "every method has a line, every line its numbers" steps

# 2 m out (in + 1) for s and as much for the gradient, 2 m out in for the g of each layer but the first.
flops() {
  same "$((100 * (2 * (48 * 65 + 20 * 49 + 3 * 21) + 20 * 48 + 3 * 20)))" \
    "$(grep '"method": "sgd"' "$KFIX_TMP/step" | field flops)"
}
check "the flops of a step of SGD" flops
# flops of a step are those of its kernels
adds_up() {
  for method in $(sed 's/.*"method": "\([^"]*\)".*/\1/' "$KFIX_TMP/step"); do
    awk -v whole="$(grep "\"method\": \"$method\"" "$KFIX_TMP/step" | field flops)" '
      { sum += $1 }
      END { if (sum < whole * 0.999999 || sum > whole * 1.000001) { print sum, whole; exit 1 } }' \
      <(grep "\"method\": \"$method\"" "$KFIX_TMP/profile" | field flops) || return 1
  done
}
check "the profile adds up" adds_up
arena() {
  for method in sgd kfac; do
    same "$("$size" --all | awk -v m=$method '$1 == m && $2 == "simd" { print $3 }')" \
      "$(lines --what steps --method $method | grep '"what": "step"' | field arena_bytes)" || return 1
  done
}
check "the arena is kfix-size's" arena
alone() {
  same machine,step "$(lines --what steps --method sgd --port ref |
    sed 's/.*"what": "\([^"]*\)".*/\1/' | paste -sd,)"
}
check "one method on one port" alone
table() {
  lines --table --what kernels | sees '^eigen: as if'
}
check "a table" table
no_blas() {
  says "no_such_library.so: cannot open" lines --what kernels --blas "$KFIX_TMP/no_such_library.so" || return 1
  says "no_such_library.so: cannot open" lines --what kernels --table --blas "$KFIX_TMP/no_such_library.so" || return 1
  says "is not a BLAS and LAPACK in one" lines --what kernels --blas libz.so.1
}
check "a BLAS that is not there, or none" no_blas
data() {
  lines --what steps --method kfac --data "$KFIX_TMP/clouds.csv" | sees '"method": "kfac"'
}
check "real data" data
# Without refreshes no inverse is counted, with them some are.
between() {
  local without
  lines --what steps --method kfac --steps 30 --profile --between > "$KFIX_TMP/between" || return 1
  lines --what steps --method kfac --steps 30 --profile > "$KFIX_TMP/refreshed" || return 1
  without=$(grep -c '"kernel": "spd_inverse"' "$KFIX_TMP/between")
  same "0 1" "$without $(grep -c '"kernel": "spd_inverse"' "$KFIX_TMP/refreshed")" &&
    grep -q '"between": true, "whole_periods": true' "$KFIX_TMP/between"
}
check "steps between refreshes" between

# One update of the statistics: the flops of K-FAC's are those of its sums, and the papers' iteration
# comes to the library's terms.
updates() {
  lines --what statistics --batch 64 > "$KFIX_TMP/updates"
  sed -i '/"what": "machine"/d' "$KFIX_TMP/updates"
  for name in ms to_first flops floor_ms flops_to_first; do
    positive $name "$KFIX_TMP/updates" || return 1
  done
  same "$((64 * (65 * 65 + 48 * 48 + 49 * 49 + 20 * 20 + 21 * 21 + 3 * 3)))" \
    "$(grep '"method": "kfac"' "$KFIX_TMP/updates" | field flops)" || return 1
  same 3 "$(field apart < "$KFIX_TMP/updates" | awk '$1 < 1e-3' | grep -c .)"
}
check "updates of the statistics" updates

usage() {
  STATUS=2 says "allowed are" "$bench" --method nothing || return 1
  STATUS=2 says "out of range" "$bench" --steps 0 || return 1
  STATUS=2 says "nosuch" "$bench" --nosuch
}
check "bad options" usage
check "data that are not there" says "nowhere" "$bench" --what steps --data nowhere
check "data that are too few" says "larger than the data" \
  "$bench" --what steps --batch 300 --data "$KFIX_TMP/clouds.csv"
check "help" "$bench" --help

finish
