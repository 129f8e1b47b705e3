#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: install_headers.sh FOLDER [HEADER ...]
# Copies these headers and what a user of the library may include, and all that these headers need, to
# FOLDER/kfix, as they lie here; they include each other by paths from their own folders. In FOLDER itself, which is
# what -I names, stand only the names that users write, and configs: nothing there has a name that another project's
# "core/status.h" could be taken for.
set -euo pipefail
to=$1
shift

public=$(ls lib/kfix.h port/ref/ref.h port/simd/simd.h port/blis/blis.h port/posix/*.h "$@" 2> /dev/null || true)
for header in $public; do
  for config in config/*.h; do
    ${CC:-gcc} -I. -Ilib -DKFIX_CONFIG="\"$config\"" -MM "$header"
  done
done | tr -s ' \\' '\n' | grep -E '^[a-z].*\.h$' | xargs realpath --relative-to=. | grep -v '^config/' | sort -u |
  while read -r header; do
    install -D -m 644 "$header" "$to/kfix/$header"
  done

for header in $public; do
  name=${header#lib/}
  up=$(dirname "$name" | sed -e 's|[^/.][^/]*|..|g' -e 's|^\.$||' -e 's|.$|&/|')
  install -d "$(dirname "$to/$name")"
  printf '/* SPDX-License-Identifier: Apache-2.0 */\n#include "%skfix/%s"\n' "$up" "$header" > "$to/$name"
  chmod 644 "$to/$name"
done
for config in config/*.h; do
  install -D -m 644 "$config" "$to/$config"
done
