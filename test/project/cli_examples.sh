#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The example programs compile without a warning, in C11, and show what they say.
. test/support/cli.sh

[ -f examples/augment.c ] || exit 77
objects=$KFIX_BUILD/obj-$(basename "$CC")-float
archives="$objects/libkfix_ref.a $objects/libkfix.a"
# shellcheck disable=SC2086
flock "$KFIX_BUILD/.build-lock" env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -s -j2 QUIET=1 CC="$CC" BUILD="$KFIX_BUILD" \
  $archives || exit 1

# compiled FILE.c: the program $KFIX_TMP/FILE.
compiled() {
  # shellcheck disable=SC2086
  "$CC" -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Werror -O1 -I. -Ilib \
    "examples/$1" $archives -lm -o "$KFIX_TMP/$(basename "$1" .c)"
}
same_twice() {
  local said
  said=$("$KFIX_TMP/augment") || return 1
  echo "$said"
  [ "$(sed -n 's/.* digest \([0-9a-f]*\), resumed \1$/same/p' <<< "$said")" = same ]
}
learns() {
  "$KFIX_TMP/augment" | awk '{ exit !($8 + 0 < 0.05) }'
}
otherwise() {
  local changed plain
  changed=$("$KFIX_TMP/augment" | awk '{ print $10 }')
  sed 's/, seed, epoch, 1}/, seed, epoch, 0}/' examples/augment.c > "$KFIX_TMP/plain.c"
  cmp -s examples/augment.c "$KFIX_TMP/plain.c" && return 1
  # shellcheck disable=SC2086
  "$CC" -std=c11 -O1 -I. -Ilib "$KFIX_TMP/plain.c" $archives -lm -o "$KFIX_TMP/plain" || return 1
  plain=$("$KFIX_TMP/plain" | awk '{ print $10 }')
  [ "$changed" != "$plain" ]
}
check "augment compiles" compiled augment.c
check "augment: resumed, it sees the same pictures" same_twice
check "augment: it learns" learns
check "augment: changed pictures make another run" otherwise

finish
