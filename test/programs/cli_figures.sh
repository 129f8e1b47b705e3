#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kfix-figures: the matrices behind the K-FAC paper's pictures are what the paper says they are.
. test/support/train.sh

build test/support/three_threads.h figures || exit 1
figures=$KFIX_BUILD/three_threads/kfix-figures
numbers=$KFIX_TMP/out/kfac_figures.csv

draws() {
  "$figures" --data "$KFIX_TMP/clouds.csv" --limit 0 --steps 3 --out "$KFIX_TMP/out" &&
    for i in 2 3 5 6; do
      same 89504e47 "$(head -c 4 "$KFIX_TMP/out/kfac_figure$i.png" | od -An -tx1 | tr -d ' \n')" || return
    done
}
check "draws Figures 2, 3, 5 and 6" draws

value() { # value QUANTITY ROW COLUMN
  awk -F, -v q="$1" -v r="$2" -v c="$3" '$1 == q && $2 == r && $3 == c { print $4 }' "$numbers"
}
holds() { # holds EXPRESSION: of awk.
  awk "BEGIN { exit !($1) }" || { echo "$1"; return 1; }
}
bound() {
  holds "$(value 'sum of |F-kronecker|' 0 0) <= $(value 'cumulant bound' 0 0)" &&
    holds "$(value 'sum of |F-kronecker|' 0 0) > 0"
}
check "the sum of errors is below the cumulants' bound" bound

# Two blocks: each is next to the other, so a block-tridiagonal inverse leaves nothing out.
exact() {
  for part in "damped-tridiagonal" "inverse-tridiagonal"; do
    holds "$(value "norm of $part" 0 0) <= 1e-9 * $(value "norm of ${part%%-*}" 0 0)" || return
  done
}
check "the block-tridiagonal inverse of two blocks is exact" exact
diagonal() {
  holds "$(value damped-diagonal 2 2) == 0 && $(value damped-diagonal 3 3) == 0" &&
    holds "$(value damped-diagonal 2 3) == $(value damped 2 3)"
}
check "the block-diagonal one leaves out what is off the diagonal" diagonal

repeats() {
  cp "$numbers" "$KFIX_TMP/before.csv"
  draws && cmp "$numbers" "$KFIX_TMP/before.csv"
}
check "the same numbers again" repeats
usage() {
  fails 2 "$figures" > "$KFIX_TMP/said" 2>&1 && grep -q -- "--out is needed" "$KFIX_TMP/said"
}
check "no folder" usage
check "no data" says "no-such-set" "$figures" --data no-such-set --out "$KFIX_TMP/out"
finish
