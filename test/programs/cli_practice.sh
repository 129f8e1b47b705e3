#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kfix-practice: the table adds up; times are not judged.
. test/support/train.sh

practice=$KFIX_BUILD/three_threads/kfix-practice
build test/support/three_threads.h practice || exit 1
unset KFIX_DATA

# One problem that needs no data: few steps, so that Adam's goal is near.
run() {
  "$practice" --only curves --seeds 1 --steps 3 --most 20 "$@"
}
table=$KFIX_TMP/table
draw() {
  run > "$table" && grep -q '^curves  *784-64-16-64-784 ' "$table"
}
check "a problem without data" draw
ratio_is_quotient() {
  run --json | python3 -c '
import json, sys
run = json.loads(sys.stdin.readline())["runs"][0]
seconds, goal = run["seconds"], run["adam_seconds"]
reached = run["objective"] <= run["adam_objective"]
assert run["adam_rate"] in (0.001, 0.003, 0.01, 0.03, 0.1)
assert 1 <= run["steps"] <= 20
assert reached and abs(run["ratio"] - seconds / goal) < 1e-12 * run["ratio"], run
'
}
check "the ratio is that of the times" ratio_is_quotient
# A rate of 0 reaches nothing: its ratio is infinite, null in JSON.
gives_up() {
  run --json --set driver=fixed,lr=0 | sees '"ratio": null'
}
check "a goal that is not reached" gives_up
check "data that are not there are said to be" sh -c "'$practice' --only iris 2>&1 | grep -q 'left out: '"
fails() {
  ! "$practice" "$@" > "$KFIX_TMP/out" 2> "$KFIX_TMP/err" && [ "$(wc -l < "$KFIX_TMP/err")" -eq 1 ]
}
for set in lambda lambda= nothing=1 lambda=x driver=both lr=-2 stats-every=auto; do
  check "--set $set" fails --set "$set"
done
check "a problem that nobody knows" fails --only nothing
check "help" sh -c "'$practice' --help | grep -q -- --set"
finish
