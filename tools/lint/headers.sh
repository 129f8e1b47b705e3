#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every header compiles on its own, so its includes are complete. Left out: port/bodies, whose headers
# are bodies that a port includes, files that start with "/* Template", and lib/config_bytes.h, the part of
# lib/config.h that adds up what that has named. Those that are about a config get one. Those that are installed name others by the path from their own folder, so that no file of a
# project that uses kfix can come between. And C++ can call what kfix.h declares.
set -euo pipefail

# The typedef, because ISO C forbids an empty translation unit.
unit() {
  printf '#include "%s"\ntypedef int kfix_lint_unit;\n' "$1"
}

tools/lint/files.sh 'lib/*.h' 'port/*.h' 'tools/common/*.h' | grep -vE '^(port/bodies/|lib/config_bytes[.]h$)' |
  while read -r header; do
    head -n 3 "$header" | grep -q '^/\* Template' && continue
    define=
    case $header in lib/config*.h) define='-DKFIX_CONFIG="config/curves_autoencoder.h"' ;; esac
    unit "$header" |
      gcc -std=c11 -Wall -Wextra -Wpedantic -Wstrict-prototypes -Werror -fsyntax-only \
        -D_POSIX_C_SOURCE=200809L ${define:+"$define"} -I. -Ilib -Itools/common -xc - 2>&1 |
      sed "s|^|$header: |" | grep 'error:' | head -n 3 || true
  done | awk '{ print; bad = 1 } END { exit bad }'

installed=$(mktemp -d)
trap 'rm -rf "$installed"' EXIT
CC=gcc tools/dev/install_headers.sh "$installed" gpu/cuda.h
(cd "$installed/kfix" && grep -rE '^[[:space:]]*#[[:space:]]*include "' . || true) |
  sed -E 's|^\./([^:]*):.*include "([^"]*)".*|\1 \2|' |
  while read -r header name; do
    [ -f "$installed/kfix/$(dirname "$header")/$name" ] || echo "$header: $name is not a path from its own folder"
  done | awk '{ print; bad = 1 } END { exit bad }'

printf '#include "lib/kfix.h"\nconst char *kfix_lint(void) { return kfix_status_text(KFIX_OK); }\n' |
  clang -xc++ -Wall -Wextra -Werror -I. -Ilib -O1 -S -o - - | grep -qw kfix_status_text ||
  { echo "lib/kfix.h: C++ does not compile it, or gives its functions names of its own" && exit 1; }
