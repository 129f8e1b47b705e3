#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs that learn nothing, or have few steps, say so at their end and what to try; others do not.
. test/support/train.sh
tmp=$KFIX_TMP

# ends TEXT ARGS...: the run says it at its end; the notes and what to try in one line.
ends() {
  "$train" --data "$tmp/clouds.csv" "${@:2}" > "$tmp/out" || return 1
  sed -n '/^note /,/^try /p' "$tmp/out" | sed 's/^ \{10\}//' | paste -sd' ' | sed 's/   */: /g' > "$tmp/note"
  case $(cat "$tmp/note") in *"$1"*) ;; *) tail -n 5 "$tmp/out"; return 1 ;; esac
}
silent() {
  "$train" --data "$tmp/clouds.csv" "$@" > "$tmp/out" || return 1
  ! grep '^note ' "$tmp/out"
}

# ---- few steps ----

check "few steps: epochs or a smaller batch" ends \
  "note: only 10 steps in all try: more --epochs, or begin again with a smaller --batch (it is 184)"
check "a batch of one cannot be smaller" ends "only 30 steps in all try: more --epochs" \
  --limit 3 --batch 1
batch_of_one() {
  ends "only 30 steps" --limit 3 --batch 1 && ! grep -q -- --batch "$tmp/note"
}
check "then no smaller one is named" batch_of_one
check "steps that were counted out" ends "only 7 steps in all try: more --steps" --steps 7
check "one step" ends "only 1 step in all" --steps 1
check "a growing batch is not made smaller" ends "only 9 steps in all try: more --steps" \
  --batch-schedule 20:6 --steps 9
check "out of patience" ends "try: a larger --patience" --method sgd --lr 0 --epochs 40 --patience 1
check "enough steps that learn" silent --batch 20 --epochs 10

# ---- nothing learned ----

check "a rate that is too low" ends "note: nothing was learned: training loss" \
  --method sgd --lr 0.0000001 --batch 20 --epochs 6
rate_up() {
  ends "try: begin again with a larger --lr (it is 1e-07)" --method sgd --lr 0.0000001 --batch 20 --epochs 6
}
check "a larger one is advised" rate_up
rate_down() {
  ends "try: begin again with a lower --lr (it is 5)" --method adam --lr 5 --batch 20 --epochs 6
}
check "a rate that is too high" rate_down
grew() {
  ends ": the weights grew, and their decay is part of it try: begin again with a lower --lr" --method adam --lr 5 --batch 20 --epochs 10 &&
    awk '/^epoch 10 / { exit !($8 == 0) }' "$tmp/out"
}
check "all rows are right, but the weights have grown" grew
lambda_down() {
  ends "try: begin again with a smaller --lambda" --lambda 1e9 --lambda-ceiling 1e10 --batch 20 --epochs 6
}
check "the adaptive driver has lambda" lambda_down
few_too() {
  ends "only 4 steps in all try: more --steps" --lambda 1e9 --lambda-ceiling 1e10 --batch 20 --steps 4
}
check "where the steps were few too, these are the advice" few_too

check "a warm-up that outlasts the run" ends "try: begin again with a shorter --lr-warmup (it is 100000)" \
  --method adam --lr 0.001 --lr-warmup 100000 --batch 20 --epochs 6

# ---- learned, and lost again ----

rises() {
  ends "with --lr-schedule cosine, or a larger --batch" --data "$tmp/noisy.csv" --driver fixed --lr 1 --batch 2 --epochs 12 &&
    grep -q '^note  *the training objective is .*, after epoch [0-9]* it was ' "$tmp/note" "$tmp/out"
}
awk 'function r() { x = x * 16807 % 2147483647; return x / 2147483647 }
  BEGIN { x = 5; for (i = 0; i < 300; i++) { line = ""; c = int(3 * r())
    for (j = 0; j < 64; j++) line = line sprintf("%.3f,", r() + (j % 3 == c) * 0.15)
    print line c } }' > "$tmp/noisy.csv"
check "an objective that rises again" rises
overfits() {
  "$train" --data "$tmp/noisy.csv" --batch 20 --epochs 30 > "$tmp/out" &&
    grep -q '^best  *validation objective [0-9.]* after step [0-9]*, now [0-9.]*: --best FILE' "$tmp/out"
}
check "who did not ask is told of the best" overfits
check "who asked is not told twice" sh -c \
  "'$train' --data '$tmp/noisy.csv' --batch 20 --epochs 30 --best '$tmp/b.npz' | grep -c '^best ' | grep -qx 1"

# The targets' mean: Adam falls back to it where its rate is far too high.
awk 'function r() { x = x * 16807 % 2147483647; return x / 2147483647 }
  BEGIN { x = 9; for (i = 0; i < 200; i++) { line = ""
    for (j = 0; j < 64; j++) line = line sprintf("%.3f,", r())
    print line int(3 * r()) } }' > "$tmp/random.csv"
# Class frequencies p of the training rows: the loss of a constant answer is - sum p log p.
constant() {
  awk -F, 'NR % 5 != 0 { n[$65]++; all++ } END { for (c in n) h -= n[c] / all * log(n[c] / all); printf "%.6g", h }' "$1"
}
mean_of_targets() {
  "$train" --data "$tmp/random.csv" --batch 40 --epochs 15 --method sgd --lr 0.001 > "$tmp/out" &&
    grep -A1 '^note .*where to answer every row with the$' "$tmp/out" | grep -q "^ *mean of the targets has $(constant "$tmp/random.csv")\$"
}
check "the loss of the mean is that of the class frequencies" mean_of_targets

# A rate that has come to 0 makes nothing of more epochs.
cosine=(--method sgd --lr 0.1 --lr-schedule cosine)
check "a schedule that has ended: not from here" ends \
  "try: begin again with more --epochs, or a smaller --batch (it is 184)" "${cosine[@]}"
to_go_on() {
  silent --batch 20 --epochs 10 --checkpoint "$tmp/run.ck" "${cosine[@]}" &&
    grep -q '^next      the rate has come to 0: to train for longer, begin again with a larger --epochs$' "$tmp/out" &&
    silent --batch 20 --epochs 10 --checkpoint "$tmp/run.ck" "${cosine[@]}" --lr-floor 0.1 &&
    grep -q '^next      go on with --resume' "$tmp/out"
}
check "nor is it gone on with" to_go_on

# ---- quiet ----

nothing() {
  [ -z "$("$train" --quiet --data "$tmp/clouds.csv" --epochs 2 2>&1)" ] && ! silent --epochs 2
}
check "--quiet says nothing of it" nothing
not_evaluated() {
  silent --eval-every 0 --batch 20 --epochs 10 --method sgd --lr 0.0000001
}
check "a run that was never evaluated is not judged" not_evaluated

finish
