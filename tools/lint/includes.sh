#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Who includes whom: lines "FROM TO" of every #include "..." of the project, TO resolved as the compiler does.
set -euo pipefail

tools/lint/files.sh '*.c' '*.h' '*.cu' | { xargs -r grep -HE '^[[:space:]]*#[[:space:]]*include "' || true; } |
  sed -E 's/:[[:space:]]*#[[:space:]]*include "([^"]+)".*/ \1/' |
  while read -r from name; do
    to="(nowhere)/$name"
    for folder in "$(dirname "$from")" . lib tools/common test/support; do
      if [ -f "$folder/$name" ]; then
        to=$(realpath --relative-to=. "$folder/$name")
        break
      fi
    done
    echo "$from $to"
  done
