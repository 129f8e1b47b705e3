#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the archives define and need: names that start with kfix_, nothing writable, and of the C
# library only what can neither allocate, print, stop the program, nor round differently elsewhere.
# Environment: ARCHIVES, the archives to look at.
set -euo pipefail

# The port's threads come from the system, so libkfix_posix.a has a wider list; libkfix_blis.a needs
# BLIS's micro-kernels, and nothing of BLIS besides.
anywhere='^(memcpy|memset|memmove|memcmp|strlen|strcmp|strncmp|fmaf?|sqrtf?|fabsf?|ldexpf?|frexpf?|floorf?|_GLOBAL_OFFSET_TABLE_|__cpu_model|__cpu_indicator_init|__stack_chk_fail)$'
blis='^bli_[sd]gemm_(haswell|skx)_asm_[0-9x]+(_l2)?$'
posix='^(pthread_[a-z_]+|sched_[a-z_]+|sysconf|clock_gettime|nanosleep|getpid|fesetenv)$'

for archive in $ARCHIVES; do
  [ -f "$archive" ] || { echo "$archive: does not build"; exit 1; }
done

# shellcheck disable=SC2086
defined=$(nm -gA --defined-only $ARCHIVES | awk '{ print $NF }' | sort -u)

for archive in $ARCHIVES; do
  allowed=$anywhere
  case $archive in
  *posix*) allowed="$anywhere|$posix" ;;
  *blis*) allowed="$anywhere|$blis" ;;
  esac
  nm -g --undefined-only "$archive" | awk '$1 == "U" { print $2 }' | sort -u |
    { comm -23 - <(printf '%s\n' "$defined") | grep -vE "$allowed" || true; } |
    sed "s|^|$(basename "$archive"): needs |"
  nm -g --defined-only "$archive" | awk 'NF == 3 && $3 !~ /^kfix_/ { print $3 }' |
    sed "s|^|$(basename "$archive"): exports |"
  # Constant tables with pointers in them are in .data.rel.ro: written by the loader only.
  objdump -t "$archive" |
    awk 'NF > 4 && $(NF - 1) ~ /^[0-9a-f]+$/ && $(NF - 2) ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ &&
      $(NF - 2) !~ /^\.data\.rel\.ro/ && $NF !~ /^\./ { print $NF }' |
    sed "s|^|$(basename "$archive"): writable |"
done | awk '{ print; bad = 1 } END { exit bad }'
