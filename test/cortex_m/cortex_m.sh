#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: cortex_m.sh FOLDER float|double [PROGRAM ...]   (make cortex-m)
# Runs the programs on the host and on the emulated boards; reports sizes. Answers 1 unless every board prints the
# host's lines, no program links an allocator, one that predicts links no training and, in float, all targets are met.
set -euo pipefail
out=$1 real=$2
shift 2
bad=0

# What may be asked of a program: code bytes, RAM with the stack, the stack.
declare -A code=([trainer]=51200 [forward_only]=8192)
declare -A ram=([trainer]=131072 [forward_only]=2048)
declare -A stack=([trainer]=4096 [forward_only]=1152)

# lists NAME TEXT: it is a failure if there is any.
lists() {
  [ -z "$2" ] && return
  echo "  $1 is linked:" $2
  bad=1
}

# board NAME MACHINE PROGRAM
board() {
  local dir=$out/$1-$real elf=$out/$1-$real/$3.elf names
  echo "$1 ($2), $real, $3"
  timeout 600 qemu-system-arm -M "$2" -nographic -monitor none -serial none \
    -semihosting-config enable=on,target=native -kernel "$elf" > "$out/$1.txt" 2>&1 < /dev/null || bad=1
  sed 's/^/  /' "$out/$1.txt"
  if grep -v '^stack bytes' "$out/$1.txt" | cmp -s - "$out/host-$3.txt"; then
    echo "  the host's bits"
  else
    echo "  NOT the host's bits"
    bad=1
  fi
  names=$(arm-none-eabi-nm "$elf" | awk '{ print $NF }')
  lists "an allocator" "$(grep -E '^_*(malloc|calloc|realloc|free|sbrk)(_r)?$' <<< "$names" || true)"
  [ "$3" = trainer ] ||
    lists training "$(grep -E '^kfix_(create|step|backward|initialise|methods|ref_syrk|evaluate|predict_for)' <<< "$names" || true)"
  arm-none-eabi-size -A "$elf" | awk -v real="$real" -v most_code="${code[$3]}" -v most_ram="${ram[$3]}" -v most_stack="${stack[$3]}" '
    $1 ~ /^\.(text|ARM.exidx|data)$/ { code += $2 }
    $1 == ".dataset" { flash = $2 }
    $1 ~ /^\.(data|bss|stack)$/ { ram += $2 }
    $1 == ".stack" { stack = $2 }
    END {
      printf "  code %d bytes (target %d), data and weights in flash %d\n", code, most_code, flash
      printf "  RAM %d bytes (target %d): arena and statics %d, stack %d (an overflow faults)\n", ram, most_ram, ram - stack, stack
      exit real == "float" && (code > most_code || ram > most_ram || stack > most_stack)
    }' || {
    echo "  over a target"
    bad=1
  }
  arm-none-eabi-size -t "$dir/libkfix.a" "$dir/libkfix_ref.a" > "$out/$1-members.txt"
}

[ $# -gt 0 ] || set -- trainer forward_only
for program; do
  "$out/host-$real/$program" > "$out/host-$program.txt" || bad=1
  echo "host, $real, $program"
  sed 's/^/  /' "$out/host-$program.txt"
  board m7 mps2-an500 "$program"
  board m4f mps2-an386 "$program"
done

echo "code bytes of each archive member (text, before the linker drops what is not used)"
paste <(awk 'NR > 1 { print $6, $1 }' "$out/m7-members.txt") <(awk 'NR > 1 { print $1 }' "$out/m4f-members.txt") |
  awk '{ printf "  %-20s %8s %8s\n", $1, $2, $3 } '
exit $bad
