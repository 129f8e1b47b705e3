#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The examples of howto/ fit this tree: each is applied to a copy, which compiles without a warning, and its test passes.
# They touch what howto/README.md says and no more.
. test/support/cli.sh

[ -f howto/README.md ] || exit 77
objects=build/obj-$(basename "$CC")-float-debug
archives="$objects/libkfix_simd.a $objects/libkfix_products.a $objects/libkfix_ref.a $objects/libkfix_posix.a $objects/libkfix.a"

# touched WHAT: the files of its diff, each with + if it is new, ! if it is changed.
touched() {
  awk '/^--- / { new = $2 == "/dev/null" } /^\+\+\+ / { sub(/^b\//, "", $2); print (new ? "+" : "!") $2 }' "howto/$1.diff"
}
# touches WHAT FILE...: beside tests, its diff has these files and no others, and its page names all.
touches() {
  local what=$1 file
  shift
  same "$(printf '%s\n' "$@" | sort)" "$(touched "$what" | grep -v '^.test/' | sort)" || return 1
  for file in $(touched "$what" | cut -c2-); do
    sees -F "$file" < "howto/$what.md" || { echo "howto/$what.md does not name $file"; return 1; }
  done
}
# applied WHAT: in a copy of the tree.
applied() {
  mkdir "$KFIX_TMP/$1" && cp -r Makefile lib port gpu config tools test "$KFIX_TMP/$1" &&
    patch -d "$KFIX_TMP/$1" -p1 --no-backup-if-mismatch < "howto/$1.diff"
}
# make_there WHAT TARGET...
make_there() {
  local there=$KFIX_TMP/$1
  shift
  env -u MAKEFLAGS -u MAKELEVEL make -C "$there" --no-print-directory -s -j2 QUIET=1 CC="$CC" REAL=float SAN= DEBUG=1 BUILD=build "$@"
}
# passes WHAT TEST.c: the test of its diff, with the library and the CPU ports of the copy.
passes() {
  local name
  name=$(basename "$2" .c)
  # shellcheck disable=SC2086
  make_there "$1" $archives && cd "$KFIX_TMP/$1" || return 1
  test/support/make_runner.sh "$2" > build/runner.c || return 1
  # shellcheck disable=SC2086
  "$CC" -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Werror -g -D_POSIX_C_SOURCE=200809L -DKFIX_DEBUG \
    -DKFIX_TEST_CMOCKA -I. -Ilib -Itest/support "$2" build/runner.c $archives -lm -pthread -lcmocka -o "build/$name" && "build/$name"
}
# passes_on_a_device WHAT NAME: the same for the CUDA port, on a device that is played by the host.
passes_on_a_device() {
  make_there "$1" "build/test-${objects#build/obj-}/$2" && "$KFIX_TMP/$1/build/test-${objects#build/obj-}/$2"
}
has_cuda() {
  # shellcheck disable=SC2016
  [ -n "$(make_there kernel --eval='said: ; @echo $(HAVE_CUDA)' said)" ]
}

check "a kernel: one list, a CPU body, a CUDA body" touches kernel '!port/kernels.h' '!port/bodies/elements.h' \
  '!gpu/items_elements.h' '!gpu/cuda_elements.c'
check "a kernel: its example applies" applied kernel
check "a kernel: it computes what plain C does" passes kernel test/port/test_port_clip.c
if has_cuda; then
  check "a kernel: its CUDA body has the same bits" passes_on_a_device kernel test_cuda_clip
else
  echo "skip a kernel: its CUDA body: no CUDA toolkit here"
fi

check "a method: one file, a plan header, one list" touches method '+lib/curvature/foof.c' '+lib/curvature/foof_plan.h' \
  '!lib/methods.h'
check "a method: its example applies" applied method
check "a method: it trains" passes method test/curvature/test_foof.c

check "a kind: a form, a training file, a plan header, one list" touches kind '+lib/net/fold_form.c' '+lib/net/fold.c' \
  '+lib/net/fold_plan.h' '!lib/net/kinds.h'
check "a kind: its example applies" applied kind
check "a kind: its gradient is right, and it trains" passes kind test/net/test_net_fold.c

# format.md has no example, but names files.
names_files() {
  local file
  for file in $(grep -ohE '`(lib|port|gpu|tools|test|config)/[a-z0-9_/.*]+`' howto/*.md README.md lib/DESIGN.md | tr -d '`' | sort -u); do
    compgen -G "$file" > /dev/null || [ -n "$(grep -lF "b/$file" howto/*.diff)" ] || { echo "there is no $file"; return 1; }
  done
}
check "the files that the pages name are there" names_files
finish
