#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: deep.sh [RUN...]
# All C tests under each of RUNS; ends with one table, and fails if any run found something.
# Environment: MAKE, BUILD, DEEP_TESTS (only these tests, in the runs that have them).
set -u
threaded="test_crew test_port_conformance test_malloc_free_training test_step_transaction test_kfac_progress"
# Valgrind is some thirty times slower: tests that take it seconds, not minutes.
quick="test_state test_state_views test_step_arena test_step_transaction test_digest test_dense test_net_gradient
  test_net_chunks test_dense_storage test_data_tables test_data_corrupt test_formats test_status test_no_malloc"
sanitized="gcc-float gcc-double clang-float clang-double"
runs=${*:-$sanitized thread-float thread-double valgrind-float valgrind-double}
all=$(for file in test/*/test_*.c; do basename "$file" .c; done | xargs)

# chosen TESTS: those of them that DEEP_TESTS names
chosen() {
  local test
  for test in "$@"; do
    case " ${DEEP_TESTS:-$test} " in *" $test "*) echo "$test" ;; esac
  done | xargs
}
# shellcheck disable=SC2086
all=$(chosen $all) threaded=$(chosen $threaded) quick=$(chosen $quick)
mkdir -p "$BUILD"
table=$BUILD/table.txt
: > "$table"

# tests NAME TESTS VARIANT BUILD: `make test` of these; its last line goes to the table.
tests() {
  local log=$BUILD/$1.log status=0 begin=$SECONDS
  env -u MAKEFLAGS -u MAKELEVEL "$MAKE" --no-print-directory test TESTS="$2" VARIANTS="$3" BUILD="$4" > "$log" 2>&1 || status=$?
  row "$1" "$status" "$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)" $((SECONDS - begin))
  [ "$status" -eq 0 ] || grep -hE 'runtime error|ERROR: AddressSanitizer|WARNING: ThreadSanitizer|^not ok|SUMMARY' "$log" | sort | uniq -c | head -n 20
}

# row NAME STATUS TEXT SECONDS
row() {
  printf '%-16s %-7s %5d s  %s\n' "$1" "$([ "$2" -eq 0 ] && echo clean || echo FOUND)" "$4" "$3" | tee -a "$table"
}

valgrind_tests() {
  local real=$1 log=$BUILD/valgrind-$1.log status=0 test passed=0 failed=0 begin=$SECONDS
  : > "$log"
  env -u MAKEFLAGS -u MAKELEVEL "$MAKE" --no-print-directory QUIET=1 -s CC=gcc REAL="$real" BUILD="$BUILD/plain" \
    TESTS="$quick" tests >> "$log" 2>&1 || status=1
  for test in $quick; do
    if valgrind -q --error-exitcode=99 --leak-check=full "$BUILD/plain/test-gcc-$real/$test" >> "$log" 2>&1; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1)) status=1
      echo "not ok valgrind $test"
    fi
  done
  row "valgrind-$real" "$status" "$passed programs passed, $failed failed" $((SECONDS - begin))
}

export TEST_SECONDS=${TEST_SECONDS:-1200}
for run in $runs; do
  real=${run##*-} names=$all
  case $run in thread-*) names=$threaded ;; valgrind-*) names=$quick ;; esac
  [ -n "$names" ] || continue
  case $run in
  gcc-* | clang-*)
    # What an implicit conversion loses is clang's alone to tell.
    CFLAGS=$([ "${run%-*}" = clang ] && echo -fsanitize=implicit-conversion) \
      tests "$run" "$all" "$run-san" "$BUILD"
    ;;
  thread-*)
    CFLAGS='-fsanitize=thread -g' LDFLAGS=-fsanitize=thread tests "$run" "$threaded" "gcc-$real" "$BUILD/thread"
    ;;
  valgrind-*) valgrind_tests "$real" ;;
  *)
    echo "deep.sh: no run $run" >&2
    exit 2
    ;;
  esac
done
echo "== check-deep"
cat "$table"
! grep -q FOUND "$table"
