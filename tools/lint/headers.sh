# SPDX-License-Identifier: Apache-2.0
# Every header compiles on its own, so its includes are complete. A header with a line that starts
# with "/* Template" is a body for others to include, with macros set, and is left out.
set -euo pipefail
tools/lint/files.sh 'lib/*.h' 'port/*.h' 'tools/common/*.h' |
  while read -r header; do
    grep -q '^/\* Template' "$header" && continue
    # The typedef, because ISO C forbids an empty translation unit.
    printf '#include "%s"\ntypedef int kfix_lint_unit;\n' "$header" |
      gcc -std=c11 -Wall -Wextra -Wpedantic -Wstrict-prototypes -Werror -D_POSIX_C_SOURCE=200809L \
        -DKFIX_CONFIG='"config/curves_autoencoder.h"' -I. -Ilib -Itools/common -fsyntax-only -xc - 2>&1 | grep -E 'error:' | head -n 3 || true
  done | awk '{ print; bad = 1 } END { exit bad }'
