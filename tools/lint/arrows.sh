#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every #include "..." between the project's folders is one that arrows.txt allows.
set -euo pipefail

tools/lint/includes.sh | { grep -vE -f <(grep -vE '^(#|$)' tools/lint/arrows.txt) || true; } |
  awk '{ print $1 ": may not include " $2; bad = 1 } END { exit bad }'
