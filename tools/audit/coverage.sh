#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Lines of lib/ and port/ that the C tests run: builds with gcc --coverage and guard words, runs all
# tests, and prints gcovr's table with the lines that were not. Fails under COVERAGE percent of lib/.
# Environment: MAKE, BUILD.
set -euo pipefail
all=$(for file in test/*/test_*.c; do basename "$file" .c; done | xargs)
mkdir -p "$BUILD"
find "$BUILD" -name '*.gcda' -delete
export CFLAGS='--coverage -fprofile-update=atomic' LDFLAGS=--coverage TEST_SECONDS=${TEST_SECONDS:-900}
env -u MAKEFLAGS -u MAKELEVEL "$MAKE" --no-print-directory test TESTS="${TESTS:-$all}" \
  VARIANTS="gcc-float-debug" BUILD="$BUILD" > "$BUILD/log.txt" 2>&1 || { tail -n 20 "$BUILD/log.txt"; exit 1; }
tail -n 1 "$BUILD/log.txt"
report() {
  gcovr --root . --filter "$1" --object-directory "$BUILD" "$BUILD" "${@:2}"
}
report port/ | tail -n 4
report lib/ --fail-under-line "${COVERAGE:-95}" | tee "$BUILD/lib.txt"
