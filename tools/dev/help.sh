#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: help.sh MAKEFILE...
# Prints the targets and variables that the makefiles describe with ##, the configs and the ports.
set -eu
echo "targets"
awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $1, $2 }' "$@"
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
