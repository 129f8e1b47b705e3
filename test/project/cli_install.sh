#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An installed kfix serves a project elsewhere: the README's example compiles against it and runs.
. test/support/cli.sh

[ -f lib/kfix.h ] || exit 77
prefix=$KFIX_TMP/prefix
work=$KFIX_TMP/work
mkdir -p "$work"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig

make_here() {
  make --no-print-directory BUILD="$KFIX_BUILD" CC="$CC" PREFIX="$prefix" "$@"
}

# Each fenced block of C with a main is a program: $work/example_1.c ...
extract() {
  awk -v work="$work" '
    /^```c *$/ { inside = 1; text = ""; next }
    /^```/ && inside {
      inside = 0
      if (text ~ /int main\(/) printf "%s", text > (work "/example_" ++count ".c")
      next
    }
    inside { text = text $0 "\n" }' README.md
}

# Compiled away from the sources, so that only installed headers can be found.
compile() {
  # shellcheck disable=SC2046
  (cd "$work" && "$CC" -std=c11 -Wall -Wextra -Werror "$1.c" $(pkg-config --cflags --libs kfix) -o "$1")
}

headers_stand_alone() {
  printf '%s\n' '#include <kfix.h>' 'int main(void) { return 0; }' > "$work/header.c"
  compile header
}

nothing_left() {
  [ -z "$(find "$prefix" ! -type d)" ]
}

pages_are_there() {
  local program
  for program in "$prefix"/bin/*; do
    program=$(basename "$program")
    # Scripts have none; nor has what is no program for people.
    "$prefix/bin/$program" --help=man > "$KFIX_TMP/page" 2> /dev/null && grep -q '^\.TH' "$KFIX_TMP/page" || continue
    echo "$program"
    grep -q '^\.TH' "$prefix/share/man/man1/$program.1" &&
      grep -q "^complete .* $program\$" "$prefix/share/bash-completion/completions/$program" || return 1
  done | tee "$KFIX_TMP/programs"
  [ "${PIPESTATUS[0]}" -eq 0 ] && grep -q '^kfix-train$' "$KFIX_TMP/programs" && grep -q '^kfix-size$' "$KFIX_TMP/programs"
}
check install make_here install
check every_program_has_its_pages pages_are_there
check installed_header_compiles headers_stand_alone
if [ -f README.md ]; then extract; fi
for example in "$work"/example_*.c; do
  if [ ! -e "$example" ]; then
    echo "skip readme_example: README.md has no program in C"
    break
  fi
  name=$(basename "$example" .c)
  check "readme_${name}_compiles" compile "$name"
  check "readme_${name}_runs" timeout 120 "$work/$name"
done

# fails_as STATUS EDIT: the README's program, edited by sed so that a call fails, names the status and answers 1.
fails_as() {
  local said status=0
  sed "$2" "$work/example_1.c" > "$work/failing.c"
  ! cmp -s "$work/example_1.c" "$work/failing.c" || { echo "the edit changes nothing"; return 1; }
  compile failing || return 1
  said=$("$work/failing") || status=$?
  [ "$status" -eq 1 ] && [[ $said == "$1: "* ]] || { echo "status $status: $said"; return 1; }
}
check readme_small_arena fails_as KFIX_ARENA_SMALL 's/bytes = sizeof arena}/bytes = sizeof arena - 1}/'
check readme_misaligned_arena fails_as KFIX_ARENA_ALIGN 's/arena = arena, .bytes = sizeof arena/arena = arena + 8, .bytes = sizeof arena - 8/'
check readme_no_arena fails_as KFIX_ARGUMENT 's/arena = arena,/arena = NULL,/'
check readme_no_such_method fails_as KFIX_ARGUMENT 's/KFIX_METHOD_kfac/(kfix_method)99/'
check readme_bad_option fails_as KFIX_OPTION \
  's/const kfix_setup setup =/kfix_options o = kfix_options_default(\&net); o.decay = 7; &/; s/kfac, .port/kfac, .options = \&o, .port/'
check readme_nan_in_data fails_as KFIX_DATA_NONFINITE 's/  kfix \*trainer;/  x[777] = 0 \/ (kfix_real)(y[1] - y[1]);\n&/'
check readme_infinite_target fails_as KFIX_DATA_NONFINITE 's/  kfix \*trainer;/  y[19] = 1 \/ (kfix_real)(y[1] - y[1]);\n&/'
check readme_no_rows fails_as KFIX_ARGUMENT 's/batch = {200,/batch = {0,/'
check readme_no_targets fails_as KFIX_ARGUMENT 's/table = {x, y,/table = {x, NULL,/'
check readme_other_width fails_as KFIX_ARGUMENT 's/NULL, 64, 10}/NULL, 63, 10}/'
check readme_failing_fetch fails_as KFIX_FETCH \
  's/^int main/static int fetch(void *s, size_t i, size_t n, kfix_real *a, size_t b, kfix_real *c, size_t d) { (void)s, (void)n, (void)a, (void)b, (void)c, (void)d; return i > 99; }\n&/; s/kfix_fetch_table,/fetch,/'
check readme_evaluation_fails fails_as KFIX_ARGUMENT 's/\&batch, \&score/\&batch, NULL/'
check readme_rounding_mode fails_as KFIX_PORT_ROUNDING 's/^int main(void) {/#include <fenv.h>\n&\n  fesetround(FE_UPWARD);/'
check uninstall make_here uninstall
check uninstall_leaves_nothing nothing_left
finish
