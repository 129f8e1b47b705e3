#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: audit.sh [accept]
# Writes what the float build with gcc is made of to BUILD/audit/: symbols, stack.txt, code.txt,
# sizes.txt. Compares it with test/audit/, or makes it so. Stack and code depend on the compiler:
# where it is not the one of test/audit/compiler.txt, only sizes.txt is compared.
# Environment: MAKE, BUILD.
set -uo pipefail
here=$(dirname "$0")
committed=test/audit
found=$BUILD/audit
failures=0
mkdir -p "$found"

build() {
  env -u MAKEFLAGS -u MAKELEVEL "${MAKE:-make}" --no-print-directory -s QUIET=1 CC=gcc REAL=float SAN= DEBUG= \
    BUILD="$BUILD" "$@"
}

fail() {
  echo "not ok $1"
  failures=$((failures + 1))
}

# As wide as what a table depends on: gcc's major version and the machine.
echo "gcc $(gcc -dumpversion | cut -d . -f 1) $(gcc -dumpmachine | cut -d - -f 1) float" > "$found/compiler.txt"

build audit-archives || exit 1
mapfile -t archives < <(find "$BUILD/obj-gcc-float" -maxdepth 1 -name 'libkfix*.a' ! -name '*tools*' ! -name '*cuda*' | sort)
if ARCHIVES="${archives[*]}" bash tools/lint/symbols.sh; then
  echo "ok symbols: ${#archives[@]} archives need nothing that is not allowed, and hold nothing writable"
else
  fail symbols
fi
if build stack > "$found/stack_report.txt"; then
  echo "ok stack: no recursion, every frame bounded, at most $(sort -n -k 3 -t $'\t' "$found/stack.txt" | tail -n 1 | cut -f 3) bytes"
else
  fail stack
fi
bash "$here/code.sh" "${archives[@]}" > "$found/code.txt" || fail code
bash "$here/sizes.sh" > "$found/sizes.txt" || fail sizes
awk -F '\t' '{ printf "%-34s %-5s %6d\n", $1, $2, $3 }' "$found/stack.txt" > "$found/stack_bytes.txt"
awk '{ code[$1] += $3; constants[$1] += $4 } END { for (a in code) printf "%s: %d bytes of code, %d of constants\n", a, code[a], constants[a] }' \
  "$found/code.txt" | sort

tables="compiler.txt sizes.txt code.txt stack_bytes.txt"
if [ "${1:-}" = accept ]; then
  [ "$failures" -eq 0 ] || exit 1
  for table in $tables; do cp "$found/$table" "$committed/$table"; done
  echo "accepted: see git diff $committed"
  exit 0
fi
cmp -s "$found/compiler.txt" "$committed/compiler.txt" || {
  echo "skip stack and code: the tables are of $(cat "$committed/compiler.txt"), this is $(cat "$found/compiler.txt")"
  tables=sizes.txt
}
case $(uname -m) in
x86_64) ;;
*) tables=; echo "skip sizes: the tables are of x86_64" ;;
esac
for table in $tables; do
  if diff -u "$committed/$table" "$found/$table"; then
    echo "ok $table is as committed"
  else
    fail "$table: if that is meant, make audit-accept"
  fi
done
[ "$failures" -eq 0 ]
