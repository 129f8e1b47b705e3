#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# No files include each other in a circle, a .c file and the header of its name taken as one: whoever reads a file finds
# all that it stands on without coming back to it. circles.txt names includes that still close one.
set -euo pipefail
known=$(mktemp) edges=$(mktemp)
trap 'rm -f "$known" "$edges"' EXIT
grep -vE '^(#|$)' tools/lint/circles.txt > "$known" || true
tools/lint/includes.sh | sed -E 's/\.(c|h|cu)( |$)/\2/g' | awk '$1 != $2' | sort -u > "$edges"

{
  sort "$known" | comm -23 - "$edges" | sed 's|^|tools/lint/circles.txt: no such include any more: |'
  # Each loop comes out as a line that says so, then its files.
  { grep -vxFf "$known" "$edges" || true; } | { tsort 2>&1 > /dev/null || true; } |
    sed -E 's/^tsort: .*contains a loop:$/these include each other in a circle:/; s/^tsort: /  /'
} | awk '{ print; bad = 1 } END { exit bad }'
