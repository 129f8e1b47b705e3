#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# tools/plot: logs become pictures, and what is wrong with a log is said.
. test/support/cli.sh

command -v gnuplot > /dev/null || { echo "skip plot: no gnuplot"; exit 77; }
work=${KFIX_TMP:?}
header=step,epoch,seconds,examples,train_objective,train_error,validation_objective,validation_error
header=$header,lambda,gamma,alpha,mu,rho
{
  echo "$header"
  for k in $(seq 40); do
    validation=
    [ $((k % 10)) -ne 0 ] || validation=1.$k
    echo "$k,0.$k,$k.5,$((k * 100)),$((100 - k)).25,1e-$k,$validation,,150,1,,,"
  done
} > "$work/a.csv"
sed 's/1e-/2e-/' "$work/a.csv" > "$work/it's b.csv"
printf '%s\n1,nan,,,,,,,,,,,\n' "$header" > "$work/empty.csv"

says() { # says TEXT COMMAND...: the output, either stream, holds the text.
  local text=$1
  shift
  "$@" 2>&1 | grep -qF -- "$text" || { echo "does not say: $text"; "$@"; return 1; }
}

svg() {
  tools/plot --out "$work/a.svg" --title "one & two" "$work/a.csv" "$work/it's b.csv" &&
    grep -q '<svg' "$work/a.svg" && tail -n 2 "$work/a.svg" | grep -q '</svg>'
}

labels() {
  tools/plot --out "$work/l.svg" --y train_objective,validation_objective "first=$work/a.csv" \
    "$work/it's b.csv" &&
    grep -q 'first: validation_objective' "$work/l.svg" &&
    grep -q "it's b: train_objective\|it&#39;s b: train_objective" "$work/l.svg"
}

png() {
  tools/plot --out="$work/a.png" --x seconds --y train_error --log xy "$work/a.csv" &&
    [ "$(head -c 4 "$work/a.png" | od -An -tx1 | tr -d ' \n')" = 89504e47 ]
}

old_picture_stays() {
  echo old > "$work/keep.svg"
  fails 1 tools/plot --out "$work/keep.svg" "$work/empty.csv" && [ "$(cat "$work/keep.svg")" = old ]
}

one_line() { # one_line TEXT ARGS...: it fails, with this one line.
  local text=$1 said
  shift
  said=$(tools/plot "$@" 2>&1) && return 1
  [ "$(printf '%s\n' "$said" | wc -l)" -eq 1 ] || { echo "not one line: $said"; return 1; }
  case $said in *"$text"*) ;; *) echo "it says: $said"; return 1 ;; esac
}

equals_in_the_name() {
  local plot=$PWD/tools/plot
  cp "$work/a.csv" "$work/lr=0.1.csv"
  (cd "$work" && timeout 20 "$plot" --out equals.svg lr=0.1.csv < /dev/null && grep -q 'lr=0.1' equals.svg)
}

leaves_no_temporaries() {
  [ -z "$(find "$work" -name '.plot-*')" ]
}

check help says "usage: tools/plot" tools/plot --help
check svg svg
check labels labels
check png_with_log_axes png
check unknown_column says "there is no column loss" tools/plot --y loss "$work/a.csv"
check unknown_column_fails fails 1 tools/plot --y loss "$work/a.csv"
check empty_log says "nothing to draw" tools/plot "$work/empty.csv"
check old_picture_stays old_picture_stays
check missing_file says "there is no such file" tools/plot "$work/none.csv"
check no_file fails 2 tools/plot
check unknown_option fails 2 tools/plot --colour red "$work/a.csv"
check bad_size fails 2 tools/plot --size big "$work/a.csv"
check bad_kind fails 2 tools/plot --out "$work/a.bmp" "$work/a.csv"
check missing_folder fails 1 tools/plot --out "$work/none/a.svg" "$work/a.csv"
check missing_folder_in_one_line one_line "cannot write in that folder" --out "$work/none/a.svg" "$work/a.csv"
check equals_in_the_name equals_in_the_name
for from in 5e . - 1-2 1e5.0; do
  check "from_$from" one_line "--from '$from': not a number" --from "$from" "$work/a.csv"
done
check from_a_number tools/plot --out "$work/f.svg" --from -.5e-1 "$work/a.csv"
check no_temporaries leaves_no_temporaries
finish
