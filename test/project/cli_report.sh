#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What `make test` says at its end about a test, from its log and exit status: who failed, where, why.
. test/support/cli.sh
log=$KFIX_TMP/log

# report STATUS LINE...: what is said about a log of these lines, then its counts.
report() {
  local status=$1
  shift
  printf '%s\n' "$@" > "$log"
  awk -v name=it -v status="$status" -v limit=9 -v count="$KFIX_TMP/count" -f test/support/read_log.awk "$log"
  cat "$KFIX_TMP/count"
}
# says EXPECTED STATUS LINE...: the report, its lines joined by " | ".
says() {
  local expected=$1
  shift
  same "$expected" "$(report "$@" | paste -sd'|' | sed 's/|/ | /g')"
}

check "all passed" says "2 0 0" 0 "[ RUN      ] a" "[       OK ] a" "[  PASSED  ] 2 test(s)."
check "skipped" says "1 0 1" 0 "[ RUN      ] a" "[  SKIPPED ] a" "[  PASSED  ] 1 test(s)." \
  "[  SKIPPED ] 1 test(s), listed below:"
failure=("[ RUN      ] a" "ERROR: x: expected 3, was 4" "[  ERROR   ] --- [   LINE   ] --- t.c:2: error: Failure!" "[  FAILED  ] a")
check "a failure has its place and message" says "failed: it a t.c:2: x: expected 3, was 4 | 1 1 0" 1 \
  "${failure[@]}" "[ RUN      ] b" "[       OK ] b" "[  PASSED  ] 1 test(s)." \
  "[  FAILED  ] 1 test(s), listed below:" "[  FAILED  ] a"
check "an end in the middle, after a failure" \
  says "failed: it a t.c:2: x: expected 3, was 4 | failed: it b: exit status 134 | 0 1 0" 134 \
  "${failure[@]}" "[ RUN      ] b"
check "no end" says "failed: it a: more than 9 s | 0 1 0" 124 "[ RUN      ] a"
check "a shell test" says "failed: it b c | 1 1 1" 1 "ok a" "not ok b c" "skip d"
check "a shell test that stops" says "failed: it exit status 2 | 1 1 0" 2 "ok a"
check "one that cannot run" says "skipped: it | 0 0 1" 77 ""
check "one that shows nothing" says "failed: it no result | 0 1 0" 0 ""
finish
