#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What is built with gcc here gives clang no reason to warn either, in float and double: the library and
# the ports, the CUDA port where a toolkit is found. Compiled whole: some of it is said late, of vectors above all.
set -u
cuda=${CUDA_HOME:-/usr/local/cuda}/include
sources=$(tools/lint/files.sh 'lib/*.c' 'port/*.c' | grep -v '^port/blis/')
[ ! -e "$cuda/cublas_v2.h" ] || sources+=" $(tools/lint/files.sh 'gpu/*.c')"
# shellcheck disable=SC2086
for type in -UKFIX_REAL_DOUBLE -DKFIX_REAL_DOUBLE; do
  printf '%s\n' $sources | xargs -P 2 -n 1 clang -std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion \
    -Wstrict-prototypes -Werror -S -o - -D_POSIX_C_SOURCE=200809L "$type" -I. -Ilib -isystem "$cuda" 2>&1 > /dev/null
done | grep -E 'error:' | sort -u | awk '{ print; bad = 1 } END { exit bad }'
