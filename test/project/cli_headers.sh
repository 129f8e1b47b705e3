#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installed headers in other people's projects: every standard of C and C++, strict flags, files of the same names.
. test/support/cli.sh

[ -f lib/kfix.h ] || exit 77
kfix=$KFIX_TMP/include/kfix
CC=$CC tools/dev/install_headers.sh "$kfix" gpu/cuda.h || exit 1
strict='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Wredundant-decls -Werror -fsyntax-only'
headers='kfix.h port/ref/ref.h port/simd/simd.h port/blis/blis.h port/posix/crew.h port/posix/clock.h gpu/cuda.h'

found() {
  command -v "$1" > /dev/null
}
# One of each is enough, for which of them are there is the machine's business; none would be nobody's look.
check "a compiler of C is there" eval 'found gcc || found clang'
check "a compiler of C++ is there" eval 'found g++ || found clang++'

# takes COMPILER FLAGS LANGUAGE TEXT: all headers in one file, and this text after them.
takes() {
  # shellcheck disable=SC2086
  { printf '#include <%s>\n' $headers; printf '%s\n' "$4"; } | "$1" $2 $strict -I"$kfix" -x"$3" -
}
# alone COMPILER FLAGS LANGUAGE: each header by itself.
alone() {
  local header
  for header in $headers; do
    # shellcheck disable=SC2086
    printf '#include <%s>\ntypedef int nobody;\n' "$header" | "$1" $2 $strict -I"$kfix" -x"$3" - || { echo "$header"; return 1; }
  done
}
net='#define KFIX_CONFIG "config/digits_tiny.h"
#include <kfix.h>
#include <port/ref/ref.h>
KFIX_DEFINE_NET(net);
const kfix_net *the_net(size_t *bytes);
const kfix_net *the_net(size_t *bytes) {
  *bytes = KFIX_BYTES(kfac, ref) + KFIX_BYTES(predict, ref);
  return &net;
}'
for compiler in gcc clang; do
  found $compiler || continue
  check "$compiler: each header by itself" alone $compiler -std=c11 c
  for standard in c11 c17 c2x gnu11 gnu17 gnu2x; do
    check "$compiler -std=$standard" takes $compiler "-std=$standard -Wstrict-prototypes" c "$net"
  done
done
calls='kfix_status one(kfix **k, const kfix_net *net, void *arena);
kfix_status one(kfix **k, const kfix_net *net, void *arena) {
  const kfix_setup setup = {net, KFIX_METHOD_sgd, nullptr, nullptr, nullptr, nullptr, arena, 0};
  return kfix_create(k, &setup, nullptr);
}
kfix_status two(kfix_predictor **p, const kfix_net *net, const kfix_real *const *weights, void *arena);
kfix_status two(kfix_predictor **p, const kfix_net *net, const kfix_real *const *weights, void *arena) {
  return kfix_predictor_create(p, net, 1, weights, nullptr, arena, 0, nullptr);
}'
for compiler in g++ clang++; do
  found $compiler || continue
  check "$compiler: each header by itself" alone $compiler -std=c++11 c++
  for standard in c++11 c++14 c++17 c++20 gnu++11 gnu++20; do
    check "$compiler -std=$standard" takes $compiler "-std=$standard -Wold-style-cast" c++ "$calls"
  done
done

# A program in C++ that trains: the net in C, a crew in C++.
cat > "$KFIX_TMP/net.c" << 'NET'
#define KFIX_CONFIG "config/digits_tiny.h"
#include <kfix.h>
#include <port/ref/ref.h>
KFIX_DEFINE_NET(net);
static _Alignas(KFIX_ALIGN) unsigned char memory[KFIX_BYTES(kfac, ref)];
const kfix_net *the_net(void);
void *the_arena(size_t *bytes);
const kfix_net *the_net(void) { return &net; }
void *the_arena(size_t *bytes) { *bytes = sizeof memory; return memory; }
NET
cat > "$KFIX_TMP/train.cc" << 'TRAIN'
#include <port/posix/crew.h>
#include <port/ref/ref.h>
#include <kfix.h>
#include <cstdio>
extern "C" const kfix_net *the_net(void);
extern "C" void *the_arena(size_t *bytes);
static kfix_real x[200 * 64], y[200 * 10];
int main() {
  for (int i = 0; i < 200 * 64; i++) x[i] = static_cast<kfix_real>(i % 17);
  for (int i = 0; i < 200; i++) y[i * 10 + i % 10] = 1;
  kfix_posix_crew crew;
  size_t bytes;
  void *arena = the_arena(&bytes);
  kfix *k = nullptr;
  kfix_table table = {x, y, nullptr, 64, 10};
  const kfix_batch batch = {200, kfix_fetch_table, &table, NULL};
  if (kfix_posix_crew_start(&crew, 2) != 0) return 2;
  const kfix_setup setup = {the_net(), KFIX_METHOD_kfac, nullptr, &kfix_port_ref, &crew.crew, nullptr, arena, bytes};
  kfix_status status = kfix_create(&k, &setup, nullptr);
  for (int step = 0; step < 3 && status == KFIX_OK; step++) status = kfix_step(k, &batch, nullptr);
  kfix_posix_crew_stop(&crew);
  std::puts(kfix_status_text(status));
  return status != KFIX_OK || kfix_last_report(k)->step != 3;
}
TRAIN
trains() {
  local objects
  objects=$KFIX_BUILD/obj-$(basename "$CC")-float
  "$CC" -std=c11 -I"$kfix" -c "$KFIX_TMP/net.c" -o "$KFIX_TMP/net.o" &&
    "$1" -std=c++11 -Wall -Wextra -Wpedantic -Werror -I"$kfix" "$KFIX_TMP/train.cc" "$KFIX_TMP/net.o" \
      "$objects"/libkfix_{ref,posix}.a "$objects/libkfix.a" -lm -pthread -o "$KFIX_TMP/train" && "$KFIX_TMP/train"
}
if [ -f "$KFIX_BUILD/obj-$(basename "$CC")-float/libkfix.a" ]; then
  for compiler in g++ clang++; do
    if found $compiler; then check "a program of $compiler trains" trains $compiler; fi
  done
else
  echo "skip a program in C++ trains: the library is not built"
fi

# ---- other people's files of the same names ----

# Each name that one of kfix's own headers has, as a path and by itself, in a folder of somebody else's. Whoever takes
# such a file for kfix's stops; so does the project, if kfix's header comes in its file's place.
own=$KFIX_TMP/own
names=$(cd "$kfix/kfix" && find lib port gpu -name '*.h' | sed -e 's|^lib/||' -e 'p;s|.*/||' | sort -u)
public=$(printf '%s\n' $headers)
names=$(grep -vxF "$public" <<< "$names")
for name in $names; do
  mkdir -p "$own/$(dirname "$name")"
  printf '#ifndef OWN\n#error "kfix took this for its own"\n#endif\n#define OWN_%s 1\n' "${name//[^a-z0-9_]/_}" > "$own/$name"
done
{
  for header in $headers; do printf '#include <%s>\n' "$header"; done
  echo '#define OWN'
  for name in $names; do printf '#include "%s"\n#ifndef OWN_%s\n#error "%s is not the project'"'"'s"\n#endif\n' "$name" "${name//[^a-z0-9_]/_}" "$name"; done
  echo 'typedef int nobody;'
} > "$KFIX_TMP/theirs.c"
beside() {
  (cd "$KFIX_TMP" && "$CC" -std=c11 -Wall -Werror -fsyntax-only "$@" theirs.c)
}
check "there are names to try" test "$(wc -l <<< "$names")" -gt 60
check "the project's folder comes first" beside -I"$own" -I"$kfix"
check "kfix's folder comes first" beside -I"$kfix" -I"$own"
check "kfix's folder is a system's" beside -isystem "$kfix" -I"$own"
from_the_sources() {
  grep -v 'include "' "$KFIX_TMP/theirs.c" | sed '/^#define OWN/,$d' > "$KFIX_TMP/sources.c"
  echo 'typedef int nobody;' >> "$KFIX_TMP/sources.c"
  "$CC" -std=c11 -Wall -Werror -fsyntax-only -I"$own" -I. -Ilib "$KFIX_TMP/sources.c"
}
check "the project's folder comes before kfix's sources" from_the_sources
under_a_name() {
  printf '#include <kfix/kfix.h>\n#include <kfix/port/ref/ref.h>\n#include <kfix/port/posix/crew.h>\ntypedef int nobody;\n' |
    "$CC" -std=c11 -Wall -Werror -fsyntax-only -I"$KFIX_TMP/include" -xc -
}
check "as <kfix/kfix.h> too" under_a_name

# ---- one network for each file ----

# reads STATUS TEXT LINES: this file compiles, or stops with that text.
reads() {
  local said status=0
  said=$(printf "$3\nKFIX_DEFINE_NET(net);\nint main(void) { return net.node_count == 0; }\n" |
    "$4" -std=c11 -Wall -Wextra -Wpedantic -I"$kfix" -fsyntax-only -xc - 2>&1) || status=1
  [ "$status" -eq "$1" ] && [[ $said == *"$2"* ]] || { echo "$status: $said"; return 1; }
}
first='#define KFIX_CONFIG "config/digits_tiny.h"\n#include <kfix.h>\n'
for compiler in gcc clang; do
  found $compiler || continue
  check "$compiler: kfix.h twice" reads 0 "" "$first#include <kfix.h>" $compiler
  check "$compiler: kfix.h before there is a config" reads 0 "" "#include <kfix.h>\n$first" $compiler
  check "$compiler: the same config twice" reads 0 "" "$first$first" $compiler
  check "$compiler: another config" reads 1 "one net for each file" \
    "$first#undef KFIX_CONFIG\n#define KFIX_CONFIG \"config/digits_tinz.h\"\n#include <kfix.h>" $compiler
  check "$compiler: a config header before kfix.h" reads 1 "leave that out" "#include \"config/mnist16_classifier.h\"\n$first" $compiler
  check "$compiler: a config header after kfix.h" reads 1 "move it to another file" "$first#include \"config/mnist16_classifier.h\"" $compiler
done

finish
