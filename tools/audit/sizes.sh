#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Prints the bytes of arena of every config/*.h, method and port, as kfix-size has them: four columns.
# Environment: MAKE, BUILD.
set -euo pipefail
for header in config/*.h; do
  config=$(basename "$header" .h)
  size=$BUILD/$config/kfix-size
  env -u MAKEFLAGS -u MAKELEVEL "${MAKE:-make}" --no-print-directory -s QUIET=1 CC=gcc REAL=float SAN= DEBUG= \
    BUILD="$BUILD" CONFIG="$config" "$size" >&2
  "$size" --all | awk -v config="$config" 'NR > 2 { printf "%-28s %-14s %-6s %12s\n", config, $1, $2, $3 }'
done
