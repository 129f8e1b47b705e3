#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: run_one.sh TEST RESULT
# Runs one test program, or one shell test of the programs (cli_*.sh), into RESULT.log, prints its
# closing lines (the whole log if it failed), and writes "passed failed skipped" to RESULT.count.
set -u
test=$1 result=$2
name=$(basename "$test" .sh)
limit=${TEST_SECONDS:-300}

if [ ! -e "$test" ]; then
  printf '%s\n' "not ok $name: it does not build"
  echo "0 1 0" > "$result.count"
  exit 0
fi

case $test in
*.sh)
  # Configs are written there, and make takes no names with blanks.
  case ${TMPDIR:-} in *[[:space:]]*) tmp=$(mktemp -d -p "$(realpath "$(dirname "$result")")") ;; *) tmp=$(mktemp -d) ;; esac
  KFIX_BUILD=$(realpath "$BUILD") KFIX_TMP=$tmp CC=${CC:-gcc} \
    timeout "$limit" bash "$test" > "$result.log" 2>&1
  status=$?
  rm -rf "$tmp"
  ;;
*)
  timeout "$limit" "$test" > "$result.log" 2>&1
  status=$?
  ;;
esac

# cmocka: "[  PASSED  ] 3 test(s)."; shell tests: "ok NAME", "not ok NAME", "skip NAME".
counts=$(awk -v status=$status '
  /^\[  PASSED  \] [0-9]+ test/ { passed += $4 }
  /^\[  FAILED  \] [0-9]+ test/ { failed += $4 }
  /^\[  SKIPPED \] [0-9]+ test/ { skipped += $4 }
  /^ok / { passed++ }
  /^not ok / { failed++ }
  /^skip / { skipped++ }
  END {
    if (status == 77 && !passed && !failed && !skipped) skipped = 1
    else if (status != 0 && status != 77 && !failed) failed = 1
    if (status == 0 && !passed && !failed && !skipped) failed = 1
    print passed + 0, failed + 0, skipped + 0
  }' "$result.log") || exit 1
echo "$counts" > "$result.count"

# One write, so that parallel tests do not mix their lines.
read -r _ failed _ <<< "$counts"
if [ "$failed" -gt 0 ]; then
  printf '%s\n' "$(echo "-- $name failed (exit status $status):"; cat "$result.log")"
else
  printf '%s\n' "$(echo "-- $name"; grep -E '^\[==========\] [0-9]+ test|^\[  (PASSED|SKIPPED)  ?\] [0-9]+ test|^(ok|skip) ' "$result.log")"
fi
