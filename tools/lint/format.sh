#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every source is as clang-format writes it. `make format` mends it.
set -euo pipefail
tools/lint/files.sh '*.c' '*.h' | xargs -r clang-format --dry-run -Werror 2>&1 |
  { grep 'error:' || true; } | cut -d: -f1 | uniq -c |
  awk '{ print $2 ": " $1 " places not formatted"; bad = 1 } END { exit bad }'
