#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The programs with --port cuda, on a device played by the host (GPU=fake): every method trains as on
# the host but for rounding, the precision is shown, and what stands in the way is named.
. test/support/train.sh

GPU=fake build test/support/three_threads.h train bench 2> /dev/null || exit 77
train=$KFIX_BUILD/three_threads-fake/kfix-train
bench=$KFIX_BUILD/three_threads-fake/kfix-bench

# The last objective in the log of a run.
objective() {
  run --quiet --log "$KFIX_TMP/log.csv" "$@" && tail -n 1 "$KFIX_TMP/log.csv" | cut -d, -f5
}
# near METHOD: three steps on the device end where those on the host do.
near() {
  awk -v a="$(objective --method "$1" --steps 3 --port ref)" \
    -v b="$(objective --method "$1" --steps 3 --port cuda)" \
    'BEGIN { exit !(a > 0 && b > a * 0.999 && b < a * 1.001) }'
}
for method in $("$train" --help | grep -o 'sgd|[a-z|:-]*' | head -n 1 | tr '|' ' '); do
  check "$method on the device" near "$method"
done

check "the same seed twice" same "$(digest --steps 5 --port cuda)" "$(digest --steps 5 --port cuda)"
resumed() {
  run --steps 2 --port cuda --checkpoint "$KFIX_TMP/run" > /dev/null &&
    same "$(digest --steps 5 --port cuda)" \
      "$("$train" --resume "$KFIX_TMP/run" --steps 5 --port cuda | last_digest)"
}
check "a resumed run has the digest of an uninterrupted one" resumed

shown() {
  run --steps 1 --port cuda --precision "$1" --digest-log "$KFIX_TMP/digests.csv" |
    grep "^device .*precision $2\$" || return 1
  sed -n 2p "$KFIX_TMP/digests.csv" | grep "^0,device,0,.*precision $2\$"
}
graphs() {
  run --steps 1 --port cuda --graphs "$1" | grep "^graphs *$1\$"
}
check "graphs are shown" graphs on
check "no graphs are shown" graphs off
check "graphs change nothing" same "$(digest --steps 40 --port cuda --graphs on)" \
  "$(digest --steps 40 --port cuda --graphs off)"
routes() {
  run --steps 1 --port cuda --method ekfac | grep "^factors *[1-9][0-9]* eigenproblems in [1-9][0-9]* batches, 0 one by one$"
}
check "which way eigenproblems went is shown" routes
check "full precision is shown" shown full full
check "TF32 is shown" shown tf32 tf32
check "BF16x9 on a device without it: full" shown bf16x9 full
interrupted() {
  "$train" --data "$KFIX_TMP/clouds.csv" --quiet --steps 100000000 --every 1 \
    --checkpoint "$KFIX_TMP/ck" --port cuda --precision tf32 --graphs off 2> "$KFIX_TMP/said" &
  for ((i = 0; i < 200; i++)); do
    [ -e "$KFIX_TMP/ck" ] && break
    sleep 0.05
  done
  kill $!
  wait $! 2> /dev/null
  grep -- "--resume .* --port cuda --precision tf32 --graphs off" "$KFIX_TMP/said"
}
check "what is in force on the device is in the advice after a kill" interrupted
no_device_row() {
  run --steps 1 --port ref --digest-log "$KFIX_TMP/host.csv" > /dev/null
  fails 1 grep -q device "$KFIX_TMP/host.csv"
}
check "a log of the host names no device" no_device_row
approximations() {
  run --steps 1 --port cuda --approximation-log "$KFIX_TMP/errors.csv" && test -s "$KFIX_TMP/errors.csv"
}
check "errors of the approximations are measured on the host" approximations

host_precision() {
  STATUS=2 says "for --port cuda" run --port simd --precision tf32
}
check "precision is not for the host" host_precision
host_graphs() {
  STATUS=2 says "for --port cuda" run --port simd --graphs off
}
check "graphs are not for the host" host_graphs
check "no device" says "no device" env FAKE_CUDA_DEVICES=0 "$train" --data curves --port cuda
check "no device to time" says "no device" env FAKE_CUDA_DEVICES=0 "$bench" --port cuda
old_driver() {
  says "driver" env FAKE_CUDA_DRIVER=12000 "$train" --data "$KFIX_TMP/clouds.csv" --port cuda
}
check "an old driver" old_driver

times() {
  "$bench" --port cuda --threads 2 --largest 40 --repeat 1 --batch 50 --steps 4 --method kpsvd \
    --profile > "$KFIX_TMP/times" || return 1
  grep -q '"what": "machine".*"peak_by": "square product"' "$KFIX_TMP/times" &&
    grep -q '"port": "cuda".*"of_peak": 0' "$KFIX_TMP/times" &&
    grep -q '"what": "step".*"port": "cuda", "device": "[^"]*precision full; graphs on".*"floor_ms": [0-9]' "$KFIX_TMP/times" &&
    grep -q '"what": "profile".*"kernel": "gemm"' "$KFIX_TMP/times"
}
check "kernels and steps are timed" times
# The peak is the device's own: of a product there, not of a loop on the host.
table() {
  "$bench" --port cuda --what kernels --largest 40 --repeat 1 --table > "$KFIX_TMP/table" || return 1
  grep -q 'peak about .*: product of order [0-9]* on cuda' "$KFIX_TMP/table" &&
    grep -qE 'gemm +NN 31x31x31 .* [0-9]+%' "$KFIX_TMP/table"
}
check "a device has a peak of its own" table

finish
