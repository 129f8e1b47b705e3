#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: gpu_parts.sh PART [ARGUMENT]
# One part of gpu_check.sh, which sets the variables and the time limit; see there.
set -u

# Short runs of the generated data by every method, several processes at a time: it takes longer to
# load the libraries than to train. Of each: twice, once without graphs, and on the host.
all_methods() {
  "$train" --help | grep -o 'sgd|[a-z|-]*' | head -n 1 | tr '|' ' '
}
# run METHOD NAME STEPS OPTION...: its logs in $results.
run() {
  "$train" --data "$data" --limit 2048 --batch "$batch" --steps "$3" --eval-every 0 --method "$1" \
    --digest-log "$results/digests-$1-$2.csv" --log-steps "$results/steps-$1-$2.csv" "${@:4}" \
    > "$results/said-$1-$2.txt" 2>&1 || { echo "$1 $2: $(tail -n 1 "$results/said-$1-$2.txt")"; return 1; }
}
runs_of() {
  local status=0
  run "$1" 1 45 --port cuda || status=1
  run "$1" 2 45 --port cuda || status=1
  run "$1" eager 45 --port cuda --graphs off || status=1
  run "$1" host 25 --port simd --threads 2 || status=1
  return "$status"
}
training() {
  local method status=0 jobs=()
  for method in $(all_methods); do
    while [ "$(jobs -rp | wc -l)" -ge "$at_once" ]; do sleep 0.2; done
    runs_of "$method" &
    jobs+=($!)
  done
  for method in "${jobs[@]}"; do wait "$method" || status=1; done
  head -n 6 "$results/said-kfac-1.txt"
  return "$status"
}

same() {
  tools/digest-compare/digest_compare.sh "$results/digests-$1-$2.csv" "$results/digests-$1-$3.csv"
}
two_processes() {
  local method status=0
  for method in $(all_methods); do same "$method" 1 2 || { echo "$method"; status=1; }; done
  return "$status"
}

# Graphs must not have been turned off by a failure, and launch what is launched call by call without.
graphs() {
  local method status=0
  for method in $(all_methods); do
    ! grep '^graphs *off' "$results/said-$method-1.txt" && same "$method" 1 eager ||
      { echo "$method"; status=1; }
  done
  return "$status"
}

# The mean objective of steps 21 to 25, which rounding may move a little, not much.
host_and_device() {
  local method status=0
  for method in $(all_methods); do
    awk -F, -v method="$method" '
      FNR > 21 && FNR <= 26 { if (FILENAME == ARGV[1]) a += $5; else b += $5 }
      END {
        printf "%-16s host %.6g device %.6g\n", method, a / 5, b / 5
        exit !(a > 0 && b > 0.98 * a && b < 1.02 * a)
      }' "$results/steps-$method-host.csv" "$results/steps-$method-1.csv" || status=1
  done
  return "$status"
}

# What the driver is asked for, by any library: no device memory once training has begun.
allocations() {
  local home=${CUDA_HOME:-/usr/local/cuda} header library method status=0
  header=$(find -H "$home/include" "$home/extras" /opt -name cupti.h 2> /dev/null | head -n 1)
  library=$(find -H "$home/lib64/" "$home/extras" /opt -name 'libcupti.so*' 2> /dev/null | head -n 1)
  if [ -z "$header" ] || [ -z "$library" ]; then
    echo "skip: no CUPTI here"
    return 0
  fi
  gcc -std=c11 -O2 -shared -fPIC -isystem "$(dirname "$header")" -isystem "$home/include" \
    test/cuda_watch/cuda_watch.c "$library" -Wl,-rpath,"$(dirname "$library")" -o "$results/cuda_watch.so" || return
  for method in sgd kfac ekfac deflation; do
    CUDA_INJECTION64_PATH=$(realpath "$results/cuda_watch.so") run "$method" watched 60 --port cuda || status=1
    grep '^cuda_watch' "$results/said-$method-watched.txt" || status=1
    grep -q '^cuda_watch.* kernel, 0 after;' "$results/said-$method-watched.txt" || status=1
  done
  return "$status"
}

environment() {
  date -u
  uname -a
  lscpu | grep -E 'Model name|^CPU\(s\)'
  gcc --version | head -n 1
  "$(command -v "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" nvcc | head -n 1)" --version | tail -n 2
  echo "CUDA_HOME=${CUDA_HOME:-}"
  env | grep -E '^(NVIDIA|CUDA|CUBLAS|CUBLASLT)_'
  git log -1 --format='%h %s' 2> /dev/null
  python3 -c 'import torch; print("torch", torch.__version__, torch.cuda.is_available())' 2>&1 | tail -n 1
  ! command -v nvidia-smi > /dev/null || nvidia-smi
  return 0
}

# Warnings of a compiler that nobody has seen yet must not end the check.
make_all() {
  make -j "$jobs" QUIET=1 WARN='-Wall -Wextra' "$@"
}
build() {
  make_all REAL="$1" TESTS="$c_tests" tests || return
  [ "$1" = float ] || return 0
  make_all CONFIG="$CONFIG" all || return
  local config
  for config in $bench_configs; do make_all CONFIG="$config" "$(bench_of "$config")" || return; done
}
bench_of() {
  echo "$BUILD/$(basename "$1" .h)-$suffix/kfix-bench"
}

# Exact tolerances are in the tests: the CPU ports' bits for kernels, n eps for products and factors,
# the root of eps for three steps of each method. One that needs a second device may be skipped.
conformance() {
  local test status=0 answer
  for test in $c_tests; do
    answer=0
    "$BUILD/test-gcc-$1-$suffix/$test" || answer=$?
    [ "$answer" -eq 0 ] || { [ "$test" = test_cuda_devices ] && [ "$answer" -eq 77 ]; } || status=1
  done
  return "$status"
}

sanitized="test_cuda_kernels test_cuda_images test_cuda_kron test_cuda_inverses test_cuda_eigens"

# Our own kernels alone, where the tool can choose: the libraries' are many, and not ours to mend.
memcheck() {
  local test status=0 ours=
  ! compute-sanitizer --help | grep -q -- --kernel-regex || ours="--kernel-regex kns=kfix_"
  for test in $sanitized; do
    # shellcheck disable=SC2086
    compute-sanitizer --tool memcheck $ours --error-exitcode 9 "$BUILD/test-gcc-float-$suffix/$test" || status=1
  done
  return "$status"
}

# Of all kernels, or what cuBLAS and cuSOLVER wrote would count as never written. What theirs read is
# their affair: a reading by one of ours is the failure, and a test that fails or does not end.
initcheck() {
  local test status=0
  for test in $sanitized; do
    compute-sanitizer --tool initcheck --print-limit 100000 "$BUILD/test-gcc-float-$suffix/$test" \
      > "$results/initcheck-$test.log" 2>&1 || status=1
    grep -E 'ERROR SUMMARY|FAILED|skip' "$results/initcheck-$test.log" || status=1
    ! grep -E ' at .*kfix_[a-z_]+_kernel' "$results/initcheck-$test.log" || status=1
  done
  return "$status"
}

# times FILE CONFIG BATCH METHOD OPTION...: a line of JSON into FILE, what it says to the log.
times() {
  local line
  line=$("$(bench_of "$2")" --port cuda --what steps --batch "$3" --method "$4" --largest "$largest" \
    --steps "$steps" --seconds 20 "${@:5}") || { echo "$2 $3 $4 ${*:5}: failed"; return 1; }
  echo "$line" | awk -v options="${*:5}" -v chunk="$2" -v what="$4" '
    function field(name) { return match($0, "\"" name "\": [^,}]*") ? substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 4) : "" }
    /"machine"/ { peak = field("peak_gflops") }
    /"step"/ {
      printf "%-34s %5d %-10s %8.3f ms, median %8.3f, worst %8.2f; floor %8.3f at %6.0f GFLOP/s, to floor %5.2f, to SGD %6.2f; %s\n", chunk,
        field("batch"), what, field("ms"), field("ms_median"), field("ms_worst"), field("floor_ms"), peak, field("to_floor"), field("to_sgd"), options
    }
    !/"step"|"machine"/'
  echo "$line" >> "$results/$1.jsonl"
}
bench_steps() {
  local config method status=0
  for config in $bench_configs; do
    for method in sgd kfac; do times steps "$config" "$1" "$method" || status=1; done
    for method in kfac ekfac deflation; do times steps "$config" "$1" "$method" --between || status=1; done
  done
  return "$status"
}
# 1024 rows in one chunk; 8192 in one, and in four: then the host fetches while the device computes, and
# the quarter that F is measured on is the last chunk, which stays.
bench_1024() { bench_configs=$(few "$bench_configs") bench_steps "$small_batch"; }
bench_8192() { bench_configs=$(many "$bench_configs") bench_steps "$large_batch"; }
few() {
  tr ' ' '\n' <<< "$1" | grep -v -e _2048 -e _8192 | tr '\n' ' '
}
many() {
  tr ' ' '\n' <<< "$1" | grep -v _1024 | tr '\n' ' '
}
bench_options() {
  local config status=0
  config=$(few "$bench_configs")
  config=${config%% *}
  times options "$config" "$small_batch" sgd --graphs off || status=1
  times options "$config" "$small_batch" kfac --graphs off || status=1
  times options "$config" "$small_batch" kfac --precision tf32 || status=1
  "$(bench_of "$config")" --port cuda --what steps --table --method kfac --batch "$small_batch" --steps 20 \
    --seconds 10 --largest "$largest" --profile || status=1
  config=$(many "$bench_configs")
  "$(bench_of "${config%% *}")" --port cuda --what steps --table --method kfac --batch "$large_batch" --steps 20 \
    --seconds 10 --largest "$largest" --profile || status=1
  return "$status"
}
bench_methods() {
  local method config status=0
  config=$(few "$bench_configs")
  for method in $(all_methods); do times methods "${config%% *}" "$small_batch" "$method" || status=1; done
  return "$status"
}
bench_kernels() {
  local config=${bench_configs%% *}
  "$(bench_of "$config")" --port cuda --what kernels --table --repeat 3 --largest "$largest"
}
torch() {
  local config batch answer status=0
  for config in $bench_configs; do
    case $config in *_2048*) batch=$large_batch ;; *_8192*) continue ;; *) batch=$small_batch ;; esac
    answer=0
    python3 tools/peers/compare_torch.py --bench "$(bench_of "$config")" --batch "$batch" \
      --net "$(basename "$config" .h | sed 's/_[0-9]*$//')" || answer=$?
    [ "$answer" -ne 77 ] || return 0
    [ "$answer" -eq 0 ] || status=1
  done
  for batch in "$small_batch" "$large_batch"; do
    python3 tools/peers/torch_strides.py --batch "$batch" || status=1
  done
  return "$status"
}

"$@"
