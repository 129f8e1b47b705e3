#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What setup.sh installs for a task is all that the task needs: no test is left out on a new machine
# because a command is not there.
. test/support/cli.sh

command -v apt-cache > /dev/null || exit 77
commands=$KFIX_TMP/commands
mkdir "$commands"

check "the commands that come with make test's packages" tools/dev/commands.sh "$commands" test
# The commands that a test looks for before it goes on without them.
looked_for() {
  grep -hoE 'command -v [a-z0-9+-]+' test/*/cli_*.sh test/support/*.sh | sort -u | cut -d " " -f 3
}
all_there() {
  local name missing=0
  for name in $(looked_for); do
    [ -e "$commands/$name" ] || { echo "setup.sh test does not install $name"; missing=1; }
  done
  [ "$(looked_for | wc -l)" -gt 2 ] && [ $missing -eq 0 ]
}
check "whatever a test would be skipped without" all_there
only_those() {
  mkdir "$KFIX_TMP/few"
  tools/dev/commands.sh "$KFIX_TMP/few" run && [ -x "$KFIX_TMP/few/gcc" ] && [ -x "$KFIX_TMP/few/make" ] &&
    [ ! -e "$KFIX_TMP/few/clang" ] && [ ! -e "$KFIX_TMP/few/gnuplot" ]
}
check "and no others" only_those
lists() {
  tools/dev/setup.sh --list lint | grep -qx cppcheck && fails 2 tools/dev/setup.sh --list nothing
}
check "a task has a list" lists
finish
