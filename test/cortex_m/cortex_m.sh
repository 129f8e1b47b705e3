#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: cortex_m.sh FOLDER float|double LIBRARY/PROGRAM ...   (make cortex-m)
# Runs the programs on the host and on the emulated boards; reports sizes. Answers 1 unless every board prints the
# host's lines, no program links an allocator, one that predicts links no training, one of dense layers no kernels of
# images and, in float, all targets are met.
set -euo pipefail
out=$1 real=$2
shift 2
bad=0

# What may be asked of a program: code bytes, RAM with the stack, the stack.
declare -A code=([dense/trainer]=51200 [dense/forward_only]=8192 [images/trainer]=61440)
declare -A ram=([dense/trainer]=131072 [dense/forward_only]=2048 [images/trainer]=196608)
declare -A stack=([dense/trainer]=4096 [dense/forward_only]=1152 [images/trainer]=4096)

# lists NAME TEXT: it is a failure if there is any.
lists() {
  [ -z "$2" ] && return
  echo "  $1 is linked:" $2
  bad=1
}

# board NAME MACHINE PROGRAM
board() {
  local elf=$out/$1-$real/$3.elf lines=$out/$1.txt names
  echo "$1 ($2), $real, $3"
  timeout 600 qemu-system-arm -M "$2" -nographic -monitor none -serial none \
    -semihosting-config enable=on,target=native -kernel "$elf" > "$lines" 2>&1 < /dev/null || bad=1
  sed 's/^/  /' "$lines"
  if grep -v '^stack bytes' "$lines" | cmp -s - "$out/host.txt"; then
    echo "  the host's bits"
  else
    echo "  NOT the host's bits"
    bad=1
  fi
  names=$(arm-none-eabi-nm "$elf" | awk '{ print $NF }')
  lists "an allocator" "$(grep -E '^_*(malloc|calloc|realloc|free|sbrk)(_r)?$' <<< "$names" || true)"
  [ "${3#*/}" = trainer ] ||
    lists training "$(grep -E '^kfix_(create|step|backward|initialise|methods|ref_syrk|evaluate|predict_for)' <<< "$names" || true)"
  [ "${3%/*}" = images ] || lists images "$(grep -E '^kfix_cpu_(patch|convolve|shown|pool|max_pool|mean_pool)' <<< "$names" || true)"
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
}

for program; do
  "$out/host-$real/$program" > "$out/host.txt" || bad=1
  echo "host, $real, $program"
  sed 's/^/  /' "$out/host.txt"
  board m7 mps2-an500 "$program"
  board m4f mps2-an386 "$program"
done

# members LIBRARY CPU
members() {
  arm-none-eabi-size -t "$out/$2-$real/$1/"libkfix{,_ref}.a | awk 'NR > 1 { print $6, $1 }'
}
for library in $(printf '%s\n' "${@%/*}" | sort -u); do
  echo "code bytes of each archive member, $library (text, before the linker drops what is not used)"
  paste <(members "$library" m7) <(members "$library" m4f) | awk '{ printf "  %-20s %8s %8s\n", $1, $2, $4 } '
done
exit $bad
