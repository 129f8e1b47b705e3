#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# How a run ends that does not reach its goal: by signals, or by a failure; what is then in its checkpoint.
. test/support/train.sh
tmp=$KFIX_TMP
ck=$tmp/run.ck
ulimit -t 60 # nothing here outlives its test for long

endless=("$train" --data "$tmp/clouds.csv" --batch 100 --quiet --steps 100000000 --eval-every 0)
# begin ARGS...: a run without end in the background, $pid, with `env $SIGNALS`. (A script's jobs in the
# background have SIGINT ignored, unless env undoes that.)
begin() {
  rm -f "$ck" "$tmp/steps.csv"
  # shellcheck disable=SC2086
  env --default-signal=INT ${SIGNALS:-} "${endless[@]}" "$@" 2> "$tmp/said" &
  pid=$!
}
# under_way FILE: until the run has written something there.
under_way() {
  local i
  for ((i = 0; i < 200; i++)); do
    [ ! -s "$1" ] || return 0
    sleep 0.05
  done
  echo "$1 did not come"
  return 1
}
# ended_with STATUS: of $pid.
ended_with() {
  local status=0
  wait "$pid" 2> /dev/null || status=$?
  same "$1" "$status"
}
step_of() {
  grep -a -m1 '^step=' "$1" | cut -d= -f2
}
# The checkpoint leads where an undisturbed run comes to.
is_whole() {
  local goal=$(($(step_of "$ck") + 3))
  same "$(digest --steps $goal --eval-every 0)" "$("$train" --resume "$ck" --steps $goal --eval-every 0 | last_digest)"
}
says_exactly() {
  same "kfix-train: $1" "$(cat "$tmp/said")"
}

# ---- one signal ----

by_signal() {
  begin --checkpoint "$ck" --log-steps "$tmp/steps.csv"
  under_way "$tmp/steps.csv" || return 1
  sleep 0.1
  kill "-$1" "$pid"
  ended_with "$2" && is_whole &&
    says_exactly "interrupted after step $(step_of "$ck"); go on with --resume $ck --checkpoint $ck \
--steps 100000000 --log-steps $tmp/steps.csv --eval-every 0 --quiet"
}
while read -r name status; do
  check "SIG$name writes the checkpoint and says how to go on" by_signal "$name" "$status"
done << 'END'
HUP 129
INT 130
USR1 138
USR2 140
PIPE 141
TERM 143
XCPU 152
END

# A loop in a shell ends with Ctrl-C only if the program was ended by it.
dies_of_it() {
  same -15 "$(python3 - "${endless[@]}" --log-steps "$tmp/loop.csv" << 'END'
import os, signal, subprocess, sys, time
run = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
while not os.path.exists(sys.argv[-1]):
    time.sleep(0.02)
run.send_signal(signal.SIGTERM)
print(run.wait())
END
  )"
}
check "its parent sees the signal" dies_of_it
processor_time() {
  (
    ulimit -c unlimited
    ulimit -St 1
    cd "$tmp" && "${endless[@]}" --checkpoint "$ck" 2> "$tmp/said"
  ) 2> /dev/null
  same 152 $? && is_whole && [ -z "$(find "$tmp" -name 'core*')" ]
}
check "a soft limit of processor time" processor_time
no_reader() {
  rm -f "$ck"
  "$train" --data "$tmp/clouds.csv" --batch 100 --steps 100000000 --checkpoint "$ck" 2> "$tmp/said" |
    head -n 12 > "$tmp/out"
  same 141 "${PIPESTATUS[0]}" && is_whole
}
check "the reader of what it prints is gone" no_reader

# ---- ignored, repeated ----

# As nohup, trap '' and a script's jobs in the background begin.
stays_ignored() {
  SIGNALS=--ignore-signal=$1 begin --log-steps "$tmp/steps.csv"
  under_way "$tmp/steps.csv" || return 1
  kill "-$1" "$pid"
  sleep 0.2
  kill -0 "$pid" || { echo "SIG$1 ended it"; return 1; }
  kill "-$2" "$pid"
  ended_with "$3"
}
for name in HUP INT USR1 USR2 XCPU PIPE; do
  check "an ignored SIG$name stays ignored" stays_ignored $name TERM 143
done
check "an ignored SIGTERM stays ignored" stays_ignored TERM INT 130

# Until the run sleeps, and has not worked for a while: it waits for a reader of its log.
asleep() {
  local i before='' now
  for ((i = 0; i < 100; i++)); do
    now=$(cut -d' ' -f3,14,15 "/proc/$pid/stat")
    [ "$now" != "$before" ] || [ "${now%% *}" != S ] || return 0
    before=$now
    sleep 0.3
  done
  echo "it does not wait"
  return 1
}
# A step that takes as long as we want: the pipe that its row goes to is full.
long_step() {
  rm -f "$tmp/pipe"
  mkfifo "$tmp/pipe"
  begin --checkpoint "$ck" --log-steps "$tmp/pipe"
  exec 9< "$tmp/pipe"
  asleep
}
at_once() {
  long_step || return 1
  kill "-$1" "$pid"
  sleep 0.5
  kill "-$2" "$pid"
  ended_with "$3" && [ ! -e "$ck" ]
  local result=$?
  exec 9<&-
  return $result
}
check "a second Ctrl-C ends at once" at_once INT INT 130
check "a second SIGTERM ends at once" at_once TERM TERM 143
check "SIGTERM after Ctrl-C too" at_once INT TERM 143
as_one() {
  long_step || return 1
  kill "-$1" "$pid"
  [ "$3" = 0 ] || sleep "$3"
  kill "-$2" "$pid"
  sleep 0.1
  cat <&9 > /dev/null &
  exec 9<&-
  ended_with "$4" && is_whole
}
check "an echo of SIGTERM is no second one" as_one TERM TERM 0 143
check "a second SIGHUP is no hurry" as_one HUP HUP 0.2 129
check "SIGXCPU comes again each second" as_one XCPU XCPU 0.2 152
check "a warning, then the end" as_one USR1 TERM 0.2 143
by_timeout() {
  fails 124 timeout 2 "${endless[@]}" --checkpoint "$ck" 2> "$tmp/said" && is_whole
}
rm -f "$ck"
check "timeout, which sends its signal twice" by_timeout

# Ended in the middle of writing, at one of some moments: the old one or the new one is there.
while_writing() {
  local i
  for i in 1 3 5 7; do
    begin --checkpoint "$ck" --every 1
    under_way "$ck" || return 1
    sleep "0.0$i"
    kill -INT "$pid"
    sleep 0.11
    kill -INT "$pid" 2> /dev/null
    ended_with 130 && [ "$(step_of "$ck")" -gt 0 ] || return 1
  done
  is_whole
}
check "two signals while it writes" while_writing
nothing_yet() {
  run --quiet --steps 5 --checkpoint "$ck" && mv "$ck" "$tmp/before.ck" || return 1
  rm -f "$tmp/pipe"
  mkfifo "$tmp/pipe"
  begin --checkpoint "$ck" --log "$tmp/pipe"
  mv "$tmp/before.ck" "$ck" && cp "$ck" "$tmp/copy.ck"
  asleep || return 1
  kill -TERM "$pid"
  cat "$tmp/pipe" > /dev/null
  ended_with 143 && cmp "$ck" "$tmp/copy.ck" && says_exactly "interrupted after step 0; there was nothing to save yet"
}
check "before the first step there is nothing to save" nothing_yet

# ---- failures ----

# The reader of a log goes away after some lines.
lost_log() {
  rm -f "$tmp/pipe"
  mkfifo "$tmp/pipe"
  head -n 7 < "$tmp/pipe" > "$tmp/rows" &
  SIGNALS=--ignore-signal=PIPE begin --log-steps "$tmp/pipe" "$@"
  ended_with 1
}
lost_log_saved() {
  lost_log --checkpoint "$ck" && is_whole &&
    says_exactly "$tmp/pipe: cannot write: Broken pipe; go on with --resume $ck --checkpoint $ck \
--steps 100000000 --log-steps $tmp/pipe --eval-every 0 --quiet"
}
check "a run that loses its log saves its state" lost_log_saved
lost_log_unsaved() {
  lost_log && says_exactly "$tmp/pipe: cannot write: Broken pipe"
}
check "without --checkpoint nobody speaks of --resume" lost_log_unsaved

# limited KIB ARGS...: no file may become larger; the checkpoint goes through a pipe.
limited() {
  (
    ulimit -f "$1"
    "${endless[@]}" --checkpoint /dev/fd/1 "${@:2}" 2> "$tmp/said"
  ) | cat > "$ck"
  same 1 "${PIPESTATUS[0]}"
}
size_limit() {
  limited 4 --log-steps "$tmp/long.csv" && is_whole && says_exactly "$tmp/long.csv: cannot write: File too large"
}
check "a limit on the size of files is no sudden end" size_limit
both_lost() {
  rm -f "$ck"
  limited 4 --log-steps "$tmp/long.csv" --checkpoint "$tmp/other.ck"
  [ ! -e "$tmp/other.ck" ] && [[ $(cat "$tmp/said") == *"long.csv: cannot write: File too large; and $tmp/other.ck: "* ]]
}
check "where the checkpoint cannot be written either, it says both" both_lost
row_again() {
  run --quiet --epochs 30 --log "$tmp/whole.csv" || return 1
  limited 1 --eval-every 1 --log "$tmp/cut.csv" && [ "$(wc -l < "$tmp/cut.csv")" -lt 10 ] || return 1
  "$train" --quiet --resume "$ck" --epochs 30 --log "$tmp/cut.csv" &&
    same "$(cut -d, -f1,2,4-8 "$tmp/whole.csv")" "$(cut -d, -f1,2,4-8 "$tmp/cut.csv")"
}
check "the row of an evaluation that was lost comes again" row_again

# Without retries, a step that the model refuses ends the run; the state before it is good.
failed_step() {
  rm -f "$ck"
  fails 1 run --quiet --steps 400 --method ekfac --lambda 1e-5 --lambda-floor 0 --subset-rows 1 --retries 0 --checkpoint "$ck" \
    2> "$tmp/said" && [ -s "$ck" ] || { cat "$tmp/said"; return 1; }
  local good
  good=$(step_of "$ck")
  same "kfix-train: step $((good + 1)) failed: ; the state after step $good is in $ck" \
    "$(sed 's/failed: .*;/failed: ;/' "$tmp/said")" && "$train" --quiet --resume "$ck" --steps "$good" \
    --export "$tmp/good.npz" 2> /dev/null && [ -s "$tmp/good.npz" ]
}
check "a step that fails leaves the state before it" failed_step
no_good() {
  fails 1 run --quiet --steps 50 --checkpoint "$tmp/bad.ck" --method sgd --lr 1e6 --momentum 0 2> "$tmp/said" &&
    grep -q 'begin again with a lower --lr$' "$tmp/said" && [ ! -e "$tmp/bad.ck" ]
}
check "a state that is no good is not saved" no_good

# ---- advice ----

# advises TEXT ARGS...: the failure's line ends so.
advises() {
  fails 1 "$train" --quiet --steps 50 "${@:2}" 2> "$tmp/said" || return 1
  case $(cat "$tmp/said") in *": $1") ;; *) cat "$tmp/said" && return 1 ;; esac
}
run --quiet --steps 1 --export "$tmp/w.safetensors"
python3 - "$tmp/w.safetensors" "$tmp/huge.safetensors" << 'END'
import array, sys
data = open(sys.argv[1], "rb").read()
begin = 8 + int.from_bytes(data[:8], "little")
weights = array.array("f", data[begin:])
open(sys.argv[2], "wb").write(data[:begin] + array.array("f", [w * 1e37 for w in weights]).tobytes())
END
check "weights that are too large: not damping" advises "check the weights of --import, and the data" \
  --data "$tmp/clouds.csv" --import "$tmp/huge.safetensors"
check "the whole batch: not a larger one" advises "begin again with a larger --lambda" --data "$tmp/clouds.csv" \
  --batch 0 --lambda 0 --lambda-floor 0 --subset-rows 1 --retries 0
check "a part of the data" advises "begin again with a larger --lambda or --batch" --data "$tmp/clouds.csv" \
  --batch 20 --lambda 0 --lambda-floor 0 --subset-rows 1 --retries 0

finish
