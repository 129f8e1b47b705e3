#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The examples of howto/ fit this tree: applied to a copy, one beside the other, for they touch different files, they
# compile without a warning, and their tests pass. They touch what howto/README.md says and no more.
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
there=$KFIX_TMP/tree
mkdir "$there" && cp -r Makefile lib port gpu config tools test "$there" || exit 1
# applied WHAT: in the copy of the tree.
applied() {
  patch -d "$there" -p1 --no-backup-if-mismatch < "howto/$1.diff"
}
# different_files: no file is in two diffs.
different_files() {
  local twice
  twice=$(for what in kernel method kind; do touched "$what"; done | sort | uniq -d)
  [ -z "$twice" ] || { echo "in two diffs: $twice"; return 1; }
}
# make_there TARGET...
make_there() {
  env -u MAKEFLAGS -u MAKELEVEL make -C "$there" --no-print-directory -s -j2 QUIET=1 CC="$CC" REAL=float SAN= DEBUG=1 BUILD=build "$@"
}
# passes TEST.c: the test of a diff, with the library and the CPU ports of the copy.
passes() {
  local name
  name=$(basename "$1" .c)
  # shellcheck disable=SC2086
  make_there $archives && cd "$there" || return 1
  test/support/make_runner.sh "$1" > build/runner.c || return 1
  # shellcheck disable=SC2086
  "$CC" -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Werror -g -D_POSIX_C_SOURCE=200809L -DKFIX_DEBUG \
    -DKFIX_TEST_CMOCKA -I. -Ilib -Itest/support "$1" build/runner.c $archives -lm -pthread -lcmocka -o "build/$name" && "build/$name"
}
# passes_on_a_device NAME: the same for the CUDA port, on a device that is played by the host.
passes_on_a_device() {
  make_there "build/test-${objects#build/obj-}/$1" && "$there/build/test-${objects#build/obj-}/$1"
}
has_cuda() {
  # shellcheck disable=SC2016
  [ -n "$(make_there --eval='said: ; @echo $(HAVE_CUDA)' said)" ]
}

check "a kernel: one list, a CPU body, a CUDA body" touches kernel '!port/kernels.h' '!port/bodies/elements.h' \
  '!gpu/items_elements.h' '!gpu/cuda_elements.c'
check "a method: one file, a plan header, one list" touches method '+lib/curvature/foof.c' '+lib/curvature/foof_plan.h' \
  '!lib/methods.h'
check "a kind: a form, a training file, a plan header, one list" touches kind '+lib/net/fold_form.c' '+lib/net/fold.c' \
  '+lib/net/fold_plan.h' '!lib/net/kinds.h'
check "they touch different files" different_files
check "a kernel: its example applies" applied kernel
check "a method: its example applies" applied method
check "a kind: its example applies" applied kind

check "a kernel: it computes what plain C does" passes test/port/test_port_clip.c
if has_cuda; then
  check "a kernel: its CUDA body has the same bits" passes_on_a_device test_cuda_clip
else
  echo "skip a kernel: its CUDA body: no CUDA toolkit here"
fi
check "a method: it trains" passes test/curvature/test_foof.c
check "a kind: its gradient is right, and it trains" passes test/net/test_net_fold.c

# format.md has no example, but names files.
names_files() {
  local file
  for file in $(grep -ohE '`(lib|port|gpu|tools|test|config)/[a-z0-9_/.*]+`' howto/*.md README.md lib/DESIGN.md | tr -d '`' | sort -u); do
    compgen -G "$file" > /dev/null || [ -n "$(grep -lF "b/$file" howto/*.diff)" ] || { echo "there is no $file"; return 1; }
  done
}
check "the files that the pages name are there" names_files
finish
