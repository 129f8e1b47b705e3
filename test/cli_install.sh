#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An installed kfix serves a project elsewhere: the README's example compiles against it and runs.
. test/support/cli.sh

[ -f lib/kfix.h ] || exit 77
prefix=$KFIX_TMP/prefix
work=$KFIX_TMP/work
mkdir -p "$work"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig

make_here() {
  make --no-print-directory BUILD="$KFIX_BUILD" CC="$CC" PREFIX="$prefix" "$@"
}

# Each fenced block of C with a main is a program: $work/example_1.c ...
extract() {
  awk -v work="$work" '
    /^```c *$/ { inside = 1; text = ""; next }
    /^```/ && inside {
      inside = 0
      if (text ~ /int main\(/) printf "%s", text > (work "/example_" ++count ".c")
      next
    }
    inside { text = text $0 "\n" }' README.md
}

# Compiled away from the sources, so that only installed headers can be found.
compile() {
  # shellcheck disable=SC2046
  (cd "$work" && "$CC" -std=c11 -Wall -Wextra -Werror "$1.c" $(pkg-config --cflags --libs kfix) -o "$1")
}

headers_stand_alone() {
  printf '%s\n' '#include <kfix.h>' 'int main(void) { return 0; }' > "$work/header.c"
  compile header
}

nothing_left() {
  [ -z "$(find "$prefix" ! -type d)" ]
}

check install make_here install
check installed_header_compiles headers_stand_alone
if [ -f README.md ]; then extract; fi
for example in "$work"/example_*.c; do
  if [ ! -e "$example" ]; then
    echo "skip readme_example: README.md has no program in C"
    break
  fi
  name=$(basename "$example" .c)
  check "readme_${name}_compiles" compile "$name"
  check "readme_${name}_runs" timeout 120 "$work/$name"
done
check uninstall make_here uninstall
check uninstall_leaves_nothing nothing_left
finish
