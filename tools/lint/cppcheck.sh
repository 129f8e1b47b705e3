#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# cppcheck finds nothing. A false positive is suppressed in the source, with a reason.
set -euo pipefail
list=$(mktemp)
trap 'rm -f "$list"' EXIT
# Without the plans of deep nets: cppcheck 2.10 evaluates their sizes, sums over all nodes, without an end
# (over ten minutes for 64 layers). They are a table each, and the checks of the plans that it reads.
tools/lint/files.sh '*.c' | grep -Ev '^test/memory/test_plan_(linear|resnet|vgg)' > "$list"
[ -s "$list" ] || exit 0
# uninitvar: cppcheck does not see an array filled through a pointer in a struct; the compilers and the
# sanitizers look for these. readdirCalled: readdir_r is deprecated. KFIX_METHODS: KFIX_BYTES of every
# method on every port, written out, takes it a minute for each file that has them.
cppcheck --quiet --error-exitcode=1 -j 2 --std=c11 --library=posix --library=zlib --inline-suppr \
  --enable=warning,performance,portability --suppress=uninitvar --suppress=legacyUninitvar \
  --suppress=readdirCalled --suppress=missingInclude --suppress=missingIncludeSystem --suppress=unmatchedSuppression \
  -DKFIX_METHODS='"test/cortex_m/kfac_alone.h"' -DKFIX_CONFIG='"config/curves_autoencoder.h"' -DKFIX_TEST_CMOCKA \
  -I. -Ilib -Itools/common -Itest/support --file-list="$list"
