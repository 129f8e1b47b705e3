#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: usable_blis.sh CC LIBBLIS_A FOLDER
# Prints LIBBLIS_A if it has the micro-kernels that port/blis calls, with the signatures that its own
# blis.h gives them since BLIS 0.9, for the processor that CC compiles for. Else prints nothing, and
# says once what does not fit. The answer is kept in FOLDER.
set -eu
cc=$1 library=$2 folder=$3
[ -f "$library" ] || exit 0
case $($cc -dumpmachine 2> /dev/null) in x86_64*) ;; *) exit 0 ;; esac

# Compiles and links the calls, in both types.
fits() {
  include=$(dirname "$library" | sed 's|/lib/|/include/|')
  echo '#include "port/blis/blis_kernels.h"' > "$try/main.c"
  echo 'int main(void) { return kfix_blis_tile() == 0; }' >> "$try/main.c"
  for real in -UKFIX_REAL_DOUBLE -DKFIX_REAL_DOUBLE; do
    # shellcheck disable=SC2086
    $cc -std=c11 -O2 -Werror -D_POSIX_C_SOURCE=200809L $real -I. -Ilib -isystem "$include" \
      "$try/main.c" port/blis/blis_kernels.c port/blis/blis_part.c \
      port/blis/blis_pieces.c "$library" -o "$try/main" 2> "$try/said" || return 1
  done
}

kept=$folder/blis-$(printf '%s' "$cc $library" | tr -c 'A-Za-z0-9.\n' _).answer
if [ ! -f "$kept" ] || [ "$library" -nt "$kept" ] || [ -n "$(find port/blis "$0" -newer "$kept")" ]; then
  mkdir -p "$folder"
  try=$(mktemp -d)
  trap 'rm -rf "$try"' EXIT
  if fits; then
    echo "$library" > "$try/answer"
  else
    : > "$try/answer"
    echo "port blis is left out: $library does not fit: $(grep -m 1 -oE \
      "(error: |undefined reference).*" "$try/said")" >&2
  fi
  mv "$try/answer" "$kept"
fi
cat "$kept"
