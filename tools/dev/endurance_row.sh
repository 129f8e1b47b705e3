#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: endurance_row.sh LOG STEPS PROBLEM CONFIG METHOD DRIVER
# One row of endurance.sh's table, from a log of steps. Ends in `ok`, or in `failed` and why.
set -euo pipefail
awk -F, -v steps="$2" -v problem="$3" -v config="$4" -v method="$5" -v driver="$6" '
  NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
  {
    done++
    value = $column["objective"]
    if (value !~ /^[-+0-9.e]+$/) problem = problem " objective of step " $1 " is " value
    if (done == 1) first = value
    again += $column["retries"]
    floored = $column["floored"]
    if (floored !~ /nan/ && floored + 0 > most + 0) most = floored + 0
    if (floored !~ /nan/) has_floor = 1
  }
  END {
    if (done != steps) problem = problem " stopped after " done + 0 " steps"
    if (method ~ /tridiag|deflation|lanczos|corrected/ && !has_floor) problem = problem " floor not reported"
    printf "| %s | %s | %s | %d | %d | %.4g | %.4g | %s | %s |\n", config, method, driver, done, again, first,
      value, has_floor ? most + 0 : "-", problem == "" ? "ok" : "failed:" problem
  }' "$1"
