#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: install_headers.sh FOLDER [HEADER ...]
# Copies these headers and what a user of the library may include, and all that these headers need, to FOLDER; lib/ is
# taken off, the other folders are kept, so one -I finds everything.
set -euo pipefail
to=$1
shift

public=$(ls lib/kfix.h port/port.h port/ref/ref.h port/simd/simd.h port/blis/blis.h port/posix/*.h "$@" 2> /dev/null || true)
for header in $public; do
  for config in config/*.h; do
    ${CC:-gcc} -I. -Ilib -DKFIX_CONFIG="\"$config\"" -MM "$header"
  done
done | tr -s ' \\' '\n' | grep '\.h$' | cat - <(ls config/*.h) | sort -u |
  while read -r header; do
    install -D -m 644 "$header" "$to/${header#lib/}"
  done
