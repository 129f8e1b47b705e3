#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: stack.sh FOLDER > REPORT
# FOLDER holds the objects and call graphs (gcc -fcallgraph-info=su) of lib/ and port/. Prints, for each
# public function and port: name, port, bytes of stack, the deepest path. Fails on recursion, on a
# frame without bound, on a call through a pointer that calls.txt does not explain, and over
# STACK_LIMIT bytes.
set -euo pipefail
folder=$1
here=$(dirname "$0")
work=$folder/stack
mkdir -p "$work"

# What the const tables in one group of objects point to, named as the call graph names functions.
# pointed KIND OBJECT...
pointed() {
  local kind=$1 object source
  shift
  for object; do
    source=${object#"$folder"/}
    source=${source%.o}.c
    objdump -r "$object" | awk -v kind="$kind" -v source="$source" '
      /^RELOCATION/ { inside = /\[\.data\.rel\.ro/ }
      inside && $3 ~ /^\.text\./ { sub(/^\.text\./, "", $3); print kind, source ":" $3; next }
      inside && $3 ~ /^kfix_/ { print kind, $3 }'
  done
}

# Functions of the headers that callers include, and what the crew's threads start with.
grep -hoE '\bkfix_[a-z0-9_]+\(' lib/kfix.h lib/net/predictor.h lib/core/{batch,digest,options,random,status,elementary}.h \
  port/posix/{crew,clock}.h | tr -d '(' | sort -u > "$work/public"
echo port/posix/crew.c:worker_main >> "$work/public"

# Kernels by name: words that a port's table answers to, met or not.
sed -nE 's/^KFIX_(FORWARD_)?KERNEL\((\w+),.*/\2 @port/p' port/kernels.h port/eigen_kernels.h > "$work/kernels"

status=0
mapfile -t graphs < <(find "$folder/lib" "$folder/port" -name '*.ci' | sort)
for port in "$folder"/port/*/; do
  port=$(basename "$port")
  [ -f "port/$port/$port.c" ] || continue
  { pointed port "$folder/port/$port"/*.o; pointed curvature "$folder"/lib/curvature/*.o; } > "$work/tables.$port"
  awk -v port="$port" -v limit="${STACK_LIMIT:-8192}" -f "$here/stack.awk" \
    "$here/calls.txt" "$work/kernels" "$work/tables.$port" "$work/public" "${graphs[@]}" || status=1
done
exit "$status"
