#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# --validation: which rows validate, that it is said, and that a resumed run keeps to it.
. test/support/train.sh
tmp=$KFIX_TMP
ck=$tmp/run.ck
head -n 50 "$tmp/clouds.csv" > "$tmp/fifty.csv"
tail -n 30 "$tmp/clouds.csv" > "$tmp/thirty.csv"
short() {
  "$train" --data "$tmp/fifty.csv" --batch 5 "$@"
}

splits() {
  local said
  said=$(short --steps 2 "${@:2}") || return 1
  same "split     $1" "$(grep '^split ' <<< "$said")"
}
check "as ever: every fifth row" splits "40 rows train, 10 validate: every fifth row (4, 9, 14, ...)"
check "a part" splits "37 rows train, 13 validate: 0.25 of the rows, drawn at random, alike for every seed" \
  --validation 0.25
check "none" splits "50 rows train, none validate" --validation 0
check "other data" splits "50 rows train, 30 validate: those of $tmp/thirty.csv" --validation "$tmp/thirty.csv"
check "with a limit" splits \
  "20 rows, the first of 45, train, 5 validate: 0.1 of the rows, drawn at random, alike for every seed" \
  --validation 0.1 --limit 20

# What each part holds is seen from the objective at the start, of weights that a seed decides.
first_row() {
  short --quiet --steps 1 --log "$tmp/log.csv" "$@" && sed -n 2p "$tmp/log.csv" | cut -d, -f"$columns"
}
alike() {
  local columns=5-8 zero
  zero=$(first_row --validation 0.2) || return 1
  same "$zero" "$(first_row --validation 0.20)" && same "$zero" "$(first_row --validation 0.2 --method adam --lr 0.1)" &&
    [ "$zero" != "$(first_row)" ]
}
check "the same part for every method, another than every fifth row" alike
no_part() {
  local columns=7,8
  same nan,nan "$(first_row --validation 0)"
}
check "without validation rows the log has nan" no_part
all_and_others() {
  local columns=5,6 all
  all=$(first_row --validation 0) || return 1
  same "$all" "$(first_row --validation "$tmp/thirty.csv")"
}
check "other data leave all rows for training" all_and_others

# ---- what is no split ----

refused() {
  STATUS=$1 says "$2" short --steps 1 --validation "$3"
}
for text in 1 1.5 -0.1 nan inf 1e9; do
  check "$text is no part" refused 2 "a part of the rows from 0 to below 1" "$text"
done
check "a part that leaves no rows" refused 1 "leaves one part empty" 0.001
check "data that are not there" refused 1 "no such file or folder" "$tmp/none.csv"
cut -d, -f3- "$tmp/thirty.csv" > "$tmp/narrow.csv"
check "a table of other columns" refused 1 "has 63 columns, the training table 65" "$tmp/narrow.csv"
check "no table" refused 1 "no table (.csv, .tsv), which the training data are" curves
same_place() {
  STATUS=2 says "the data are there" short --steps 1 --validation "$tmp/thirty.csv" --log "$tmp/thirty.csv"
}
check "an output in the place of the validation data" same_place

# ---- resumed ----

goes_on() {
  local all
  all=$(short --steps 30 --validation "$1" | last_digest)
  short --quiet --steps 13 --validation "$1" --checkpoint "$ck" || return 1
  same "$all" "$("$train" --resume "$ck" --steps 30 | last_digest)" &&
    same "$all" "$("$train" --resume "$ck" --steps 30 --validation "$1" | last_digest)" || return 1
  short --steps 1 --validation "$1" | grep '^split ' > "$tmp/split"
  "$train" --resume "$ck" --steps 30 | grep '^split ' | cmp "$tmp/split" -
}
check "a part is in the checkpoint" goes_on 0.3
check "none is" goes_on 0
check "other data are" goes_on "$tmp/thirty.csv"
# differs TEXT ARGS...: not what the checkpoint's run has.
differs() {
  STATUS=$1 says "$2" "$train" --resume "$ck" --steps 40 "${@:3}"
}
short --quiet --steps 13 --checkpoint "$ck"
check "a part where the run has the data's own split" differs 2 "--validation 0.2: the checkpoint's run has the data's own split" \
  --validation 0.2
short --quiet --steps 13 --validation 0.3 --checkpoint "$ck"
check "another part" differs 2 "--validation 0.4: the checkpoint's run has 0.3" --validation 0.4
check "other data instead of a part" differs 2 "the checkpoint's run has 0.3" --validation "$tmp/thirty.csv"
check "the same part" "$train" --quiet --resume "$ck" --steps 14 --validation 0.300
short --quiet --steps 13 --validation "$tmp/thirty.csv" --checkpoint "$ck"
elsewhere() {
  cp "$tmp/thirty.csv" "$tmp/moved.csv"
  "$train" --quiet --resume "$ck" --steps 14 --validation "$tmp/moved.csv"
}
check "data that lie elsewhere" elsewhere
sed '3s/^[^,]*/0.123/' "$tmp/thirty.csv" > "$tmp/changed.csv"
check "data that are others" differs 1 "the validation data '$tmp/changed.csv' are not those of the checkpoint's run" \
  --validation "$tmp/changed.csv"
changed() {
  cp "$tmp/changed.csv" "$tmp/thirty.csv"
  differs 1 "the validation data '$tmp/thirty.csv' are not those of the checkpoint's run"
}
check "data that changed" changed

finish
