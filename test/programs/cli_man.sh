#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# --help, the manual page and the completion of bash come from one table: all options are in each.
. test/support/train.sh
build test/support/three_threads.h train size fisher bench datagen || exit 1
programs=$KFIX_BUILD/three_threads
tmp=$KFIX_TMP

# options PROGRAM: the names that --help lists.
options() {
  "$programs/$1" --help | sed -n 's/^  \(--[a-z][a-z0-9-]*\).*/\1/p'
}
in_man() {
  "$programs/$1" --help=man > "$tmp/page" || return 1
  same "$(options "$1" | grep -v '^--help$')" \
    "$(sed -n 's/^\\fB\(\\-\\-[^ ]*\)\\fR.*/\1/p' "$tmp/page" | sed 's/\\-/-/g')"
}
in_completion() {
  "$programs/$1" --help=bash > "$tmp/completion" && bash -n "$tmp/completion" || return 1
  same "$(options "$1" | sort)" "$(sed -n 's/^    \*) words="\(.*\)" ;;$/\1/p' "$tmp/completion" | tr ' ' '\n' | sort)"
}
# Only what man(7) knows begins a line with a point; nothing else is a request by accident.
requests() {
  "$programs/$1" --help=man | grep '^[.'"'"']' | grep -Ev '^\.(TH|SH|SS|TP|PP|B|nf|fi)( |$)' && return 1
  same 1 "$("$programs/$1" --help=man | grep -c '^\.TH "'"${1//-/\\\\-}"'" 1 ')"
}
for name in train size fisher bench datagen; do
  check "kfix-$name: every option is in its page" in_man "kfix-$name"
  check "kfix-$name: every option is completed" in_completion "kfix-$name"
  check "kfix-$name: nothing but requests begins with a point" requests "kfix-$name"
done
other_form() {
  STATUS=2 says "--help=man" "$train" --help=html
}
check "another form of help is refused" other_form

# ---- the order of --help ----

groups() {
  same "everyday options more about the run more files and logs settings of methods and drivers" \
    "$("$train" --help | sed -n '/^[a-z].*:$/{s/ *[(;,:].*//;p}' | paste -sd' ')"
}
check "everyday options come first, the papers' settings last" groups
everyday() {
  local name
  for name in method data validation epochs batch lr seed patience time-limit log export best checkpoint resume quiet; do
    "$train" --help | sed '/^more about/,$d' | grep -q "^  --$name\( \|$\)" || { echo "no --$name"; return 1; }
  done
}
check "what one needs every day is among them" everyday
kinds() {
  local kind
  for kind in .csv .tsv .gz .npy x.npy x_valid.npy idx CIFAR curves mnist fashion-mnist cifar10 cifar100 faces digits; do
    "$train" --help | sed -n '/^  --data/,/^  --validation/p' | grep -qF -- "$kind" || { echo "no $kind"; return 1; }
  done
}
check "--data says all that it takes" kinds
# ---- what bash does with it ----

# completed WORD...: what the last of these words is completed to.
completed() {
  bash -c 'cd "$1" && . ./completion && shift && COMP_WORDS=(kfix-train "$@") COMP_CWORD=$# &&
    _kfix_train && printf "%s\n" "${COMPREPLY[@]}"' - "$tmp" "$@" | sort | paste -sd' '
}
"$train" --help=bash > "$tmp/completion"
check "a name" same "--validation" "$(completed --valid)"
check "a word of a choice" same "ekfac ekfac-ra" "$(completed --method ekf)"
check "after an equals sign" same "ekfac ekfac-ra" "$(completed --method = ekf)"
check "all words after it" same "empirical exact true" "$(completed --fisher =)"
check "a file" same "clouds.csv" "$(completed --data clo)"
numbers() {
  [ -z "$(completed --seed '')" ]
}
check "a number is nobody's to guess" numbers

finish
