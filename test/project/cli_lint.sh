#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The checks of tools/lint pass on a small sound tree, and each finds the fault that it is there for.
. test/support/cli.sh

[ -n "$(command -v nm)" ] || exit 77
mkdir -p "$KFIX_TMP/tools/dev"
cp -r tools/lint "$KFIX_TMP/tools/lint"
: > "$KFIX_TMP/tools/lint/circles.txt"
cp tools/dev/install_headers.sh "$KFIX_TMP/tools/dev"
cd "$KFIX_TMP" || exit 1

licence='/* SPDX-License-Identifier: Apache-2.0 */'

# A tree of its own for each case: lib/core/good.c, lib/net/above.h and a lib/kfix.h for C++ too.
fresh() {
  rm -rf lib port config gpu
  mkdir -p lib/core lib/net port/ref config gpu
  printf '%s\n' "$licence" > config/curves_autoencoder.h
  printf '%s\n' "$licence" 'int kfix_above(int x);' > lib/net/above.h
  printf '%s\n' "$licence" 'int kfix_cuda(int x);' > gpu/cuda.h
  printf '%s\n' "$licence" 'enum { KFIX_OK };' '#ifdef __cplusplus' 'extern "C"' '#endif' \
    'const char *kfix_status_text(int status);' > lib/kfix.h
  printf '%s\n' "$licence" 'int kfix_good(int x);' 'int kfix_good(int x) {' '  return x;' '}' > lib/core/good.c
}

# archive: libkfix.a from lib/core/*.c
archive() {
  rm -f ./*.o libkfix.a
  "$CC" -I. -Ilib -c lib/core/*.c && ar rcs libkfix.a ./*.o
}

lint() {
  ARCHIVES=libkfix.a bash "tools/lint/$1.sh"
}

# finds CHECK TEXT: the check fails, and its output holds the text.
finds() {
  local output
  if output=$(lint "$1" 2>&1); then
    echo "$1 found nothing"
    return 1
  fi
  printf '%s\n' "$output"
  grep -qF -- "$2" <<< "$output"
}

# add TEXT... to lib/core/good.c, line by line
add() {
  printf '%s\n' "$@" >> lib/core/good.c
}

fresh
archive
for name in arrows circles symbols headers spdx basenames sizes words; do check "sound_$name" lint "$name"; done

fresh && add '#include "net/above.h"'
check upward_include finds arrows 'lib/core/good.c: may not include lib/net/above.h'
fresh && add '#include "lost.h"'
check lost_include finds arrows '(nowhere)/lost.h'

# circle: good.c and another file include each other, by their headers.
circle() {
  printf '%s\n' "$licence" '#include "other.h"' > lib/core/good.h
  printf '%s\n' "$licence" > lib/core/other.h
  printf '%s\n' "$licence" '#include "good.h"' > lib/core/other.c
}
fresh && circle
check circle_through_a_c_file finds circles 'lib/core/other'
echo 'lib/core/other lib/core/good' >> tools/lint/circles.txt
check known_circle lint circles
fresh
check circle_that_is_mended finds circles 'no such include any more: lib/core/other lib/core/good'
: > tools/lint/circles.txt

fresh && add '#include <stdlib.h>' 'void *kfix_take(void);' 'void *kfix_take(void) {' '  return malloc(1);' '}' && archive
check malloc_is_found finds symbols 'needs malloc'
fresh && add 'double exp(double);' 'double kfix_e(double x);' 'double kfix_e(double x) { return exp(x); }' && archive
check libm_is_found finds symbols 'needs exp'
fresh && add 'int stray(void);' 'int stray(void) { return 0; }' && archive
check foreign_name_is_found finds symbols 'exports stray'
fresh && add 'int *kfix_at(void);' 'static int hidden;' 'int *kfix_at(void) { return &hidden; }' && archive
check hidden_global_is_found finds symbols 'writable hidden'
fresh && add 'extern const char *const kfix_names[];' 'const char *const kfix_names[] = {"a", "b"};' && archive
check constant_table_is_no_global lint symbols

fresh && printf '%s\n' "$licence" 'int kfix_f(size_t x);' > lib/net/above.h
check header_without_its_includes finds headers 'lib/net/above.h'
fresh && printf '%s\n' "$licence" '#include "net/above.h"' > gpu/cuda.h
check header_by_a_path_that_may_meet_another finds headers 'gpu/cuda.h: net/above.h is not a path from its own folder'
fresh && sed -i '/extern/d' lib/kfix.h
check names_for_cpp_alone finds headers 'lib/kfix.h: C++ does not compile it'
fresh && sed -i 1d lib/core/good.c
check missing_licence finds spdx 'lib/core/good.c'
fresh && cp lib/core/good.c lib/net/good.c
check same_basename finds basenames 'good.c'
fresh && seq 300 | sed 's|.*|/* & */|' >> lib/core/good.c
check long_file finds sizes '305 lines'
fresh && { add 'int kfix_long(void);' 'int kfix_long(void) {' && seq 110 | sed 's|.*|  /* & */|' >> lib/core/good.c && add '  return 0;' '}'; }
check long_function finds sizes 'kfix_long'
fresh && add "/* TO""DO */"
check left_over finds words 'good.c'
finish
