#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: portability.sh [BUILD_NAME...]   (make portability)
# Builds golden.c as builds.txt says, runs it, and compares the digests of all these builds and of all
# ports. One line that differs, is missing or is not a digest makes it answer 1. Two builds at a time
# (JOBS). What a program printed is kept until the program is built anew, so a run that was interrupted
# goes on where it was. Results: build/portability/.
set -euo pipefail
cd "$(dirname "$0")/../.."
export MAKE=${MAKE:-make} BUILD=${BUILD:-build}
export GOLDEN_CONFIGS=${GOLDEN_CONFIGS:-config/digits_tiny.h config/conv_tiny.h test/portability/norm_tiny.h test/portability/deep_bernoulli.h}
export out=$BUILD/portability
mkdir -p "$out"

archiver() {
  case $1 in clang) echo llvm-ar ;; gcc) echo gcc-ar ;; *) echo "${1%gcc}ar" ;; esac
}

# program CC REAL CONFIG: where make puts it
program() {
  echo "$out/$name/obj-$1-$2/golden-$(basename "$3" .h)"
}

# one LINE of builds.txt: both types, all configs, into $out/NAME.txt
one() {
  local name cc opt cflags ldflags emulator real config begin=$SECONDS ran=
  IFS=';' read -r name cc opt cflags ldflags emulator <<< "$1"
  local results=()
  for real in float double; do
    "$MAKE" --no-print-directory QUIET=1 BUILD="$out/$name" CC="$cc" AR="$(archiver "$cc")" REAL="$real" OPT="$opt" \
      CFLAGS="$cflags" LDFLAGS="$ldflags" GOLDEN_CONFIGS="$GOLDEN_CONFIGS" golden > "$out/$name.log" 2>&1 ||
      { cat "$out/$name.log" >&2 && return 1; }
  done
  for real in float double; do
    for config in $GOLDEN_CONFIGS; do
      local program
      program=$(program "$cc" "$real" "$config")
      results+=("$program.txt")
      [ ! "$program.txt" -nt "$program" ] || continue
      # A port that this processor cannot run prints so, and the comparison tells.
      # shellcheck disable=SC2086
      $emulator "$program" > "$program.part" || [ $? -eq 1 ]
      mv "$program.part" "$program.txt"
      ran=1
    done
  done
  cat "${results[@]}" > "$out/$name.txt"
  echo "  $name: $([ -n "$ran" ] && echo "$((SECONDS - begin)) s" || echo as before)" >&2
}

# What runs each build: not one that fails stops the others.
attempt() {
  rm -f "$out/$(cut -d';' -f1 <<< "$1").failed"
  (set -e && one "$1") < /dev/null || touch "$out/$(cut -d';' -f1 <<< "$1").failed"
}
export -f archiver program one attempt

lines=() names=()
while IFS= read -r line; do
  name=${line%%;*}
  case $line in '' | '#'*) continue ;; esac
  if [ $# -gt 0 ]; then case " $* " in *" $name "*) ;; *) continue ;; esac fi
  lines+=("$line") names+=("$name")
done < test/portability/builds.txt
if [ ${#names[@]} -lt $(($# > 0 ? $# : 1)) ]; then
  echo "builds are: $(grep -v '^#' test/portability/builds.txt | cut -d';' -f1 | xargs)" >&2
  exit 2
fi
printf '%s\0' "${lines[@]}" | xargs -0 -n 1 -P "${JOBS:-2}" bash -c 'attempt "$0"'

bad=0
for name in "${names[@]}"; do
  [ ! -e "$out/$name.failed" ] || { echo "$name: does not build or run" >&2 && bad=1; }
  [ -e "$out/$name.txt" ] || : > "$out/$name.txt"
done
(cd "$out" && awk -f "$OLDPWD/test/portability/compare.awk" "${names[@]/%/.txt}") | tee "$out/table.md" || bad=1
exit $bad
