#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: portability.sh [BUILD_NAME...]   (make portability)
# Builds golden.c as builds.txt says, runs it, and compares the digests of all builds and ports. One
# line that differs, is missing or is not a digest makes it answer 1. Results: build/portability/.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${MAKE:=make}" "${BUILD:=build}"
: "${GOLDEN_CONFIGS:=config/digits_tiny.h test/portability/deep_bernoulli.h}"
out=$BUILD/portability
mkdir -p "$out"
bad=0

archiver() {
  case $1 in clang) echo llvm-ar ;; gcc) echo gcc-ar ;; *) echo "${1%gcc}ar" ;; esac
}

# one NAME CC OPT CFLAGS LDFLAGS EMULATOR: both types, all configs, into $out/NAME.txt
one() {
  local name=$1 cc=$2 opt=$3 cflags=$4 ldflags=$5 emulator=$6 real config
  : > "$out/$name.txt"
  for real in float double; do
    "$MAKE" --no-print-directory QUIET=1 BUILD="$out/$name" CC="$cc" AR="$(archiver "$cc")" REAL=$real \
      OPT="$opt" CFLAGS="$cflags" LDFLAGS="$ldflags" GOLDEN_CONFIGS="$GOLDEN_CONFIGS" golden >&2 || return 1
    for config in $GOLDEN_CONFIGS; do
      # shellcheck disable=SC2086
      $emulator "$out/$name/obj-$cc-$real/golden-$(basename "$config" .h)" >> "$out/$name.txt" || return 1
    done
  done
}

names=
while IFS=';' read -r name cc opt cflags ldflags emulator; do
  case $name in '' | '#'*) continue ;; esac
  if [ $# -gt 0 ]; then case " $* " in *" $name "*) ;; *) continue ;; esac fi
  names="$names $name"
  echo "  $name" >&2
  if ! one "$name" "$cc" "$opt" "$cflags" "$ldflags" "$emulator" < /dev/null; then
    echo "$name: does not build or run" >&2
    bad=1
  fi
done < test/portability/builds.txt

# shellcheck disable=SC2086
(cd "$out" && awk -f "$OLDPWD/test/portability/compare.awk" $(printf '%s.txt ' $names)) |
  tee "$out/table.md" || bad=1
exit $bad
