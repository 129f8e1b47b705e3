#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The same sources give the same bytes in another folder, with another umask and other -j; a program linked
# with STATIC=1 needs nothing but the kernel.
. test/support/train.sh
tmp=$KFIX_TMP
objects=obj-gcc-float

# In another folder: objects, an archive and a program made anew (no cache of a compiler in between); what the
# program links besides is copied.
other=$tmp/in/a/folder/of/another/length
made=("$objects/libkfix_posix.a" curves_autoencoder/kfix-size)
for source in lib/core/*.c port/ref/ref.c; do
  [ ! -e "$source" ] || made+=("$objects/${source%.c}.o")
done
build_there() {
  local options=() archive
  mkdir -p "$other/build/$objects" && cp -r Makefile lib port gpu config tools test "$other" || return 1
  for archive in "$KFIX_BUILD/$objects"/*.a; do
    case $archive in *_posix.a) continue ;; esac
    cp "$archive" "$other/build/$objects" && options+=(-o "build/$objects/${archive##*/}")
  done
  (umask 077 && cd "$other" && env -u MAKEFLAGS -u MAKELEVEL CCACHE_DISABLE=1 TZ=Asia/Tokyo LC_ALL=C \
    make --no-print-directory -s -j3 CC=gcc "${options[@]}" "${made[@]/#/build/}")
}
same_bytes() {
  local name
  build_there || return 1
  for name in "${made[@]}"; do cmp "$KFIX_BUILD/$name" "$other/build/$name" || return 1; done
}
check "the same bytes in another folder" same_bytes
no_path() {
  local name
  for name in "${made[@]}"; do
    ! grep -qaF -e "$PWD" -e "$KFIX_BUILD" "$KFIX_BUILD/$name" || { echo "$name has the folder's name"; return 1; }
  done
}
check "no folder's name in them" no_path

# ---- STATIC=1 ----

alone=$KFIX_BUILD/three_threads-static/kfix-train
links() {
  env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -s QUIET=1 CC=gcc BUILD="$KFIX_BUILD" STATIC=1 \
    CONFIG=test/support/three_threads.h "$alone" 2> "$tmp/said" && [ ! -s "$tmp/said" ] || { cat "$tmp/said"; return 1; }
  ! readelf -l "$alone" | grep INTERP
}
same_result() {
  mkdir "$tmp/root" && cp "$alone" "$tmp/clouds.csv" "$tmp/root" || return 1
  same "$(digest --steps 3)" \
    "$(unshare --map-root-user --root="$tmp/root" /kfix-train --data /clouds.csv --batch 100 --steps 3 --log /log.csv |
      last_digest)" && [ "$(wc -l < "$tmp/root/log.csv")" -gt 2 ]
}
if [ "$(gcc -print-file-name=libz.a)" = libz.a ]; then
  echo "skip STATIC=1: no libz.a here"
else
  check "STATIC=1 links without a warning, and needs no loader" links
  if unshare --map-root-user true 2> /dev/null; then
    check "it runs in an empty root, with the same result" same_result
  else
    echo "skip it runs in an empty root: no name spaces here"
  fi
fi

finish
