#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The same seed gives the same bits, whatever the run, the threads and the port; the digest log
# says so step by step.
. test/support/train.sh

fast_ports=simd
case $("$train" --help) in *blis*) fast_ports="simd blis" ;; esac
for method in kfac kfac-tridiag sgd nesterov adam; do
  reference=$(digest --method "$method" --epochs 3 --threads 1 --port ref)
  check "$method: the same seed twice" same "$reference" \
    "$(digest --method "$method" --epochs 3 --threads 1 --port ref)"
  for port in $fast_ports; do
    for threads in 1 2 3; do
      check "$method: $port, $threads threads" same "$reference" \
        "$(digest --method "$method" --epochs 3 --threads $threads --port "$port")"
    done
  done
done

check "batch mode: three threads" same "$(digest --batch 0 --steps 5 --threads 1)" \
  "$(digest --batch 0 --steps 5 --threads 3)"
check "fixed driver: three threads" same "$(digest --driver fixed --steps 9 --threads 1)" \
  "$(digest --driver fixed --steps 9 --threads 3)"

other_seed() {
  [ "$(digest --epochs 1 --seed 1)" != "$(digest --epochs 1 --seed 2)" ]
}
check "another seed gives other bits" other_seed

log() {
  run --quiet --digest-log "$KFIX_TMP/$1" --steps "${@:2}"
}
compare() {
  tools/digest-compare/digest_compare.sh "$KFIX_TMP/$1" "$KFIX_TMP/$2"
}
parts_at() {
  local said
  said=$(compare "$1" "$2") && { echo "no difference: $said"; return 1; }
  case $said in *"$3"*) ;; *) echo "$said"; return 1 ;; esac
}

log one.csv 9 --threads 1
log three.csv 9 --threads 3
log other.csv 9 --lambda-every 7
log long.csv 12
check "digest logs of two runs agree" compare one.csv three.csv
check "the first difference is named" parts_at one.csv other.csv "first difference: step 5, decisions"
check "a log that goes on is a difference" parts_at one.csv long.csv "one.csv ends after step 9"
check "a file that is no digest log is refused" fails 2 compare one.csv clouds.csv

finish
