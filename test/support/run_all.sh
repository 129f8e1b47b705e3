#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Called by `make test`: builds the C tests in each variant, runs them and the tests of the programs,
# and ends with the line "N passed, N failed".
# Environment: BUILD, MAKE, TESTS (C tests), CLI (shell tests), VARIANTS (compiler-type[-san]).
set -u
# The builds below are their own: what was given to `make test` reaches them through the environment.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
here=$(dirname "$0")
jobs=${JOBS:-2}
results=$BUILD/test-results
rm -rf "$results"
mkdir -p "$results"

# make's arguments for a variant such as gcc-double or clang-float-san. Debug is for its guard words
# here, and -O1 has them in a third of the time.
variant_arguments() {
  local cc real extra
  IFS=- read -r cc real extra <<< "$1"
  echo "CC=$cc REAL=$real SAN=$([[ $extra == *san* ]] && echo 1)" \
    "$([[ $extra == *debug* ]] && echo DEBUG=1 OPT=-O1 || echo DEBUG=)"
}

# run PREFIX SUFFIX RESULT_PREFIX TEST...: a test counts as failed until it has said otherwise.
run() {
  local before=$1 after=$2 result=$3 name
  shift 3
  for name; do echo "0 1 0" > "$results/$result$name.count"; done
  printf '%s\n' "$@" | xargs -P "$jobs" -I{} "$here/run_one.sh" "$before{}$after" "$results/$result{}"
}

build_tests() {
  # shellcheck disable=SC2046
  $MAKE --no-print-directory QUIET=1 -s -k -j "$jobs" TESTS="$TESTS" $(variant_arguments "$1") tests
}

for variant in $VARIANTS; do
  [ -n "$TESTS" ] || break
  echo "== $variant"
  if ! build_tests "$variant"; then
    # What an earlier build left must not run in place of what does not build now.
    for name in $TESTS; do rm -f "$BUILD/test-$variant/$name"; done
    build_tests "$variant" 2> /dev/null
  fi
  # shellcheck disable=SC2086
  run "$BUILD/test-$variant/" "" "$variant." $TESTS
done

if [ -n "$CLI" ]; then
  echo "== programs"
  $MAKE --no-print-directory QUIET=1 -s -k -j "$jobs" CC=gcc REAL=float SAN= DEBUG= all
  # shellcheck disable=SC2086
  run test/ .sh "" $CLI
fi

cat "$results"/*.count 2>/dev/null | awk '
  { passed += $1; failed += $2; skipped += $3 }
  END {
    printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
    exit failed > 0 || passed == 0
  }'
