#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Where kfix is installed to, and from: any PREFIX, DESTDIR and umask, sources that cannot be written to.
. test/support/cli.sh

[ -f lib/kfix.h ] || exit 77
odd="$KFIX_TMP/it's & a place"
mkdir "$odd"

make_here() {
  env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -s BUILD="$KFIX_BUILD" CC="$CC" "$@"
}
readable() {
  local wrong
  wrong=$(find "$1" -mindepth 1 \( -type d ! -perm 755 -o -type f ! -perm 644 ! -perm 755 \) -print -quit)
  [ -z "$wrong" ] && [ -e "$1/$2/include/kfix/kfix.h" ] || { ls -ld "$wrong"; return 1; }
}
shut_umask() {
  (umask 077 && make_here PREFIX="$odd/pre fix" install) && chmod 755 "$odd" && readable "$odd" "pre fix"
}
check "a umask of 077: everybody can read what is installed" shut_umask
# With such a name pkg-config's answer is for the shell to read.
links() {
  cat > "$KFIX_TMP/user.c" << 'END'
#include <kfix.h>
#include <stdio.h>
int main(void) { return puts(kfix_status_text(KFIX_OK)) < 0; }
END
  local flags
  flags=$(PKG_CONFIG_PATH="$odd/pre fix/lib/pkgconfig" pkg-config --cflags --libs kfix) || return 1
  eval "$CC -std=c11 '$KFIX_TMP/user.c' $flags -o '$KFIX_TMP/user'" && same ok "$("$KFIX_TMP/user")"
}
check "blanks and quotes in PREFIX: pkg-config finds it" links
removes() {
  make_here PREFIX="$odd/pre fix" uninstall && [ -z "$(find "$odd" ! -type d)" ]
}
check "and it is removed again" removes

# DESTDIR is relative to the sources; kfix.pc does not know of it.
staged() {
  local stage=${KFIX_BUILD#"$PWD/"}/stage.$$
  make_here PREFIX="/opt/k fix" DESTDIR="$stage/a b" install || return 1
  readable "$stage/a b/opt" "k fix" && grep -qx 'prefix=/opt/k\\ fix' "$stage/a b/opt/k fix/lib/pkgconfig/kfix.pc"
  local result=$?
  rm -rf "${stage:?}"
  return $result
}
check "a relative DESTDIR with a blank" staged

# Another user's checkout: everything goes to BUILD. Of what is built, the port posix stands for all.
read_only() {
  local copy=$KFIX_TMP/sources out=$KFIX_TMP/out as_nobody=()
  mkdir "$copy" "$out" && cp -r Makefile lib port gpu config tools test "$copy" || return 1
  find "$copy" -exec touch -d 2020-01-01 {} +
  chmod -R a-w,a+rX "$copy" && chmod a+rx "$KFIX_TMP" && chmod a+rwx "$out"
  if [ "$(id -u)" -eq 0 ]; then as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups); fi
  (cd "$copy" && env -u MAKEFLAGS -u MAKELEVEL HOME="$out" CCACHE_DISABLE=1 "${as_nobody[@]}" \
    make --no-print-directory -s CC="$CC" BUILD="$out/build" BLIS= "$out/build/obj-gcc-float/libkfix_posix.a") &&
    [ -e "$out/build/obj-gcc-float/libkfix_posix.a" ] && [ -z "$(find "$copy" -newermt 2020-01-02 ! -type d)" ]
  local result=$?
  chmod -R u+w "$copy"
  return $result
}
if [ "$(id -u)" -ne 0 ] || setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$KFIX_TMP/.."; then
  check "sources that cannot be written to" read_only
else
  echo "skip sources that cannot be written to: this folder is closed to others"
fi

finish
