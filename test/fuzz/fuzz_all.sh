#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: fuzz_all.sh [TARGET...]; called by `make fuzz`.
# Runs each target for its part of SECONDS_IN_ALL and prints one line on it. What a target finds is
# kept in $BUILD/fuzz/found; what it learns, in $BUILD/fuzz/learned, for the next run. Not 0 if
# anything was found.
set -u
fuzz=$BUILD/fuzz
all=$(sed -n 's/^  X(\([a-z0-9_]*\)).*/\1/p' test/fuzz/fuzz_target.h)
read -r -a targets <<< "${*:-$(echo $all)}"
each=$((SECONDS_IN_ALL / ${#targets[@]}))
[ "$each" -ge 1 ] || each=1
found=0
mkdir -p "$fuzz/found"

printf '%-12s %10s %8s %9s  %s\n' target runs corpus coverage findings
for target in "${targets[@]}"; do
  learned=$fuzz/learned/$target
  mkdir -p "$learned" "$fuzz/tmp"
  rm -f "$fuzz/found/$target-"*
  KFIX_FUZZ=$target TMPDIR=$fuzz/tmp "$fuzz/kfix-fuzz" -seed=1 -max_total_time="$each" -max_len=4096 \
    -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=512 -print_final_stats=1 \
    -artifact_prefix="$fuzz/found/$target-" "$learned" "test/fuzz/corpus/$target" \
    > "$fuzz/$target.log" 2>&1
  status=$?
  rm -rf "$fuzz/tmp"
  findings=none
  if [ $status -ne 0 ]; then
    found=$((found + 1))
    findings=$(find "$fuzz/found" -name "$target-*" | head -n 1)
    findings="${findings:-exit status $status} (see $fuzz/$target.log)"
  fi
  awk -v target="$target" -v findings="$findings" '
    /^stat::number_of_executed_units/ { runs = $2 }
    /cov: / {
      for (i = 1; i < NF; i++) {
        if ($i == "cov:") coverage = $(i + 1)
        if ($i == "corp:") corpus = $(i + 1)
      }
    }
    END {
      sub("/.*", "", corpus)
      printf "%-12s %10s %8s %9s  %s\n", target, runs, corpus, coverage, findings
    }' "$fuzz/$target.log"
done
echo "${#targets[@]} targets, $found with findings"
[ "$found" -eq 0 ]
