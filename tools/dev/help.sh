#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: help.sh few|all MAKEFILE...
# Prints the targets that the makefiles describe with ##: the few to begin with, or all of them, with the
# variables, the configs and the ports.
set -eu
few='all run test lint practice bench install clean'
which=$1
shift

# targets NAMES: those that are named, in this order; none named: all, in the makefiles' order.
targets() {
  names=$1
  shift
  awk -F':.*## ' -v names="$names" '
    /^[a-z-]+:.*## / {
      text[$1] = sprintf("  make %-15s %s", $1, $2)
      if (names == "") print text[$1]
    }
    END {
      count = split(names, name, " ")
      for (i = 1; i <= count; i++) print text[name[i]]
    }' "$@"
}

if [ "$which" = few ]; then
  targets "$few" "$@"
  echo "  make help-all        all other targets, variables, configs and ports"
  exit
fi
echo "targets"
targets '' "$@"
echo "variables"
sed -n 's/^## /  /p' "$@"
echo "configs"
for file in config/*.h; do
  if [ -e "$file" ]; then echo "  $(basename "$file" .h)"; fi
done
echo "ports"
for folder in port/*/ gpu/*/; do
  name=$(basename "$folder")
  if grep -qs "kfix_port_$name" "$folder"*.h; then echo "  $name"; fi
done
