#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The line of progress: on a terminal alone, without escape codes, within the window.
. test/support/train.sh
tmp=$KFIX_TMP
ulimit -t 60 # nothing here outlives its test for long

# on_terminal COLUMNS ARGS...: what a run shows on its standard error, a line each.
on_terminal() {
  python3 test/support/terminal.py "$1" "${seconds:-20}" "$train" --data "$tmp/clouds.csv" --steps 100000000 --eval-every 0 \
    "${@:2}" > "$tmp/shown"
  # The last line is the run's farewell, which a terminal may break.
  sed '$d; s/ *$//; /^$/d' "$tmp/shown" > "$tmp/progress"
}
# fits COLUMNS REGEX: no line is as wide as the window; the widest one is like this.
fits() {
  sed '$d' "$tmp/shown" | awk -v columns="$1" 'length >= columns { print "too wide: " $0; bad = 1 } END { exit bad }' &&
    awk '{ if (length > length(widest)) widest = $0 } END { print widest }' "$tmp/progress" | grep -Eq "^$2\$" ||
    { cat "$tmp/progress"; return 1; }
}
plain() {
  ! grep -q $'[\e\b\t]' "$tmp/shown" && grep -q "kfix-train: interrupted after step" "$tmp/shown"
}

number='[0-9.e+-]+'
left='  [0-9]+:[0-9][0-9]:[0-9][0-9] left'
whole="step [0-9]+  epoch [0-9]+  loss $number  lambda $number$left"
usual() {
  on_terminal 80 && fits 80 "$whole" && plain
}
check "a line of progress" usual
dumb() {
  TERM=dumb on_terminal 80 && fits 80 "$whole" && plain &&
    (unset TERM && NO_COLOR=1 on_terminal 80 && fits 80 "$whole" && plain)
}
check "no escape codes on a dumb terminal" dumb
narrow() {
  on_terminal "$1" && fits "${1#*,}" "$2" && plain
}
check "50 columns" narrow 50 "step [0-9]+  epoch [0-9]+  loss $number$left"
check "30 columns" narrow 30 "step [0-9]+$left"
check "20 columns" narrow 20 "step [0-9]+"
check "4 columns" narrow 4 ""
check "1 column" narrow 1 ""
check "resized in between" narrow 80,20 "step [0-9]+"
sized() {
  COLUMNS=$1 on_terminal "$2" && fits "$3" "$4"
}
check "a terminal that does not know its width" sized "" 0 80 "$whole"
check "COLUMNS where the terminal does not know" sized 30 0 30 "step [0-9]+$left"
check "COLUMNS below the window's" sized 20 80 20 "step [0-9]+"
check "COLUMNS above the window's" sized 200 20 20 "step [0-9]+"
check "COLUMNS that is no number" sized wide 80 80 "$whole"
check "COLUMNS=0" sized 0 80 80 "$whole"
quiet() {
  seconds=1 on_terminal 80 --quiet && [ ! -s "$tmp/progress" ] && plain
}
check "--quiet" quiet
no_terminal() {
  run --steps 300 --eval-every 0 2>&1 > "$tmp/out" | cat > "$tmp/err" && [ ! -s "$tmp/err" ]
}
check "nothing where nobody sees it" no_terminal

finish
