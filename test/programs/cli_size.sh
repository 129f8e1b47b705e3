#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kfix-size: the memory map adds up, and equals KFIX_BYTES.
. test/support/train.sh

ports=$("$size" --all | awk 'NR > 2 { print $2 }' | sort -u | tr '\n' ' ')
# As the command line has a name of --all: two-level:kfac is a space of it on that curvature, hf:kfac likewise.
asked() {
  case $1 in
    two-level:*) echo "--method two-level:residual --curvature ${1#*:}" ;;
    hf:*) echo "--method hf --curvature ${1#*:}" ;;
    *) echo "--method $1" ;;
  esac
}
# Regions follow each other without a gap, up to the total; layers and groups sum to it too.
adds_up() {
  # shellcheck disable=SC2046
  "$size" $(asked "$1") --port "$2" | awk '
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
  # shellcheck disable=SC2046
  "$size" $(asked "$1") | awk '/^ *[0-9]+ +[0-9]+ +[12] / && NF < 7 { print "no words for " $6; bad = 1 } END { exit bad }'
}
for method in $("$size" --all | awk 'NR > 2 { print $1 }' | sort -u); do
  check "every region of $method is explained" explained "$method"
done

# All methods, and those with a curvature along two-level and hf.
rows() {
  local plain curvatures
  plain=$("$size" --help | tr -s ' \n' ' ' | grep -o 'sgd[a-z|:-]*' | head -n 1 | tr '|' '\n' | grep -vc two-level)
  curvatures=$("$size" --help | tr -s ' \n' ' ' | grep -o 'own|[a-z|-]*' | head -n 1 | tr '|' '\n' | tail -n +2 | wc -l)
  same "$(((plain + 2 * curvatures) * $(wc -w <<< "$ports")))" \
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

# A budget between the methods: sgd on ref fits in it, kpsvd on simd does not.
budget=400000
sed "\$a #define KFIX_BUDGET $budget" test/support/three_threads.h > "$KFIX_TMP/tight_budget.h"
tight=$KFIX_BUILD/tight_budget
builds() {
  build "$KFIX_TMP/tight_budget.h" train size
}
check "a config with a budget builds" builds
marks() {
  "$tight/kfix-size" --all | awk -v budget="$budget" '
    NR > 2 && ($3 > budget) != /does not fit KFIX_BUDGET$/ { print; bad = 1 }
    NR > 2 { count[$3 > budget]++ }
    END { exit bad || !count[0] || !count[1] }'
}
check "--all marks what is over the budget" marks
map_says() {
  "$tight/kfix-size" --method "$1" --port ref | sees -x "budget  *$budget   = KFIX_BUDGET$2" || return 1
  "$tight/kfix-size" --method "$1" --port ref --json | sees "\"fits\": $3"
}
check "the map of a method within the budget" map_says sgd "" true
check "the map of a method over the budget" map_says kpsvd ": it does not fit" false
leaves_out() {
  STATUS=2 says "do not fit KFIX_BUDGET, which is $budget" "$tight/kfix-train" --data "$KFIX_TMP/clouds.csv" \
    --method kpsvd --port ref --steps 1
}
check "kfix-train leaves out what is over the budget" leaves_out
within() {
  local arguments=(--data "$KFIX_TMP/clouds.csv" --batch 100 --method kfac --port ref --steps 3)
  same "$("$train" "${arguments[@]}" | last_digest)" "$("$tight/kfix-train" "${arguments[@]}" | last_digest)"
}
check "kfix-train with a budget: the same bits" within
own_program() {
  printf '%s\n' '#include "lib/kfix.h"' '#include "port/ref/ref.h"' 'char arena[KFIX_BYTES(METHOD, ref)];' > "$KFIX_TMP/own.c"
  local compile=("$CC" -std=c11 -I. -Ilib -DKFIX_CONFIG="\"$KFIX_TMP/tight_budget.h\"" -fsyntax-only "$KFIX_TMP/own.c")
  "${compile[@]}" -DMETHOD=kfac || return 1
  "${compile[@]}" -DMETHOD=kpsvd 2>&1 | grep -q "arena_exceeds_KFIX_BUDGET"
}
check "a program's own KFIX_BYTES over the budget does not compile" own_program
rm -rf "${tight:?}"

finish
