#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: table.sh STACK-REPORT
# The report of stack.sh for people, deepest first.
sort -t "$(printf '\t')" -k 3,3nr -k 1,2 "$1" |
  awk -F '\t' 'BEGIN { printf "%-28s %-5s %6s  %s\n", "function", "port", "bytes", "deepest path" }
    { printf "%-28s %-5s %6d  %s\n", $1, $2, $3, $4 }'
