#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# No two sources have the same file name: Ceedling finds files by name.
set -euo pipefail
tools/lint/files.sh '*.c' '*.h' '*.cu' | sed 's|.*/||' | sort | uniq -d |
  awk '{ print $1 ": more than one file has this name"; bad = 1 } END { exit bad }'
