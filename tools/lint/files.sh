#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: files.sh GLOB...
# The tracked files whose names match; in a tree without git, all such files outside build/.
set -eu
if git rev-parse --git-dir > /dev/null 2>&1; then
  # A tracked file may be gone from the working tree.
  git ls-files -- "$@" | while read -r file; do if [ -f "$file" ]; then echo "$file"; fi; done
else
  # As in git, a * also matches a slash.
  for glob in "$@"; do
    find . -path ./build -prune -o -type f \( -path "./$glob" -o -name "$glob" \) -print
  done | sed 's|^\./||' | sort
fi
