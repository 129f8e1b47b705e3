#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A run that saves its checkpoint at every step is killed at random moments, KILLS times (28) over
# all methods, and resumed each time. Every checkpoint it leaves is that of the last step or of the
# one before, goes on as the run that nobody disturbed, and so does the whole chain of lives.
. test/support/fault_runs.sh
tmp=$KFIX_TMP
ck=$tmp/run.ck
# Every method that the program has, from its own message.
methods=$("$tiny" --method none 2>&1 | sed -n 's/.*allowed are \([^ ]*\) .*/\1/p' | tr '|' ' ')
kills=$((${KILLS:-28} / $(echo "$methods" | wc -w)))

# Seconds from the start of a life to its end, always the same ones.
delays=$(awk -v n="$kills" 'BEGIN {
  srand(20)
  for (i = 0; i < n; i++) printf "%.4f\n", 0.005 + 0.1 * rand()
}')

# life DELAY ARGS...: a run that is killed after that many seconds.
life() {
  local delay=$1
  shift
  "$tiny" --quiet --steps 100000000 --eval-every 0 --checkpoint "$ck" --every 1 \
    --digest-log "$tmp/chain.csv" "$@" &
  sleep "$delay"
  kill -KILL $!
  wait $! 2> /dev/null
}

# The last step that the log has whole.
last_logged() {
  awk -F, '$2 == "decisions" { step = $1 } END { print step + 0 }' "$tmp/chain.csv"
}

# What a kill left, held against the step of the checkpoint before; prints the step of this one.
# The step after it, taken beside the chain, is noted for later.
inspect() {
  local before=$1 step logged
  step=$(step_of "$ck")
  logged=$(last_logged)
  if [ "$step" -lt "$before" ] || [ "$step" -lt $((logged - 1)) ] ||
    [ "$step" -gt $((logged > before ? logged : before)) ]; then
    echo "the checkpoint is of step $step after one of step $before, the log ends at $logged" >&2
    return 1
  fi
  "$tiny" --quiet --resume "$ck" --steps $((step + 1)) --eval-every 0 \
    --digest-log "$tmp/one.csv" || return 1
  cat "$tmp/one.csv" >> "$tmp/witness.csv"
  rm -f "$tmp/one.csv"
  echo "$step"
}

# first_life DELAY METHOD: killed later where a busy machine had no time for a first checkpoint.
first_life() {
  local delay=$1 try
  for try in 1 2 4 8 16 32; do
    life "$(awk "BEGIN { print $delay * $try }")" "${data[@]}" --method "$2"
    [ ! -e "$ck" ] || return 0
  done
}

lives() {
  local delay step=0
  rm -f "$ck" "$tmp/chain.csv" "$tmp/witness.csv"
  for delay in $delays; do
    if [ -e "$ck" ]; then life "$delay" --resume "$ck"; else first_life "$delay" "$1"; fi
    [ -e "$ck.kfix-part" ] && echo cut >> "$tmp/cut"
    [ ! -e "$ck" ] || step=$(inspect "$step") || return 1
  done
  [ "$step" -gt 0 ] || { echo "no life came to its first checkpoint"; return 1; }
}
undisturbed() {
  local goal=$(($(step_of "$ck") + 5))
  tiny --quiet --method "$1" --steps $goal --digest-log "$tmp/all.csv" &&
    "$tiny" --quiet --resume "$ck" --steps $goal --eval-every 0 --digest-log "$tmp/chain.csv" &&
    cmp "$tmp/all.csv" "$tmp/chain.csv" &&
    ! grep -vxFf "$tmp/all.csv" "$tmp/witness.csv"
}
: > "$tmp/cut"
for method in $methods; do
  check "$method: $kills kills: each checkpoint is of the last step or the one before" lives "$method"
  check "$method: every digest is that of the undisturbed run" undisturbed "$method"
done
echo "$(wc -l < "$tmp/cut") kills came in the middle of writing a checkpoint"

# What kills leave behind is one file at most, and the next run takes it over.
one_leftover() {
  [ "$(find "$tmp" -name '*.kfix-part' | wc -l)" -le 1 ] || { find "$tmp"; return 1; }
  head -c 100000 /dev/zero > "$ck.kfix-part"
  "$tiny" --quiet --resume "$ck" --steps $(($(step_of "$ck") + 6)) --checkpoint "$ck" &&
    [ -z "$(find "$tmp" -name '*.kfix-part')" ] &&
    "$tiny" --quiet --resume "$ck" --steps $(($(step_of "$ck") + 1))
}
check "temporary files do not pile up" one_leftover

finish
