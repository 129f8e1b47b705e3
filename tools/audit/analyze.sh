#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: analyze.sh SOURCE...
# clang-tidy (.clang-tidy says which checks and why) and gcc -fanalyzer over each source, float and
# double. Prints what they find; fails if that is anything.
set -u
flags="-std=c11 -ffp-contract=off -fno-math-errno -pthread -I. -Ilib -D_POSIX_C_SOURCE=200809L"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
findings=0
for real in float double; do
  define=$([ "$real" = double ] && echo -DKFIX_REAL_DOUBLE)
  # shellcheck disable=SC2086
  clang-tidy --quiet --warnings-as-errors='*' "$@" -- $flags $define > "$scratch/tidy" 2> /dev/null || findings=$((findings + 1))
  grep -E 'warning:|error:' "$scratch/tidy" | sort -u
  for source; do
    # shellcheck disable=SC2086
    gcc $flags $define -O2 -fanalyzer -Werror -c "$source" -o "$scratch/object.o" 2> "$scratch/analyzer" || {
      findings=$((findings + 1))
      grep -E 'warning:|error:' "$scratch/analyzer"
    }
  done
  echo "$real: $# files, clang-tidy and gcc -fanalyzer"
done
[ "$findings" -eq 0 ]
