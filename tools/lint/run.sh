#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: run.sh CHECK...
# Runs tools/lint/CHECK.sh for each name: "ok CHECK", or what it found and "not ok CHECK".
set -u
here=$(dirname "$0")
passed=0 failed=0
for check in "$@"; do
  if found=$(bash "$here/$check.sh" 2>&1); then
    echo "ok $check"
    passed=$((passed + 1))
  else
    printf '%s\n' "$found" | sed 's/^/  /'
    echo "not ok $check"
    failed=$((failed + 1))
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
