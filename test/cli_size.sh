#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kfix-size: the memory map adds up, and equals KFIX_BYTES.
. test/support/train.sh

ports=$("$size" --all | awk 'NR > 2 { print $2 }' | sort -u | tr '\n' ' ')
# Regions follow each other without a gap, up to the total; layers and groups sum to it too.
adds_up() {
  "$size" --method "$1" --port "$2" | awk '
    /^ *[0-9]+ +[0-9]+ +[12] / { if ($1 != next_offset) gap = 1; next_offset = $1 + $2 }
    /^layer / { section = "layer"; next }
    /^group / { section = "group"; next }
    /^total / { total = $2; next }
    NF >= 2 && section { sum[section] += $2 }
    END {
      if (gap || total == 0 || next_offset != total || sum["layer"] != total || sum["group"] != total) {
        print next_offset, sum["layer"], sum["group"], total
        exit 1
      }
    }'
}
for method in $("$size" --all | awk 'NR > 2 { print $1 }' | sort -u); do
  for port in $ports; do
    check "$method on $port adds up" adds_up $method $port
  done
done

# A region that nobody can name in words is a byte that is not explained.
explained() {
  "$size" --method "$1" | awk '/^ *[0-9]+ +[0-9]+ +[12] / && NF < 7 { print "no words for " $6; bad = 1 } END { exit bad }'
}
for method in $("$size" --all | awk 'NR > 2 { print $1 }' | sort -u); do
  check "every region of $method is explained" explained "$method"
done

rows() {
  same "$(($("$size" --help | grep -o 'sgd[a-z|-]*' | head -n 1 | tr '|' '\n' | wc -l) * $(wc -w <<< "$ports")))" \
    "$("$size" --all | tail -n +3 | wc -l)"
}
check "--all has a line for each method and port" rows
agrees() {
  same "$("$size" --all | awk '$1 == "kfac" && $2 == "simd" { print $3 }')" \
    "$("$size" | awk '/^total/ { print $2 }')" || return 1
  same "$("$size" --json | sed 's/.*"total": \([0-9]*\).*/\1/')" "$("$size" | awk '/^total/ { print $2 }')"
}
check "--all, --json and the map say the same" agrees
arena() {
  same "$("$size" | awk '/^total/ { print $2 }')" \
    "$(run --steps 1 --eval-every 0 --port simd | awk '/^arena/ { print $2 }')"
}
check "kfix-train uses just so many bytes" arena
less_for_less() {
  [ "$("$size" --all | awk '$1 == "sgd" && $2 == "ref" { print $3 }')" -lt \
    "$("$size" --all | awk '$1 == "kfac" && $2 == "ref" { print $3 }')" ]
}
check "sgd needs less than kfac" less_for_less
usage() {
  STATUS=2 says "allowed are" "$size" --method nothing
}
check "an unknown method" usage

finish
