#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Runs that end before their goal: --patience, --best, --time-limit; and what a run says at its end.
. test/support/train.sh
tmp=$KFIX_TMP
ck=$tmp/run.ck

# Points whose classes are random: what is learned of them does not hold for others.
awk 'function r() { x = x * 16807 % 2147483647; return x / 2147483647 }
  BEGIN { x = 5; for (i = 0; i < 150; i++) { line = ""
    for (j = 0; j < 64; j++) line = line sprintf("%.3f,", r())
    print line int(3 * r()) } }' > "$tmp/noise.csv"
noise() {
  "$train" --data "$tmp/noise.csv" --batch 30 --averaging 0 --lambda 20 "$@"
}

# ---- patience ----

# expected COLUMN PATIENCE LOG: "epoch of the best, epoch of the end" of a log that goes on for longer.
expected() {
  awk -F, -v column="$1" -v patience="$2" 'NR > 1 {
    if (best == "" || $column + 0 < best) { best = $column + 0; at = $2 }
    if ($2 >= at + patience) { print at, $2; exit } }' "$3"
}
noise --quiet --epochs 60 --log "$tmp/long.csv"
patient() {
  local best end
  read -r best end <<< "$(expected 7 "$1" "$tmp/long.csv")"
  [ "$end" -lt 60 ] && [ "$best" -gt 0 ] || { echo "the run has no such end: '$best' '$end'"; return 1; }
  noise --epochs 60 --patience "$1" --log "$tmp/log.csv" > "$tmp/out" || return 1
  same "$(head -n $((end + 2)) "$tmp/long.csv" | cut -d, -f1,2,4-8)" "$(cut -d, -f1,2,4-8 "$tmp/log.csv")" &&
    grep -q "^ended     after step .*, by --patience $1: no better validation objective since epoch $best$" "$tmp/out" &&
    grep -q "^best      validation objective .* after step $((best * 4))$" "$tmp/out"
}
check "--patience 1 ends where the log says" patient 1
check "--patience 3" patient 3
never() {
  noise --epochs 4 --patience 4 > "$tmp/out" && grep -q '^ended     after step 16, at --epochs 4$' "$tmp/out"
}
check "a goal that comes first" never
by_training() {
  local best end
  noise --quiet --validation 0 --method sgd --lr 0.7 --epochs 60 --log "$tmp/all.csv"
  read -r best end <<< "$(expected 5 1 "$tmp/all.csv")"
  noise --validation 0 --method sgd --lr 0.7 --epochs 60 --patience 1 > "$tmp/out" || return 1
  grep -q "by --patience 1: no better training objective since epoch $best$" "$tmp/out"
}
by_training_sgd() {
  # The adaptive settings of noise() are not sgd's.
  noise() { "$train" --data "$tmp/noise.csv" --batch 30 --averaging 0 "$@"; }
  by_training
}
check "without validation rows the training objective counts" by_training_sgd
quiet() {
  [ -z "$(noise --quiet --epochs 60 --patience 1 --checkpoint "$ck" 2>&1)" ] &&
    same "$(expected 7 1 "$tmp/long.csv" | cut -d' ' -f2)" "$(grep -a -m1 '^epoch=' "$ck" | cut -d= -f2)"
}
check "--quiet looks at evaluations too, and says nothing" quiet
sparse() {
  noise --epochs 60 --patience 3 --eval-every 2 --log "$tmp/log.csv" > "$tmp/out" || return 1
  local best end
  read -r best end <<< "$(expected 7 3 <(awk -F, 'NR == 1 || $2 % 2 == 0' "$tmp/long.csv"))"
  same "$end" "$(tail -n 1 "$tmp/log.csv" | cut -d, -f2)"
}
check "with evaluations every other epoch" sparse

# ---- the best weights ----

kept() {
  local best end
  read -r best end <<< "$(expected 7 3 "$tmp/long.csv")"
  noise --quiet --epochs 60 --patience 3 --best "$tmp/best.npz" && noise --quiet --epochs "$best" --export "$tmp/then.npz" &&
    cmp "$tmp/best.npz" "$tmp/then.npz"
}
check "--best holds the weights of the best epoch" kept
# The weights are of the iterate that the row is of; without --export-average that one is exported.
averaged() {
  local best run=("$train" --quiet --data "$tmp/noise.csv" --batch 30 --method sgd --lr 0.7 --averaging 0.99)
  "${run[@]}" --epochs 8 --log "$tmp/log.csv" || return 1
  best=$(expected 7 1000 <(cat "$tmp/log.csv"; echo 9,9999,0,0,0,0,9) | cut -d' ' -f1)
  awk -F, -v best="$best" 'NR > 1 && $2 == best && $NF == "average" { found = 1 } END { exit !found }' "$tmp/log.csv" ||
    { echo "the best row is not of the average"; return 1; }
  "${run[@]}" --epochs "$best" --best "$tmp/best.npz" --export "$tmp/average.npz" --export-average &&
    cmp "$tmp/best.npz" "$tmp/average.npz"
}
check "of the averaged iterate where it is better" averaged
format() {
  noise --quiet --epochs 2 --best "$tmp/best.safetensors" && noise --quiet --steps 1 --import "$tmp/best.safetensors" &&
    STATUS=2 says ".safetensors or .npz" noise --steps 1 --best "$tmp/best.bin"
}
check "in either format, by its name" format
full() {
  [ -e /dev/full ] || return 0
  ln -sf /dev/full "$tmp/full.npz"
  says "/dev/full: not written: No space left on device" noise --quiet --epochs 2 --best "$tmp/full.npz"
}
check "a disk that is full" full
clashes() {
  STATUS=2 says "name the same file" noise --steps 1 --best "$tmp/b.npz" --export "$tmp/./b.npz"
}
check "not in the place of another output" clashes
needs_evaluations() {
  STATUS=2 says "needs evaluations" noise --epochs 3 --eval-every 0 "$@"
}
check "--patience needs evaluations" needs_evaluations --patience 2
check "--best needs evaluations" needs_evaluations --best "$tmp/b.npz"

# ---- resumed ----

resumed() {
  local best end
  rm -f "$tmp/best.npz" "$tmp/again.npz"
  read -r best end <<< "$(expected 7 3 "$tmp/long.csv")"
  noise --quiet --epochs 60 --patience 3 --best "$tmp/best.npz" || return 1
  noise --quiet --epochs $((best + 1)) --patience 3 --best "$tmp/again.npz" --checkpoint "$ck" || return 1
  "$train" --resume "$ck" --epochs 60 --patience 3 --best "$tmp/again.npz" > "$tmp/out" || return 1
  cmp "$tmp/best.npz" "$tmp/again.npz" &&
    grep -q "by --patience 3: no better validation objective since epoch $best$" "$tmp/out" &&
    grep -q "^ended     after step $((end * 4))," "$tmp/out" && grep -q "had none better, so --best wrote nothing" "$tmp/out"
}
check "the count goes on over a checkpoint" resumed
out_of_it() {
  noise --quiet --epochs 60 --patience 3 --checkpoint "$ck" || return 1
  local end
  end=$(grep -a -m1 '^epoch=' "$ck" | cut -d= -f2)
  same "kfix-train: already at epoch $end, the best was epoch $((end - 3)): nothing to do; a larger --patience than 3 goes on" \
    "$("$train" --quiet --resume "$ck" --epochs 60 --patience 3 2>&1)" &&
    "$train" --quiet --resume "$ck" --epochs 60 --patience 4 --checkpoint "$ck" &&
    same $((end + 1)) "$(grep -a -m1 '^epoch=' "$ck" | cut -d= -f2)"
}
check "resumed out of patience it says so; more of it goes on" out_of_it
older() {
  noise --quiet --epochs 2 --checkpoint "$ck" &&
    test/support/edit_checkpoint.py "$ck" "$tmp/old.ck" best best_step best_epoch validation validation_digest &&
    "$train" --quiet --resume "$tmp/old.ck" --epochs 3 --patience 5 --checkpoint "$tmp/old.ck" &&
    "$train" --quiet --resume "$ck" --epochs 3 --checkpoint "$ck" &&
    same "$("$train" --resume "$ck" --epochs 4 | last_digest)" "$("$train" --resume "$tmp/old.ck" --epochs 4 | last_digest)" &&
    grep -aq '^best_epoch=3$' "$tmp/old.ck"
}
if command -v python3 > /dev/null; then
  check "a checkpoint of before knows no best" older
else
  echo "skip a checkpoint of before: no python3"
fi

# ---- the time limit ----

limited() {
  rm -f "$ck" "$tmp/w.npz" "$tmp/log.csv"
  fails 0 timeout 60 "$train" --data "$tmp/noise.csv" --batch 30 --steps 100000000 --eval-every 1000000 --time-limit "$1" \
    --checkpoint "$ck" --export "$tmp/w.npz" --log "$tmp/log.csv" > "$tmp/out" || return 1
  local step
  step=$(grep -a -m1 '^step=' "$ck" | cut -d= -f2)
  [ "$step" -gt 1 ] && [ -s "$tmp/w.npz" ] && same "$step" "$(tail -n 1 "$tmp/log.csv" | cut -d, -f1)" &&
    grep -q "^ended     after step $step, by --time-limit, at 1 s$" "$tmp/out" &&
    grep -q "^next      go on with --resume $ck --checkpoint $ck --steps 100000000 --time-limit 1 " "$tmp/out" || return 1
  same "$(noise2 --steps $((step + 3)) | last_digest)" "$("$train" --resume "$ck" --steps $((step + 3)) | last_digest)"
}
noise2() {
  "$train" --data "$tmp/noise.csv" --batch 30 --eval-every 1000000 "$@"
}
check "a time limit: evaluated, saved, exported, and it goes on alike" limited 1
check "with a unit" limited 1s
bad_time() {
  local text
  for text in 0 -1 soon 1x 5mm 1e10 nan s; do
    STATUS=2 says "seconds above 0, or 90s, 15m, 2h, 1d" noise --steps 1 --time-limit "$text" || return 1
  done
}
check "what is no time" bad_time
units() {
  noise --steps 2 --checkpoint "$ck" --time-limit "$1" | sees -- " --time-limit $2\$"
}
check "minutes" units 1.5m 90
check "hours" units 2h 7200
check "days" units 1d 86400

# ---- the last lines ----

last() {
  noise --epochs 2 "${@:2}" > "$tmp/out" && grep -q "$1" "$tmp/out" || { cat "$tmp/out"; return 1; }
}
check "where nothing was kept" last "^next      nothing was kept: --export FILE keeps the weights"
check "how to go on" last "^next      go on with --resume $ck --checkpoint $ck --epochs 4\$" --checkpoint "$ck"
check "where the weights are" last "^weights in $tmp/w.npz, the last iterate\$" --export "$tmp/w.npz"
check "how to predict" last "^next      predict with kfix-predict --weights $tmp/w.npz --data" --export "$tmp/w.npz"
check "a name with a blank and a quote" last "^next      predict with kfix-predict --weights '$tmp/a '.'' \$b.npz' --data" \
  --export "$tmp/a ' \$b.npz"
goes_on() {
  noise --epochs 2 --patience 9 --best "$tmp/b.npz" --checkpoint "$ck" > "$tmp/out" || return 1
  local words
  words=$(sed -n 's/^next      go on with//p' "$tmp/out")
  # shellcheck disable=SC2086
  "$train" $words | sees '^ended     after step 16, at --epochs 4$'
}
check "what it says to go on with does" goes_on

finish
