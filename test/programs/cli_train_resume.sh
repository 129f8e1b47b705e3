#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A run that was interrupted, killed or merely stopped goes on bit for bit.
. test/support/train.sh
tmp=$KFIX_TMP
ck=$tmp/run.ck

reference=$(digest --steps 21)

# Stops after $1 steps, in the middle of an epoch or at its end, then goes on.
stop_and_resume() {
  run --quiet --steps "$1" --checkpoint "$ck" || return 1
  same "$reference" "$("$train" --resume "$ck" --steps 21 --threads "$2" --port "$3" | last_digest)"
}
check "resumed in the middle of an epoch" stop_and_resume 9 1 simd
check "resumed at the end of an epoch" stop_and_resume 10 1 simd
check "resumed after the first step" stop_and_resume 1 1 simd
check "resumed on other threads" stop_and_resume 13 3 simd
check "resumed on another port" stop_and_resume 13 1 ref

for method in sgd nesterov adam; do
  run --quiet --method $method --lr 0.01 --steps 5 --checkpoint "$ck"
  check "$method: resumed" same "$(digest --method $method --lr 0.01 --steps 12)" \
    "$("$train" --resume "$ck" --steps 12 | last_digest)"
done

# What auto stood for stays with the run.
settled() {
  run --steps 5 --method adam --lr auto --checkpoint "$ck" | sees '^rate      0.001$' || return 1
  grep -a -q '^--lr=0.001$' "$ck" || return 1
  same "$(digest --method adam --lr 0.001 --steps 12)" "$("$train" --resume "$ck" --steps 12 | last_digest)"
}
check "resumed with the rate that auto was" settled

# A schedule of the rate is a function of the step, and its length that of the run as it was begun.
rate_scheduled() {
  local method=$1 all
  shift
  all=$(digest --method "$method" --steps 20 "$@") || return 1
  run --quiet --method "$method" --steps 7 --lr-steps 20 "$@" --checkpoint "$ck" || return 1
  same "$all" "$("$train" --resume "$ck" --steps 20 | last_digest)" || return 1
  run --quiet --method "$method" --epochs 10 "$@" --checkpoint "$ck" || return 1
  same "$(digest --method "$method" --lr-steps 20 --steps 25 "$@")" \
    "$("$train" --resume "$ck" --steps 25 | last_digest)"
}
for method in sgd nesterov adam; do
  check "$method: resumed in a cosine" rate_scheduled $method --lr-schedule cosine --lr-warmup 3
done
check "fixed driver: resumed in a cosine" rate_scheduled kfac --driver fixed --lr-schedule cosine --lr-floor 0.1
# The cosine ends with the last step.
whole_run() {
  local said
  said=$("$train" --data "$tmp/clouds.csv" --method adam --lr-schedule cosine "$@") || return 1
  same "$(sed -n 's/^rate .* at step //p' <<< "$said")" \
    "$(sed -n 's/^epoch .* step \([0-9]*\) .*/\1/p' <<< "$said" | tail -n 1)"
}
check "a cosine over epochs" whole_run --epochs 3 --batch 50
for schedule in 20:15 1:3 50:40; do
  check "a cosine over batches that grow as $schedule" whole_run --epochs 2 --batch-schedule $schedule
  check "a cosine over more batches that grow as $schedule" whole_run --epochs 9 --batch-schedule $schedule
done

scheduled() {
  local all
  all=$("$train" --data "$tmp/clouds.csv" --batch-schedule 20:15 --steps 18 | last_digest)
  "$train" --quiet --data "$tmp/clouds.csv" --batch-schedule 20:15 --steps 8 --checkpoint "$ck"
  same "$all" "$("$train" --resume "$ck" --steps 18 | last_digest)"
}
check "resumed in a growing batch schedule" scheduled

# ---- logs ----

# Without the seconds, which differ.
strip() {
  cut -d, -f1,2,4- "$1"
}
logs_continue() {
  run --quiet --steps 21 --log "$tmp/a.csv" --log-steps "$tmp/as.csv" --digest-log "$tmp/ad.csv"
  run --quiet --steps 15 --log "$tmp/b.csv" --log-steps "$tmp/bs.csv" \
    --digest-log "$tmp/bd.csv" --checkpoint "$ck" --every 6
  # What a crash leaves: a checkpoint older than the logs, and half a line.
  run --quiet --steps 12 --checkpoint "$ck"
  printf '16,4' >> "$tmp/b.csv"
  "$train" --quiet --resume "$ck" --steps 21 --log "$tmp/b.csv" --log-steps "$tmp/bs.csv" \
    --digest-log "$tmp/bd.csv"
  same "$(strip "$tmp/a.csv")" "$(strip "$tmp/b.csv")" &&
    same "$(strip "$tmp/as.csv")" "$(strip "$tmp/bs.csv")" &&
    cmp "$tmp/ad.csv" "$tmp/bd.csv"
}
check "logs go on where the checkpoint stands" logs_continue

lines_continue() {
  rm -f "$tmp"/*.jsonl
  run --quiet --steps 21 --log "$tmp/a.jsonl" --log-steps "$tmp/as.jsonl" --digest-log "$tmp/ad.jsonl"
  run --quiet --steps 15 --log "$tmp/b.jsonl" --log-steps "$tmp/bs.jsonl" --digest-log "$tmp/bd.jsonl" \
    --checkpoint "$ck" --every 6
  run --quiet --steps 12 --checkpoint "$ck"
  printf '{"step": 16, "ep' >> "$tmp/b.jsonl"
  "$train" --quiet --resume "$ck" --steps 21 --log "$tmp/b.jsonl" --log-steps "$tmp/bs.jsonl" \
    --digest-log "$tmp/bd.jsonl" || return 1
  cmp "$tmp/ad.jsonl" "$tmp/bd.jsonl" &&
    same "$(sed 's/"seconds": [^,]*//' "$tmp/a.jsonl")" "$(sed 's/"seconds": [^,]*//' "$tmp/b.jsonl")" &&
    same "$(sed 's/"seconds": [^,]*//' "$tmp/as.jsonl")" "$(sed 's/"seconds": [^,]*//' "$tmp/bs.jsonl")"
}
check "lines of JSON too" lines_continue
# edited SED: the log so edited is another one's.
edited() {
  sed "$1" "$tmp/a.jsonl" > "$tmp/other.jsonl"
  cp "$tmp/other.jsonl" "$tmp/before.jsonl"
  says "has not the columns of this log" "$train" --quiet --resume "$ck" --steps 21 --log "$tmp/other.jsonl" &&
    cmp "$tmp/before.jsonl" "$tmp/other.jsonl"
}
check "lines with another key" edited '1s/"mu"/"nu"/'
check "with a key less" edited '1s/"mu": [^,]*, //'
check "with a key more" edited '1s/"mu"/"new": 1, &/'
check "lines that are none" edited '1s/.*/step,epoch/'

# ---- killed, interrupted ----

wait_for() {
  local i
  for ((i = 0; i < 200; i++)); do
    [ -e "$1" ] && return 0
    sleep 0.05
  done
  echo "$1 did not come"
  return 1
}

# hit SIGNAL SECONDS ARGS...: a run that writes a checkpoint every step, hit by the signal after so many
# seconds; prints its status. (A script's jobs in the background have SIGINT ignored, unless env undoes that.)
hit() {
  local status=0 signal=$1 seconds=$2
  shift 2
  rm -f "$ck"
  env --default-signal=INT "$train" --data "$tmp/clouds.csv" --batch 100 --quiet --steps 100000000 --eval-every 0 \
    --checkpoint "$ck" --every 1 "$@" 2> "$tmp/said" &
  wait_for "$ck" || return 1
  sleep "$seconds"
  kill "-$signal" $!
  wait $! 2> /dev/null || status=$?
  echo $status
}
step_of() {
  grep -a -m1 '^step=' "$1" | cut -d= -f2
}
goes_on_alike() {
  local goal=$(($(step_of "$ck") + 8))
  same "$(digest --steps $goal --eval-every 0)" \
    "$("$train" --resume "$ck" --steps $goal --eval-every 0 | last_digest)"
}
killed() {
  same 137 "$(hit KILL "$1")" && goes_on_alike
}
for delay in 0.03 0.11 0.2; do
  check "killed after $delay s: the checkpoint is whole" killed $delay
done

interrupted() {
  same "$2" "$(hit "$1" 0.1)" && goes_on_alike &&
    same "kfix-train: interrupted after step $(step_of "$ck"); go on with --resume $ck --checkpoint $ck \
--steps 100000000 --every 1 --eval-every 0 --quiet" "$(cat "$tmp/said")"
}
check "Ctrl-C saves and says how to go on" interrupted INT 130
check "SIGTERM too" interrupted TERM 143
all_of_it() {
  local files="--log $tmp/l.csv --log-steps $tmp/s.csv --trace $tmp/t --digest-log $tmp/d.csv \
--export $tmp/w.npz --approximation-log $tmp/f.csv --export-average"
  local numbers="--layer 2 --approximation-every 1000000 --approximation-refresh 3 \
--approximation-order 7 --trace-at 2,90000000"
  local odd=$(($(nproc) == 1 ? 2 : 1))
  # shellcheck disable=SC2086
  same 130 "$(hit INT 0.1 --port ref --threads $odd $numbers $files)" &&
    same "go on with --resume $ck --checkpoint $ck --steps 100000000 --every 1 --port ref --threads $odd $files --eval-every 0 $numbers --quiet" \
      "$(sed 's/.*; //' "$tmp/said")"
}
check "it names all that was in force" all_of_it
quoted() {
  same 130 "$(hit INT 0.1 --log "$tmp/it's here.csv")" &&
    same "--log '$tmp/it'\\''s here.csv' --eval-every 0 --quiet" "$(sed 's/.*--every 1 //' "$tmp/said")"
}
check "names as a shell takes them" quoted

no_leftovers() {
  same 130 "$(hit INT 0.1)" && [ -z "$(find "$tmp" -name '*.kfix-part' -newer "$tmp/mark")" ]
}
touch "$tmp/mark"
check "an interrupted run leaves no temporary files" no_leftovers

# ---- where there is nothing to do, or the data are elsewhere ----

run --quiet --steps 5 --checkpoint "$ck"
at_its_goal() {
  same "kfix-train: already at step 5 of 4: nothing to do; a larger --steps N goes on" \
    "$("$train" --quiet --resume "$ck" --steps 4 2>&1)"
}
check "a run that is at its goal says so" at_its_goal
elsewhere() {
  mkdir -p "$tmp/there/deeper"
  cp "$tmp/clouds.csv" "$tmp/there/same.csv"
  cp "$ck" "$tmp/there"
  cd "$tmp/there/deeper" || return 1
  same "$(cd "$OLDPWD" && digest --steps 9)" \
    "$("$train" --resume ../run.ck --data ../same.csv --steps 9 --checkpoint ../run.ck | last_digest)" &&
    grep -qa '^data=../same.csv$' ../run.ck
}
check "the data may lie elsewhere" elsewhere
lost_data() {
  mv "$tmp/clouds.csv" "$tmp/keep.csv"
  says "--data says where they are now" "$train" --resume "$ck" --steps 9
  local result=$?
  mv "$tmp/keep.csv" "$tmp/clouds.csv"
  return $result
}
check "data that are gone" lost_data

# ---- what does not fit the checkpoint ----

run --quiet --steps 5 --checkpoint "$ck"
refused() {
  STATUS=$1 says "$2" "$train" --resume "$ck" --steps 9 "${@:3}"
}
check "another method is refused" refused 2 "--method sgd" --method sgd
check "another setting is refused" refused 2 "--lambda 3" --lambda 3
check "another seed is refused" refused 2 "--seed 5" --seed 5
check "another batch is refused" refused 2 "--batch 7:0" --batch 7
check "the same settings are accepted" "$train" --quiet --resume "$ck" --steps 9 --seed 1 --batch 100
moved_data() {
  sed '1s/^[0-9.]*/0.5/' "$tmp/clouds.csv" > "$tmp/other.csv"
  cp "$tmp/clouds.csv" "$tmp/keep.csv"
  cp "$tmp/other.csv" "$tmp/clouds.csv"
  refused 1 "are not those of the checkpoint's run"
  local result=$?
  cp "$tmp/keep.csv" "$tmp/clouds.csv"
  return $result
}
check "data that changed are refused" moved_data
check "other data are refused" refused 1 "are not those of the checkpoint's run" --data "$tmp/other.csv"

# ---- damaged files ----

bytes=$(stat -c %s "$ck")
damaged() {
  says "$1" "$train" --resume "$tmp/bad.ck" --steps 9
}
cut_at() {
  head -c "$1" "$ck" > "$tmp/bad.ck"
  damaged "ends too early"
}
for at in 0 10 60 $((bytes / 2)) $((bytes - 1)); do
  check "cut off after $at bytes" cut_at "$at"
done
# Turns one bit of the byte at $1.
flip() {
  cp "$ck" "$tmp/bad.ck"
  local value
  value=$(od -An -tu1 -j "$1" -N 1 "$ck")
  # shellcheck disable=SC2059
  printf "\\x$(printf %02x $((value ^ 4)))" |
    dd of="$tmp/bad.ck" bs=1 seek="$1" conv=notrunc status=none
  damaged "bad.ck: "
}
for at in 3 22 30 100 700 $((bytes / 2)) $((bytes - 3)); do
  check "a bit flipped in byte $at" flip "$at"
done
trailing() {
  { cat "$ck"; echo; } > "$tmp/bad.ck"
  damaged "bytes follow its end"
}
check "bytes after the end" trailing
foreign() {
  cp "$tmp/clouds.csv" "$tmp/bad.ck"
  damaged "not a kfix checkpoint"
}
check "a foreign file" foreign
check "a file that is not there" says "No such file" "$train" --resume "$tmp/none.ck"

finish
