#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Called by `make test`: builds and runs the C tests in each variant and the tests of the programs, says
# once more what failed or could not run, and ends with the line "N passed, N failed".
# Environment: BUILD, MAKE, TESTS (C tests), CLI (shell tests), VARIANTS (compiler-type[-san]), JOBS.
set -u
# The builds below are their own: what was given to `make test` reaches them through the environment.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
export RESULTS=$BUILD/test-results
rm -rf "$RESULTS"
mkdir -p "$RESULTS"

# A test counts as failed until it has said otherwise.
results() {
  local variant name
  for variant in $VARIANTS; do
    for name in $TESTS; do echo "$variant.$name"; done
  done
}
for name in $CLI $(results); do
  echo "0 1 0" > "$RESULTS/$name.count"
  echo "failed: $name has no result: it does not build, or was stopped" > "$RESULTS/$name.said"
done
$MAKE --no-print-directory -s -k -j "${JOBS:-$(nproc)}" -f test/support/pool.mk

cat "$RESULTS"/*.said
cat "$RESULTS"/*.count | awk '
  { passed += $1; failed += $2; skipped += $3 }
  END {
    printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
    exit failed > 0 || passed == 0
  }'
