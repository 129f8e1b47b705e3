#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What make is given: what makes no sense is refused in one line, and `make clean` removes only its own.
. test/support/cli.sh

[ -f lib/kfix.h ] || exit 77
own=$KFIX_TMP/own

make_here() {
  env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory "$@"
}
# refuses TEXT ARGS...: make fails with one line that holds the text. Nothing is run, whatever it says.
refuses() {
  local text=$1 said
  shift
  said=$(make_here -n BUILD="$own" "$@" 2>&1 > /dev/null) && { echo "it is taken"; return 1; }
  [ "$(printf '%s\n' "$said" | wc -l)" -eq 1 ] || { echo "not one line: $said"; return 1; }
  case $said in *"$text"*) ;; *) echo "it says: $said"; return 1 ;; esac
}

check "BUILD is the sources" refuses "holds the sources" clean BUILD=.
check "BUILD is above the sources" refuses "holds the sources" clean BUILD=..
check "BUILD is the root" refuses "holds the sources" clean BUILD=/
ln -s "$PWD" "$KFIX_TMP/link"
check "BUILD leads to the sources" refuses "holds the sources" clean BUILD="$KFIX_TMP/link"
check "BUILD is empty" refuses "BUILD is empty" clean BUILD=
check "a space in BUILD" refuses "must not contain spaces" all BUILD="$KFIX_TMP/b c"
check "a space in CONFIG" refuses "must not contain spaces" all CONFIG="$KFIX_TMP/my confs/x.h"
check "CONFIG is a folder" refuses "is a folder" all CONFIG="$KFIX_TMP"
check "REAL with a capital" refuses "REAL=Double is none of: float double" all REAL=Double
check "another REAL" refuses "REAL=half is none of" all REAL=half
check "no such PORT" refuses "PORT=foo is none of: ref simd" all PORT=foo
check "a PORT that is not linked" refuses "cuda needs GPU=1" all PORT=cuda GPU=
check "STATIC with sanitizers" refuses "STATIC=1 and SAN=1" all STATIC=1 SAN=1
check "STATIC with CUDA" refuses "STATIC=1 and GPU=1" all STATIC=1 GPU=1
check "another STATIC" refuses "STATIC=yes is none of: 1" all STATIC=yes
check "a TMPDIR that is not there" refuses "TMPDIR=$KFIX_TMP/none is no folder that can be written to: make it" \
  all TMPDIR="$KFIX_TMP/none"
mkdir "$KFIX_TMP/t m p"
check "a TMPDIR with blanks" env TMPDIR="$KFIX_TMP/t m p" make --no-print-directory -n BUILD="$own" help

# ---- help ----

make_here help > "$KFIX_TMP/few"
make_here help-all > "$KFIX_TMP/all"
few_targets() {
  same "make all make bench make clean make help-all make install make lint make practice make run make test" \
    "$(grep -oE '^  make [a-z-]+ .' "$KFIX_TMP/few" | cut -c 3- | sed 's/ *.$//' | sort | xargs)"
}
check "help names eight targets, and where the rest is" few_targets
described() {
  local target
  for target in $(grep -hoE '^[a-z-]+:.*## ' Makefile tools/dev/*.mk tools/*/*.mk test/support/*.mk | cut -d : -f 1); do
    sees -E "^  make $target +[^ ]" < "$KFIX_TMP/all" || { echo "$target: not there"; return 1; }
  done
}
check "help-all has every target that a makefile describes" described
variables_too() {
  sees '^  CONFIG=NAME' < "$KFIX_TMP/all" && sees '^  digits_tiny$' < "$KFIX_TMP/all" && sees '^  simd$' < "$KFIX_TMP/all"
}
check "and variables, configs and ports" variables_too

cleans() {
  make_here BUILD="$own" help > "$KFIX_TMP/help" && [ -d "$own" ] || return 1
  make_here BUILD="$own" clean > "$KFIX_TMP/said" && [ ! -e "$own" ]
}
check "clean removes what make made" cleans
spares() {
  mkdir "$KFIX_TMP/mine" && echo mine > "$KFIX_TMP/mine/file" || return 1
  make_here -n BUILD="$KFIX_TMP/mine" all > "$KFIX_TMP/said" || return 1
  make_here BUILD="$KFIX_TMP/mine" clean 2> "$KFIX_TMP/said" && return 1
  grep -q "was not made by make" "$KFIX_TMP/said" && same mine "$(cat "$KFIX_TMP/mine/file")"
}
check "clean spares a folder that was there before" spares

prefix() {
  make_here -n BUILD="$own" "$@" install | grep -o "s|@PREFIX@|[^|]*|"
}
check "a relative PREFIX counts from the sources" same "s|@PREFIX@|$PWD/inst|" "$(prefix PREFIX=inst)"
check "an absolute PREFIX stays" same "s|@PREFIX@|/opt/kfix|" "$(prefix PREFIX=/opt/kfix)"
check "a relative PREFIX with a blank" same "s|@PREFIX@|$PWD/my\\\\ inst|" "$(prefix PREFIX="my inst")"

finish
