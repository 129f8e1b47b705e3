#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# No source file over 300 lines, no function over 100.
set -euo pipefail
tools/lint/files.sh '*.c' '*.h' '*.cu' | xargs -r awk '
  FNR == 1 { close_file(); file = FILENAME; start = 0 }
  { lines = FNR }
  # A function begins at a name with a parenthesis in column one, and has a body if a line ends in
  # an opening brace before one ends in a semicolon.
  /^[A-Za-z_].*\(/ && !body { start = FNR; name = $0 }
  start && /\{$/ { body = 1 }
  start && !body && /;$/ { start = 0 }
  /^\}/ {
    if (start && FNR - start + 1 > 100) report(start ": " FNR - start + 1 " lines: " name)
    start = body = 0
  }
  END { close_file(); exit bad }
  function report(text) { print file ":" text; bad = 1 }
  function close_file() { if (lines > 300) report(" " lines " lines") }'
