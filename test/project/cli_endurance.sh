#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The table of `make endurance`: what a log of steps must show to count as endured.
. test/support/cli.sh
log=$KFIX_TMP/steps.csv

# row METHOD LINE...: the row of a log of two steps
row() {
  local method=$1
  shift
  printf '%s\n' step,objective,retries,floored "$@" > "$log"
  tools/dev/endurance_row.sh "$log" 2 "" net "$method" adaptive
}
good() {
  same "| net | kfac | adaptive | 2 | 3 | 2.5 | 1.5 | - | ok |" "$(row kfac 1,2.5,1,nan 2,1.5,2,nan)" &&
    same "| net | deflation | adaptive | 2 | 0 | 2 | 1 | 7 | ok |" "$(row deflation 1,2,0,7 2,1,0,4)"
}
check "a run that ended well" good
bad() { row "$@" | sees 'failed: '; }
check "an objective that is not a number" bad kfac 1,2.5,0,nan 2,nan,0,nan
check "one that is not finite" bad kfac 1,2.5,0,nan 2,inf,0,nan
check "a run that stopped" bad kfac 1,2.5,0,nan
check "a run that did not start" bad kfac
check "a floor that is not reported" bad deflation 1,2,0,nan 2,1,0,nan
finish
