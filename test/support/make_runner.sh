#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: make_runner.sh TEST.c > RUNNER.c
# Writes a main for cmocka that runs each `void test_*(void)` of TEST.c, with its setUp and tearDown
# around each test if it defines them. A definition starts at the beginning of a line.
set -eu

awk -v group="$(basename "$1" .c)" '
  match($0, /^void +(test_[A-Za-z0-9_]+|setUp|tearDown) *\( *void *\)/) && !/;[ \t]*$/ {
    name = $0
    sub(/^void +/, "", name)
    sub(/ *\(.*/, "", name)
    if (name == "setUp") setup = 1
    else if (name == "tearDown") teardown = 1
    else tests[++count] = name
  }
  END {
    print "/* Written by test/support/make_runner.sh. */"
    print "#include <setjmp.h>\n#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>"
    print "#include <cmocka.h>\n"
    if (setup) around("setUp")
    if (teardown) around("tearDown")
    for (i = 1; i <= count; i++) {
      print "void " tests[i] "(void);"
      print "static void run_" tests[i] "(void **state) {\n  (void)state;\n  " tests[i] "();\n}\n"
    }
    print "int main(void) {\n  const struct CMUnitTest tests[] = {"
    for (i = 1; i <= count; i++)
      print "      {\"" tests[i] "\", run_" tests[i] ", " (setup ? "run_setUp" : "NULL") ", " \
            (teardown ? "run_tearDown" : "NULL") ", NULL},"
    print "  };"
    print "  return cmocka_run_group_tests_name(\"" group "\", tests, NULL, NULL);\n}"
    if (!count) {
      print group ": no test" > "/dev/stderr"
      exit 1
    }
  }
  function around(name) {
    print "void " name "(void);"
    print "static int run_" name "(void **state) {\n  (void)state;\n  " name "();\n  return 0;\n}\n"
  }' "$1"
