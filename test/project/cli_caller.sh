#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A program that was compiled otherwise than the library does not link, or is told; a library compiled with options
# that change results does not compile, or says so when it is used.
. test/support/cli.sh

[ -f lib/kfix.h ] || exit 77
version=$(sed -n 's/^#define KFIX_VERSION "\(.*\)"/\1/p' lib/kfix.h | tr . _)
sources=$(ls lib/*/*.c port/*/*.c)

make_here() {
  flock "$KFIX_BUILD/.build-lock" env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory -s -j2 QUIET=1 CC="$CC" BUILD="$KFIX_BUILD" "$@"
}
# objects TYPE: the folder of the archives for this type.
objects() {
  echo "$KFIX_BUILD/obj-$(basename "$CC")-$1"
}
# archives TYPE: in link order.
archives() {
  local name
  for name in simd products ref posix; do echo "$(objects "$1")/libkfix_$name.a"; done
  echo "$(objects "$1")/libkfix.a"
}
for type in float double; do
  # shellcheck disable=SC2046
  make_here REAL=$type $(archives $type) || exit 1
done

cat > "$KFIX_TMP/program.c" << 'PROGRAM'
#define KFIX_CONFIG "config/digits_tiny.h"
#include <kfix.h>
#include <port/ref/ref.h>
#include <port/simd/simd.h>
#include <stdio.h>
#ifndef PORT
#define PORT ref
#endif
#define TABLE_(port) kfix_port_##port
#define TABLE(port)  TABLE_(port)
KFIX_DEFINE_NET(net);
static _Alignas(KFIX_ALIGN) unsigned char arena[1 << 20];
int main(void) {
  kfix *k;
  const kfix_options options = kfix_options_default(&net);
  const kfix_status status = kfix_create(&k, &(kfix_setup){.net = &net, .method = (kfix_method)0, .options = &options, .port = &TABLE(PORT), .arena = arena, .bytes = sizeof arena}, NULL);
  puts(kfix_status_name(status));
  return status != KFIX_OK;
}
PROGRAM

# compiled_for TYPE FLAGS...: the program with the archives for this type.
compiled_for() {
  local type=$1
  shift
  # shellcheck disable=SC2046
  "$CC" -std=c11 -O1 -I. -Ilib "$KFIX_TMP/program.c" "$@" $(archives "$type") -lm -pthread -o "$KFIX_TMP/program" 2>&1
}
# answers STATUS TYPE FLAGS...: what kfix_create says.
answers() {
  local wanted=$1 said
  shift
  compiled_for "$@" && said=$("$KFIX_TMP/program")
  same "$wanted" "$said"
}
# asks_for NAME TYPE FLAGS...: no such name is in these archives, and the linker says which the program wants.
asks_for() {
  local name=$1 said
  shift
  said=$(compiled_for "$@") && { echo "it links"; return 1; }
  grep -q "undefined reference to .$name'" <<< "$said" || { echo "$said"; return 1; }
}

check "the same on both sides" answers KFIX_OK float
check "double on both sides" answers KFIX_OK double -DKFIX_REAL_DOUBLE
check "a float program, a double library" asks_for "kfix_create_from_for_float_$version" double
check "a double program, a float library" asks_for "kfix_create_from_for_double_$version" float -DKFIX_REAL_DOUBLE
check "a port of another type" asks_for "kfix_port_ref_for_double_$version" float -DKFIX_REAL_DOUBLE
check "a program with guard words" asks_for "kfix_create_from_for_float_debug_$version" float -DKFIX_DEBUG
check "the same when unused sections go" asks_for "kfix_create_from_for_float_$version" double -ffunction-sections -fdata-sections -Wl,--gc-sections
check "the same when the program is optimised as a whole" asks_for "kfix_create_from_for_float_$version" double -flto
check "enums of another size" answers KFIX_ABI_ENUMS float -fshort-enums
check "packed structs" answers KFIX_ABI_STRUCTS float -fpack-struct=4
check "another list of methods" answers KFIX_ABI_METHODS float -DKFIX_METHODS='"test/cortex_m/kfac_alone.h"'

another_version() {
  sed 's/^#define KFIX_ABI_VERSION .*/#define KFIX_ABI_VERSION 9_8_7/' lib/core/abi.h > "$KFIX_TMP/abi.h"
  asks_for kfix_create_from_for_float_9_8_7 float -include "$KFIX_TMP/abi.h"
}
check "a program of another version" another_version
check "abi.h has the version of kfix.h" same "$version" "$(sed -n 's/^#define KFIX_ABI_VERSION //p' lib/core/abi.h)"

# A second file of the program, which makes no trainer, is compiled for another type.
printf '#include <kfix.h>\nkfix_status second(kfix *k, kfix_real *p);\nkfix_status second(kfix *k, kfix_real *p) { return kfix_get_weights(k, KFIX_ITERATE, 1, p); }\n' > "$KFIX_TMP/second.c"
second_file() {
  "$CC" -std=c11 -I. -Ilib -DKFIX_REAL_DOUBLE -c "$KFIX_TMP/second.c" -o "$KFIX_TMP/second.o" &&
    asks_for "kfix_get_weights_for_double_$version" float "$KFIX_TMP/second.o"
}
check "one file of a program is compiled for another type" second_file

# Public functions that C links by name: each with its type and version, but for those that know neither.
plain='kfix_(status_(name|text)|choice_name|below|permutation|choose|digest_(begin|add|end)|posix_seconds)'
all_are_named() {
  local public
  public=$(grep -hoE '\bkfix_[a-z0-9_]+\(' lib/kfix.h lib/net/predictor.h lib/core/{batch,digest,options,random,status}.h port/posix/{crew,clock}.h |
    tr -d '(' | sort -u | grep -vxE "$plain")
  # shellcheck disable=SC2046
  nm -g --defined-only $(archives float) | awk 'NF == 3 { print $3 }' | grep -xF "$public" |
    awk '{ print $1 ": not in lib/core/abi.h"; bad = 1 } END { exit bad }'
}
check "no public function is forgotten" all_are_named

# ---- options that change results ----

# stops FLAGS...: no source of the library or of a port compiles, and each says why.
stops() {
  local source
  for source in $sources; do
    "$CC" -std=c11 -I. -Ilib -D_POSIX_C_SOURCE=200809L -fsyntax-only "$@" "$source" 2> "$KFIX_TMP/said" && { echo "$source compiles"; return 1; }
    grep -q '#error.*kfix needs' "$KFIX_TMP/said" || { echo "$source:"; cat "$KFIX_TMP/said"; return 1; }
  done
}
check "no source compiles with -Ofast" stops -Ofast
sources=lib/core/arithmetic.c
check "nor with -ffast-math" stops -ffast-math
check "nor with -ffinite-math-only" stops -ffinite-math-only
# Of the rest of the family gcc has a macro each; with clang the known answers see them.
"$CC" --version | grep -q clang || {
  check "nor with -funsafe-math-optimizations" stops -funsafe-math-optimizations
  check "nor with -freciprocal-math" stops -freciprocal-math
  check "nor with -fno-signed-zeros" stops -fno-signed-zeros
  check "nor with -fassociative-math" stops -fassociative-math -fno-signed-zeros -fno-trapping-math
}
[ "$(uname -m)" != x86_64 ] || check "nor with results of the x87" stops -mfpmath=387
a_caller_may() {
  "$CC" -std=c11 -Ofast -Wall -Wextra -Werror -I. -Ilib -fsyntax-only "$KFIX_TMP/program.c"
}
check "a program that calls the library may be compiled with -Ofast" a_caller_may
started_with_flush() {
  "$CC" -std=c11 -Ofast -I. -Ilib "$KFIX_TMP/program.c" $(archives float) -lm -pthread -o "$KFIX_TMP/program" || return 1
  same KFIX_PORT_ROUNDING "$("$KFIX_TMP/program")"
}
[ "$(uname -m)" != x86_64 ] || check "linked with it, it starts with flush-to-zero, and is told" started_with_flush

# with_flags COMPILER FLAGS FILE...: the program answers that these files, compiled so, change results.
with_flags() {
  local compiler=$1 flags=$2 file port=ref
  local built=()
  shift 2
  for file; do
    [ "$file" != port/simd/simd.c ] || port=simd
    # shellcheck disable=SC2086
    "$compiler" -std=c11 -O2 $flags -I. -Ilib -c "$file" -o "$KFIX_TMP/$(basename "$file").o" || return 1
    built+=("$KFIX_TMP/$(basename "$file").o")
  done
  answers KFIX_PORT_ROUNDING float -DPORT=$port "${built[@]}"
}
fma=$(grep -qw fma /proc/cpuinfo 2> /dev/null && [ "$(uname -m)" = x86_64 ] && echo 1)
for file in lib/core/arithmetic.c port/simd/simd.c; do
  check "$file with constants in single precision" with_flags gcc -fsingle-precision-constant $file
  [ -z "$fma" ] || check "$file with contraction" with_flags gcc "-ffp-contract=fast -mfma" $file
  command -v clang > /dev/null || continue
  for flags in -freciprocal-math -fno-signed-zeros -funsafe-math-optimizations -fno-honor-nans; do
    check "$file by clang with $flags" with_flags clang $flags $file
  done
done
[ -z "$fma" ] || check "contraction where the port itself asks for fma" with_flags gcc -ffp-contract=fast port/simd/simd.c

finish
