#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: run_one.sh TEST RESULT
# Runs one test program, or one shell test of the programs (cli_*.sh), into RESULT.log; prints its seconds
# and those of processors, and its closing lines (the whole log if it failed); writes "passed failed skipped"
# to RESULT.count and what is to be said again at the end to RESULT.said.
set -u
here=$(dirname "$0")
test=$1 result=$2
name=$(basename "$result")
limit=${TEST_SECONDS:-900}

TIMEFORMAT='%R s, of processors %U + %S'
case $test in
*.sh)
  # Configs are written there, and make takes no names with blanks.
  case ${TMPDIR:-} in *[[:space:]]*) tmp=$(mktemp -d -p "$(realpath "$(dirname "$result")")") ;; *) tmp=$(mktemp -d) ;; esac
  # Its builds are its own.
  unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL QUIET
  export KFIX_BUILD KFIX_TMP=$tmp CC=${CC:-gcc}
  KFIX_BUILD=$(realpath "$BUILD")
  seconds=$({ time timeout "$limit" bash "$test" > "$result.log" 2>&1; } 2>&1)
  status=$?
  rm -rf "$tmp"
  ;;
*)
  seconds=$({ time timeout "$limit" "$test" > "$result.log" 2>&1; } 2>&1)
  status=$?
  ;;
esac
awk -v status=$status -v name="$name" -v limit="$limit" -v count="$result.count" \
  -f "$here/read_log.awk" "$result.log" > "$result.said" || exit 1
read -r _ failed _ < "$result.count"

# One write, so that parallel tests do not mix their lines.
if [ "$failed" -gt 0 ]; then
  printf '%s\n' "$(echo "-- $name failed (exit status $status), $seconds s:"; cat "$result.log")"
else
  printf '%s\n' "$(echo "-- $name, $seconds s"; grep -E '^\[==========\] [0-9]+ test|^\[  (PASSED|SKIPPED)  ?\] [0-9]+ test|^(ok|skip) ' "$result.log")"
fi
