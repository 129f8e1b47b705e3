#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every #include "..." between the project's folders is one that arrows.txt allows.
set -euo pipefail

# edges: lines "FROM TO", TO resolved as the compiler does.
edges() {
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
}

edges | { grep -vE -f <(grep -vE '^(#|$)' tools/lint/arrows.txt) || true; } |
  awk '{ print $1 ": may not include " $2; bad = 1 } END { exit bad }'
