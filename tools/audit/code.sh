#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: code.sh ARCHIVE...
# Prints, for each member: archive, member, bytes of code, of constants, of writable data.
set -euo pipefail
for archive; do
  size -A "$archive" | awk -v archive="$(basename "$archive" .a)" '
    function out() {
      if (member != "") printf "%-16s %-22s %7d %7d %5d\n", archive, member, code, constants, data
    }
    / *\(ex .*\):$/ { out(); member = $1; code = constants = data = 0 }
    /^\.text/ { code += $2 }
    /^\.rodata|^\.data\.rel\.ro/ { constants += $2 }
    /^\.(data|bss|tdata|tbss)/ && !/^\.data\.rel\.ro/ { data += $2 }
    END { out() }'
done
