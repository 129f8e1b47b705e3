# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the tests of broken runs (test/programs/cli_faults_*.sh) share: digits_tiny, and data for it.
. test/support/train.sh

build config/digits_tiny.h train || exit 1
tiny=$KFIX_BUILD/digits_tiny/kfix-train

# 77 points, each of them there three times with other classes: no run ever comes to fit them.
awk 'BEGIN {
  srand(11)
  for (i = 0; i < 77 * 64; i++) value[i] = rand()
  for (i = 0; i < 231; i++) {
    line = ""
    for (j = 0; j < 64; j++) line = line sprintf("%.4f,", value[i % 77 * 64 + j])
    print line i % 10
  }
}' > "$KFIX_TMP/ten.csv"
data=(--data "$KFIX_TMP/ten.csv" --batch 64)

# tiny ARGS...: trains digits_tiny from the start.
tiny() {
  "$tiny" "${data[@]}" --eval-every 0 "$@"
}

# The number of steps in a checkpoint.
step_of() {
  grep -a -m1 '^step=' "$1" | cut -d= -f2
}

# rows FROM TO FILE: the lines of a log of these steps.
rows() {
  awk -F, -v from="$1" -v to="$2" '$1 >= from && $1 <= to' "$3"
}
