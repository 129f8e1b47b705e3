#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: cortex_m.sh FOLDER float|double   (make cortex-m)
# Runs the trainer on the host and on the emulated boards; reports sizes. Answers 1 unless every
# board prints the host's lines, no program links an allocator and, in float, all targets are met.
set -euo pipefail
out=$1 real=$2
bad=0

"$out/host-$real/trainer" > "$out/host.txt" || bad=1
echo "host, $real"
sed 's/^/  /' "$out/host.txt"

# board CPU MACHINE
board() {
  local dir=$out/$1-$real elf=$out/$1-$real/trainer.elf allocators
  echo "$1 ($2), $real"
  timeout 600 qemu-system-arm -M "$2" -nographic -monitor none -serial none \
    -semihosting-config enable=on,target=native -kernel "$elf" > "$out/$1.txt" 2>&1 < /dev/null || bad=1
  sed 's/^/  /' "$out/$1.txt"
  if grep -v '^stack bytes' "$out/$1.txt" | cmp -s - "$out/host.txt"; then
    echo "  the host's bits"
  else
    echo "  NOT the host's bits"
    bad=1
  fi
  allocators=$(arm-none-eabi-nm "$elf" | awk '{ print $NF }' |
    grep -E '^_*(malloc|calloc|realloc|free|sbrk)(_r)?$' || true)
  if [ -n "$allocators" ]; then
    echo "  an allocator is linked: $allocators"
    bad=1
  fi
  arm-none-eabi-size -A "$elf" | awk -v real="$real" '
    $1 ~ /^\.(text|ARM.exidx|data)$/ { code += $2 }
    $1 == ".dataset" { flash = $2 }
    $1 ~ /^\.(data|bss|stack)$/ { ram += $2 }
    $1 == ".stack" { stack = $2 }
    END {
      printf "  code %d bytes (target 49152), data set in flash %d\n", code, flash
      printf "  RAM %d bytes (target 131072): arena and statics %d, stack %d (an overflow faults)\n", ram, ram - stack, stack
      exit real == "float" && (code > 49152 || ram > 131072 || stack > 4096)
    }' || {
    echo "  over a target"
    bad=1
  }
  arm-none-eabi-size -t "$dir/libkfix.a" "$dir/libkfix_ref.a" > "$out/$1-members.txt"
}

board m7 mps2-an500
board m4f mps2-an386

echo "code bytes of each archive member (text, before the linker drops what is not used)"
paste <(awk 'NR > 1 { print $6, $1 }' "$out/m7-members.txt") <(awk 'NR > 1 { print $1 }' "$out/m4f-members.txt") |
  awk '{ printf "  %-20s %8s %8s\n", $1, $2, $3 } '
exit $bad
