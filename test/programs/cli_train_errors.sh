#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What kfix-train says to wrong command lines, data and runs, and what it leaves behind.
. test/support/train.sh
tmp=$KFIX_TMP

# ---- the command line: exit status 2, one line ----

usage() {
  STATUS=2 says "$1" run --steps 1 "${@:2}"
}
check "an unknown option" usage "did you mean --lambda?" --lamda 3
check "no number" usage "not a number" --lr fast
check "out of range" usage "out of range" --stats-decay 2
check "auto for what the library does not choose" usage "not a number" --weight-decay auto
check "unknown method" usage "allowed are sgd|nesterov|adam|kfac" --method newton
check "unknown port" usage "allowed are ref|" --port abacus
case $("$train" --help) in
*blis*) echo "skip a port that is not built in: blis is" ;;
*) check "a port that is not built in" usage "install libblis-serial-dev" --port blis ;;
esac
check "more threads than the config allows" usage "from 1 to 3" --threads 4
check "a layer that is not there" usage "from 1 to 3" --approximation-log "$tmp/l" --layer 4
check "epochs and steps" usage "contradict" --epochs 2
check "batch and schedule" usage "contradict" --batch 9 --batch-schedule 9:9
check "resume and import" usage "contradict" --resume a --import b.npz
check "every without checkpoint" usage "needs --checkpoint" --every 3
check "trace without steps" usage "needs --trace-at" --trace "$tmp/t"
check "a trace step after the last step" usage "the run ends after step 1" --trace "$tmp/t" --trace-at 2
check "the rate with the adaptive driver" usage "no effect with --driver adaptive: add --driver fixed" \
  --driver adaptive --lr 0.1
check "lambda with the fixed driver" usage "no effect with --driver fixed: add --driver adaptive" \
  --driver fixed --lambda 3
check "lambda with adam" usage "--lambda has no effect with --method adam: leave it out" \
  --method adam --lambda 3
check "beta1 with kfac" usage "--beta1 has no effect with --method kfac: leave it out" --beta1 0.5
check "kl-clip with sgd" usage "no effect with --method sgd: leave it out" --method sgd --kl-clip 0
for method in kpsvd deflation lanczos kfac-corrected exact; do
  check "fisher exact with $method" usage "--fisher exact: not for --method $method: take another method, or --fisher true" \
    --method $method --fisher exact
done
check "fisher exact with an approximation log" usage "--approximation-log: not of a run with --fisher exact" \
  --fisher exact --approximation-log "$tmp/l"
check "fisher exact with a reference" usage "--reference: not of a run with --fisher exact" \
  --fisher exact --reference exact --reference-log "$tmp/l"
check "a schedule with the adaptive driver" usage "no effect with --driver adaptive: add --driver fixed" \
  --driver adaptive --lr-schedule cosine
check "a factor without steps" usage "no effect with --lr-schedule constant: add --lr-schedule step" \
  --method adam --lr-factor 0.5
check "steps of a cosine with a step schedule" usage "no effect with --lr-schedule step: add --lr-schedule cosine" \
  --method adam --lr-schedule step --lr-steps 9
check "a warm-up as long as the run" usage "--lr-warmup 1: the run has 1 step, and" --method adam --lr-schedule cosine \
  --lr-warmup 1
check "a warm-up as long as the cosine" usage "--lr-steps 5: out of range" --method adam --lr-schedule cosine \
  --lr-warmup 5 --lr-steps 5
for method in sgd nesterov adam; do
  check "$method: the word auto is no setting" run --quiet --steps 1 --method $method --driver auto --lambda auto
done
check "auto with the adaptive driver" run --quiet --steps 1 --driver adaptive --lr auto --momentum auto
check "auto with the fixed driver" run --quiet --steps 1 --driver fixed --lambda auto
check "the damping of an approximation log" run --quiet --steps 1 --method adam --damping 0.1 \
  --approximation-log "$tmp/approximations.csv"
check "trace steps out of order" usage "ascending" --trace "$tmp/t" --trace-at 3,2
check "a bad schedule" usage "M1:K" --batch-schedule 9
check "an export name without a format" usage ".safetensors or .npz" --export "$tmp/w.bin"
check "settings that contradict" usage "--gamma-every" --gamma-every 30 --inverse-every 20
check "two logs in one file" usage "name the same file" --log "$tmp/l" --digest-log "$tmp/l"
check "no steps at all" usage "at least 1" --steps 0
check "a batch larger than the data" usage "larger than the data, which have 184 examples" --batch 185
check "a batch as large as the limit" run --quiet --steps 1 --limit 50 --batch 50
check "help" sh -c "'$train' --help | grep -q -- --stats-fraction"
check "version" sh -c "'$train' --version | grep -q three_threads"

# ---- data: exit status 1 ----

bad_data() {
  says "$1" "$train" --steps 1 --data "$2"
}
check "a folder that is not there" bad_data "$tmp/none" "$tmp/none"
mkdir -p "$tmp/cut" "$tmp/nan"
# An idx header for 5 images of 8 x 8, and a few bytes.
printf '\0\0\10\3\0\0\0\5\0\0\0\10\0\0\0\10abc' > "$tmp/cut/train-images-idx3-ubyte"
printf '\0\0\10\1\0\0\0\5abcde' > "$tmp/cut/train-labels-idx1-ubyte"
cp "$tmp/cut/train-images-idx3-ubyte" "$tmp/cut/t10k-images-idx3-ubyte"
cp "$tmp/cut/train-labels-idx1-ubyte" "$tmp/cut/t10k-labels-idx1-ubyte"
check "an idx file that is cut off" bad_data "train-images-idx3-ubyte" "$tmp/cut"
cut -d, -f60- "$tmp/clouds.csv" > "$tmp/narrow.csv"
check "the wrong width" bad_data "64" "$tmp/narrow.csv"
sed '7s/^[^,]*/nan/' "$tmp/clouds.csv" > "$tmp/nan.csv"
check "NaN in a CSV file" bad_data "nan.csv" "$tmp/nan.csv"

# Tables that say the same in other ways, and such that seem to.
sed '1s/^/\n \n/' "$tmp/clouds.csv" > "$tmp/blank.csv"
sed 's/$/\r/; 1s/^/\r\n\r\n/' "$tmp/clouds.csv" > "$tmp/crlf.csv"
sed 's/[^,]*/"&"/g' "$tmp/clouds.csv" > "$tmp/quoted.csv"
tr , ';' < "$tmp/clouds.csv" > "$tmp/semicolons.csv"
tr , '\t' < "$tmp/clouds.csv" > "$tmp/tabs.tsv"
tr ',.' ';,' < "$tmp/clouds.csv" > "$tmp/decimal.csv"
awk 'NR == 1 { for (i = 0; i < 64; i++) printf ",x%d", i; print ",class" } { print NR - 1 "," $0 }' \
  "$tmp/clouds.csv" > "$tmp/index.csv"
same_run() {
  same "$(digest --steps 2)" "$("$train" --data "$1" --batch 100 --steps 2 | last_digest)"
}
check "empty lines before the first row" same_run "$tmp/blank.csv"
check "CR LF" same_run "$tmp/crlf.csv"
check "numbers in quotes" same_run "$tmp/quoted.csv"
check "semicolons" same_run "$tmp/semicolons.csv"
check "tabs" same_run "$tmp/tabs.tsv"
check "decimal commas" bad_data "decimal.csv: line 1, field 1: " "$tmp/decimal.csv"
check "an index column" bad_data "index.csv: its first column has no name and counts the rows" "$tmp/index.csv"

# A .npy header of 128 bytes for a float32 matrix; the second of four rows holds a NaN.
npy() {
  local header="{'descr': '<f4', 'fortran_order': False, 'shape': ($1), }"
  printf '\223NUMPY\1\0\166\0%-117s\n' "$header"
}
{
  npy "4, 64"
  head -c 256 /dev/zero
  printf '\0\0\300\177'
  head -c 764 /dev/zero
} > "$tmp/nan/x.npy"
{
  npy "4, 1"
  head -c 16 /dev/zero
} > "$tmp/nan/y.npy"
check "NaN in a .npy file" bad_data "x.npy" "$tmp/nan"

# ---- files that cannot be written: found before the first step ----

cannot() {
  says "$1" run --steps 1 "${@:2}"
}
check "a log in no folder" cannot "$tmp/no/log.csv" --log "$tmp/no/log.csv"
check "a log that is a folder" cannot "$tmp" --log "$tmp"
check "a checkpoint in no folder" cannot "$tmp/no/c.ck" --checkpoint "$tmp/no/c.ck"
check "an export in no folder" cannot "$tmp/no/w.npz" --export "$tmp/no/w.npz"
check "weights that are not there" cannot "$tmp/no.npz" --import "$tmp/no.npz"
touch "$tmp/file"
check "a trace folder that is a file" cannot "$tmp/file" --trace "$tmp/file" --trace-at 1
full_disk() {
  [ -e /dev/full ] || return 0
  cannot /dev/full --log /dev/full && cannot /dev/full --checkpoint /dev/full
}
check "a full disk" full_disk

# A run that cannot start leaves the logs of an earlier one as they are.
old_logs_stay() {
  echo "an earlier run's" > "$tmp/old.csv"
  cannot "$tmp/no/x.csv" --log "$tmp/old.csv" --log-steps "$tmp/no/x.csv" &&
    same "an earlier run's" "$(cat "$tmp/old.csv")"
}
check "a second log that cannot be opened: the first stays" old_logs_stay

# ---- files that an output would take the place of ----

takes_place() {
  cp "$1" "$tmp/before"
  STATUS=2 says "$2" "$train" --quiet --data "$tmp/clouds.csv" --batch 100 --steps 1 "${@:3}" || return 1
  cmp "$1" "$tmp/before"
}
run --quiet --steps 2 --export "$tmp/w.npz" --checkpoint "$tmp/w.ck"
mkdir -p "$tmp/set"
cp "$tmp/nan/x.npy" "$tmp/set/x.npy"
ln -sf clouds.csv "$tmp/link.csv"
check "the data as log" takes_place "$tmp/clouds.csv" "the data are there" --log "$tmp/clouds.csv"
check "the data as log, by a link" takes_place "$tmp/clouds.csv" "the data are there" \
  --log "$tmp/link.csv"
check "the data as checkpoint" takes_place "$tmp/clouds.csv" "the data are there" \
  --checkpoint "$tmp/./clouds.csv"
check "a file of the data's folder" takes_place "$tmp/set/x.npy" "the data are there" \
  --data "$tmp/set" --log-steps "$tmp/set/x.npy"
check "the imported weights as log" takes_place "$tmp/w.npz" "--import and --log name the same file" \
  --import "$tmp/w.npz" --log "$tmp/set/../w.npz"
check "the resumed checkpoint as log" takes_place "$tmp/w.ck" "--resume and --log name the same file" \
  --resume "$tmp/w.ck" --steps 4 --log "$tmp/w.ck"
check "two outputs, spelled otherwise" usage "--log and --checkpoint name the same file" \
  --log "$tmp/new" --checkpoint "$tmp/./new"

# ---- the standard output ----

cannot_print() {
  [ -e /dev/full ] || return 0
  local said
  for how in "> /dev/full" ">&-"; do
    said=$(bash -c "'$train' --data '$tmp/clouds.csv' --steps 1 2>&1 $how" 2>&1) && return 1
  done
  bash -c "'$train' --data '$tmp/clouds.csv' --steps 1 2> '$tmp/said' > /dev/full"
  same "kfix-train: cannot write to the standard output: No space left on device" "$(cat "$tmp/said")"
}
check "what is printed is lost" cannot_print
closed_and_quiet() {
  run --quiet --steps 1 --log "$tmp/quiet.csv" >&- && grep -q '^1,' "$tmp/quiet.csv"
}
check "a closed standard output is no log" closed_and_quiet

# ---- runs that diverge ----

diverges() {
  rm -f "$tmp/run.ck"
  run --quiet --method sgd --lr 0.01 --steps 6 --checkpoint "$tmp/run.ck" || return 1
  cp "$tmp/run.ck" "$tmp/good.ck"
  says "$1" run --quiet --method "$2" --steps 400 --checkpoint "$tmp/run.ck" "${@:3}" || return 1
  cmp "$tmp/run.ck" "$tmp/good.ck"
}
check "sgd with a huge rate: the checkpoint stays" diverges "lower --lr" sgd --lr 1e6
check "nesterov with a huge rate" diverges "lower --lr" nesterov --lr 1e6
check "fixed driver with a huge rate" diverges "--damping" kfac --driver fixed --lr 1e6 --kl-clip 0
# Written at every step, the file holds the last state whose objective was in bounds.
last_good() {
  rm -f "$tmp/run.ck"
  says "diverges" run --quiet --method sgd --lr 20 --weight-decay 1 --steps 4000 \
    --checkpoint "$tmp/run.ck" --every 1 || return 1
  "$train" --resume "$tmp/run.ck" --epochs 1 > "$tmp/said" && grep -q "objective [0-9]" "$tmp/said"
}
check "the last good step is what the checkpoint holds" last_good

finish
