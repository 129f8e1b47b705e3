#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A checkpoint that cannot be written: no space left, a file size limit, a folder that is read-only
# or gone. Each time the run says so in one line, the checkpoint before is as it was and resumes, and
# nothing unfinished is left.
. test/support/fault_runs.sh
tmp=$KFIX_TMP
goal=12
expected=$(tiny --steps $goal | last_digest)

# begins FOLDER: a checkpoint of step 4 there, and a copy of it elsewhere.
begins() {
  tiny --quiet --steps 4 --checkpoint "$1/run.ck" && cp "$1/run.ck" "$tmp/before.ck"
}
# still_there FOLDER: it is as it was, alone, and goes on as if nothing had been.
still_there() {
  cmp "$tmp/before.ck" "$1/run.ck" || return 1
  [ -z "$(find "$1" -name '*.kfix-part')" ] || { ls -la "$1"; return 1; }
  same "$expected" "$("$tiny" --resume "$1/run.ck" --steps $goal --eval-every 0 | last_digest)"
}
# goes_on FOLDER: the run that resumes there and saves its checkpoint in place.
goes_on() {
  "$tiny" --quiet --resume "$1/run.ck" --steps $goal --eval-every 0 --checkpoint "$1/run.ck" --every 1
}

kib=$(($(tiny --quiet --steps 4 --checkpoint "$tmp/size.ck" && stat -c %s "$tmp/size.ck") / 1024))

# ---- a disk that is full: a file system of its own, where that may be mounted ----

# The disk has room for a checkpoint and a half.
small_disk() {
  mount -t tmpfs -o "size=$((kib * 3 / 2 + 4))k" none "$tmp/disk" || return 1
  begins "$tmp/disk" && says "No space left" goes_on "$tmp/disk" && still_there "$tmp/disk"
}
small_disk_log() {
  mount -t tmpfs -o size=8k none "$tmp/disk" || return 1
  mkdir -p "$tmp/log"
  begins "$tmp/log" && says "No space left" "$tiny" --quiet --resume "$tmp/log/run.ck" --steps 900 \
    --eval-every 0 --log-steps "$tmp/disk/steps.csv" && still_there "$tmp/log"
}
read_only_disk() {
  mount -t tmpfs none "$tmp/disk" || return 1
  begins "$tmp/disk" && mount -o remount,ro "$tmp/disk" &&
    says "Read-only file system" goes_on "$tmp/disk" && still_there "$tmp/disk"
}
# This script again, in a name space of its own, comes to this line with the name of one of them.
if [ -n "${KFIX_FAULT:-}" ]; then
  "$KFIX_FAULT"
  exit
fi
mounted() {
  KFIX_FAULT=$1 unshare --map-root-user --mount bash "$0"
}
mkdir -p "$tmp/disk"
if unshare --map-root-user --mount mount -t tmpfs none "$tmp/disk" 2> /dev/null; then
  check "a full disk" mounted small_disk
  check "a full disk under a log" mounted small_disk_log
  check "a read-only disk" mounted read_only_disk
else
  echo "skip a full disk: nothing can be mounted here"
fi

# ---- a limit on the size of files, in KiB: the write itself fails, after every part of the file ----

mkdir "$tmp/limit"
limited() {
  ulimit -f "$1"
  goes_on "$tmp/limit"
}
too_large() {
  begins "$tmp/limit" || return 1
  says "File too large" limited "$1" && still_there "$tmp/limit"
}
for part in 0 1 2 $((kib / 3)) $((kib / 2)) "$kib"; do
  check "no more than $part of $kib KiB can be written" too_large "$part"
done

# ---- rights, which bind everybody but root ----

as_nobody=()
if [ "$(id -u)" -eq 0 ]; then as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups); fi
mkdir "$tmp/shut"
no_rights() {
  begins "$tmp/shut" || return 1
  chmod 555 "$tmp/shut"
  chmod a+rx "$tmp"
  says "Permission denied" "${as_nobody[@]}" "$tiny" --quiet --resume "$tmp/shut/run.ck" \
    --steps $goal --checkpoint "$tmp/shut/run.ck" && still_there "$tmp/shut"
}
if "${as_nobody[@]}" test -x "$tiny"; then
  check "a folder without the right to write" no_rights
else
  echo "skip a folder without the right to write: this folder is closed to others"
fi

# ---- the folder is gone in the middle of the run ----

taken_away() {
  mkdir "$tmp/gone"
  begins "$tmp/gone" || return 1
  "$tiny" --quiet --resume "$tmp/gone/run.ck" --steps 100000000 --eval-every 0 \
    --checkpoint "$tmp/gone/run.ck" --every 1 2> "$tmp/said" &
  sleep 0.05
  mv "$tmp/gone" "$tmp/moved"
  local status=0
  wait $! || status=$?
  [ "$status" -eq 1 ] && [ "$(wc -l < "$tmp/said")" -eq 1 ] || { cat "$tmp/said"; return 1; }
  "$tiny" --quiet --resume "$tmp/moved/run.ck" --eval-every 0 \
    --steps $(($(step_of "$tmp/moved/run.ck") + 1))
}
check "a folder that is moved away during the run" taken_away

# ---- two runs with one checkpoint ----

two_writers() {
  begins "$tmp/limit" || return 1
  "$tiny" --quiet --resume "$tmp/limit/run.ck" --steps 100000000 --eval-every 0 \
    --checkpoint "$tmp/limit/run.ck" --every 1 2> "$tmp/said.1" &
  local one=$!
  "$tiny" --quiet --resume "$tmp/limit/run.ck" --steps 100000000 --eval-every 0 \
    --checkpoint "$tmp/limit/run.ck" --every 1 2> "$tmp/said.2" &
  local two=$!
  sleep 0.3
  kill -KILL $one $two 2> /dev/null
  wait $one $two 2> /dev/null
  grep -q "another program is writing" "$tmp/said.1" "$tmp/said.2" || return 1
  "$tiny" --quiet --resume "$tmp/limit/run.ck" --eval-every 0 \
    --steps $(($(step_of "$tmp/limit/run.ck") + 1))
}
check "two runs do not write one checkpoint" two_writers

finish
