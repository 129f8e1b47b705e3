#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every source and script names its licence in its first two lines.
set -euo pipefail
tools/lint/files.sh '*.c' '*.h' '*.cu' '*.sh' '*.mk' '*.py' Makefile '*.yml' .ci/run |
  while read -r file; do
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' || echo "$file: no SPDX line"
  done | awk '{ print; bad = 1 } END { exit bad }'
