#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the library is made of: no recursion, bounded stack, sizes as committed; and the audit of the
# stack finds what it is there for.
. test/support/cli.sh

[ "$(gcc -dumpversion 2> /dev/null | cut -d . -f 1)" -ge 10 ] 2> /dev/null || exit 77
command -v objdump > /dev/null && command -v flock > /dev/null || exit 77

make_stack() {
  env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory QUIET=1 -s BUILD="$KFIX_BUILD" stack
}
check "every public function has its bound, under 8 KiB" make_stack
a_step_is_in_it() {
  awk -F '\t' '$1 == "kfix_step" && $3 > 1000 && /kfix_(drive_adaptive|try_lambda)/ && /kfix_(cpu|ref|products)_/ { ports++ }
    END { exit ports < 2 }' "$KFIX_BUILD/audit/stack.txt"
}
check "a step's path reaches the kernels of each port" a_step_is_in_it

sizes() {
  [ "$(uname -m)" = x86_64 ] || return 0
  flock "$KFIX_BUILD/.build-lock" env BUILD="$KFIX_BUILD" MAKE=make tools/audit/sizes.sh > "$KFIX_TMP/sizes.txt" &&
    diff -u test/audit/sizes.txt "$KFIX_TMP/sizes.txt"
}
check "arena bytes of every config, method and port are as committed" sizes

# A graph of two functions, for the faults below.
graph() {
  printf 'node: { title: "kfix_a" label: "kfix_a\\na.c:1:1\\n%s" }\n' "$1" > "$KFIX_TMP/a.ci"
  printf 'node: { title: "kfix_b" label: "kfix_b\\na.c:2:1\\n16 bytes (static)" }\n' >> "$KFIX_TMP/a.ci"
  printf 'edge: { sourcename: "kfix_a" targetname: "kfix_b" label: "a.c:1:9" }\n' >> "$KFIX_TMP/a.ci"
  [ -z "${2:-}" ] || printf 'edge: { sourcename: "kfix_b" targetname: "%s" label: "a.c:2:9" }\n' "$2" >> "$KFIX_TMP/a.ci"
}
audit_graph() {
  printf '# nobody\n' > "$KFIX_TMP/calls"
  printf 'gemm @port\n' > "$KFIX_TMP/kernels"
  printf 'port nobody\n' > "$KFIX_TMP/tables"
  printf 'kfix_a\n' > "$KFIX_TMP/public"
  (cd "$KFIX_TMP" && awk -v port=ref -v limit=100 -f "$here/tools/audit/stack.awk" calls kernels tables public a.ci 2>&1)
}
finds() {
  local output
  if output=$(audit_graph); then
    echo "nothing found: $output"
    return 1
  fi
  grep -qF "$1" <<< "$output" || { echo "$output"; return 1; }
}
here=$PWD
printf 'int a;\nint b(void) { return c(); }\n' > "$KFIX_TMP/a.c"
graph '32 bytes (static)'
adds_up() {
  [ "$(audit_graph | cut -f 3)" = 48 ]
}
check "frames add up" adds_up
graph '32 bytes (static)' kfix_a
check "recursion is found" finds 'calls itself'
graph '32 bytes (dynamic)'
check "a frame without bound is found" finds 'no bound'
graph '90 bytes (static)'
check "too deep a stack is found" finds 'more than 100'
graph '32 bytes (static)' __indirect_call
check "a pointer that nobody explains is found" finds 'say in calls.txt whom'
finish
