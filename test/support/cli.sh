# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the tests of the programs (test/*/cli_*.sh) share; see test/README.md.
set -u

cli_failures=0

# check NAME COMMAND...: "ok NAME" if the command answers 0; else its output and "not ok NAME".
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    echo "ok $name"
  else
    printf '%s\n' "$output" "not ok $name"
    cli_failures=$((cli_failures + 1))
  fi
}

# fails STATUS COMMAND...: the command answers exactly this exit status.
fails() {
  local wanted=$1 status=0
  shift
  "$@" || status=$?
  [ "$status" -eq "$wanted" ] || { echo "exit status $status, not $wanted"; return 1; }
}

# same A B: two texts, neither empty.
same() {
  [ -n "$1" ] && [ "$1" = "$2" ] || { echo "'$1' is not '$2'"; return 1; }
}

# sees [-x] PATTERN: grep -q that reads to the end, so that the program before it is not cut off.
sees() {
  grep "$@" > /dev/null
}

# finish: the last line of a test.
finish() {
  [ "$cli_failures" -eq 0 ]
  exit
}
