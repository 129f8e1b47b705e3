#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: gpu_check.sh [--pack DIR]
# All that is to be seen of the CUDA port on a device, in about eight minutes: build, conformance,
# compute-sanitizer, digests of two processes and without graphs, free memory, host against device,
# times. Each part writes its log to build/gpu-check and goes on if another failed; summary.txt has a
# line for each, and archive.tar.gz all of it. Needs gcc, make and the CUDA toolkit; nothing is
# downloaded.
#   GPU=fake   a rehearsal with a small net on a device played by the host: it shows this script.
#   DEPS=DIR   zlib and cmocka, where the machine lacks them: what --pack DIR collects on another.
#   CONFIG=, BENCH_CONFIG=   what is trained (curves_autoencoder) and timed (mnist_autoencoder).
# Exit status: 0 all passed, 1 something failed or was cut short, 77 no device.
set -u
cd "$(dirname "$0")/../.." || exit 1
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
export GPU=${GPU:-1} BUILD=${BUILD:-build} REQUIRE_GPU=1
export results=$BUILD/gpu-check
jobs=$(nproc)
began=$SECONDS
if [ "$GPU" = fake ]; then
  suffix=fake CONFIG=test/support/three_threads.h data=$results/points.csv batch=100
  BENCH_CONFIG=$CONFIG largest=100
else
  suffix=gpu CONFIG=${CONFIG:-curves_autoencoder} BENCH_CONFIG=${BENCH_CONFIG:-mnist_autoencoder}
  data=curves batch=512 largest=2048
fi
c_tests="test_cuda_kernels test_cuda_products test_cuda_kron test_cuda_workspace test_cuda_inverses test_cuda_training
  test_cuda_graphs"
failures=0

pack() {
  mkdir -p "$1/include" "$1/lib"
  cp /usr/include/zlib.h /usr/include/zconf.h /usr/include/cmocka.h "$1/include"
  cp "$(gcc -print-file-name=libz.a)" "$(realpath "$(gcc -print-file-name=libcmocka.so)")" "$1/lib"
  (cd "$1/lib" && for file in libcmocka.so.*; do
    soname=$(objdump -p "$file" | awk '/SONAME/ { print $2 }')
    cp "$file" libcmocka.so
    [ "$file" = "$soname" ] || cp "$file" "$soname"
  done)
}
if [ "${1:-}" = --pack ]; then
  pack "$2"
  exit
fi

# part NAME SECONDS COMMAND...: runs it with that limit, its output in NAME.log.
part() {
  local name=$1 limit=$2 status=0 from=$SECONDS
  shift 2
  timeout "$limit" "$@" > "$results/$name.log" 2>&1 || status=$?
  case $status in
  0) line="ok" ;;
  124) line="not ok (cut off after $limit s)" ;;
  *) line="not ok (exit status $status)" ;;
  esac
  [ "$status" -eq 0 ] || failures=$((failures + 1))
  echo "$line $name, $((SECONDS - from)) s" | tee -a "$results/summary.txt"
  return "$status"
}

# Where only Python's packages bring cuBLAS and cuSOLVER: a toolkit of links, with nvcc's own parts.
find_toolkit() {
  local nvcc home headers
  [ -z "${CUDA_HOME:-}" ] || return 0
  nvcc=$(command -v nvcc || ls /usr/local/cuda/bin/nvcc 2> /dev/null) || return 0
  home=$(dirname "$(dirname "$(realpath "$nvcc")")")
  headers=$(find -H "$home/include" /opt /usr/lib/python3* /usr/local/lib -name cublas_v2.h 2> /dev/null | head -n 1)
  case $headers in "$home"/* | "") return 0 ;; esac
  link_toolkit "$home" "$(dirname "$(dirname "$(dirname "$headers")")")"
}
link_toolkit() {
  local home=$1 packages=$2 overlay=$results/toolkit file
  mkdir -p "$overlay/bin" "$overlay/include" "$overlay/lib64"
  # A link would lead make back to where the libraries are not.
  printf '#!/bin/sh\nexec %s/bin/nvcc "$@"\n' "$home" > "$overlay/bin/nvcc"
  chmod +x "$overlay/bin/nvcc"
  for file in "$home"/include/* "$packages"/*/include/*; do ln -sfn "$file" "$overlay/include/"; done
  for file in "$home"/lib64/* "$packages"/*/lib/*.so*; do
    ln -sfn "$file" "$overlay/lib64/"
    ln -sfn "$file" "$overlay/lib64/$(basename "$file" | sed 's/\.so\..*/.so/')"
  done
  CUDA_HOME=$(realpath "$overlay")
  export CUDA_HOME
}

environment() {
  date -u
  uname -a
  lscpu | grep -E 'Model name|^CPU\(s\)'
  gcc --version | head -n 1
  "${CUDA_HOME:+$CUDA_HOME/bin/}nvcc" --version | tail -n 2
  env | grep -E '^(NVIDIA|CUDA|CUBLAS)_' || true
  git log -1 --format='%h %s' 2> /dev/null || true
  if command -v nvidia-smi > /dev/null; then nvidia-smi; fi
}

build() {
  make -j "$jobs" QUIET=1 REAL="$1" TESTS="$c_tests" tests || return
  [ "$1" = float ] || return 0
  make -j "$jobs" QUIET=1 CONFIG="$CONFIG" all && make -j "$jobs" QUIET=1 CONFIG="$BENCH_CONFIG" all
}

# Exact tolerances are in the tests: the CPU ports' bits for kernels, n eps for products and factors,
# the root of eps for three steps of each method.
conformance() {
  local test status=0
  for test in $c_tests; do "$BUILD/test-gcc-$1-$suffix/$test" || status=1; done
  return "$status"
}

sanitizer() {
  local tool test status=0
  for tool in memcheck initcheck; do
    for test in test_cuda_kernels test_cuda_kron test_cuda_inverses; do
      compute-sanitizer --tool "$tool" --error-exitcode 9 "$BUILD/test-gcc-float-$suffix/$test" || status=1
    done
  done
  return "$status"
}

train=$BUILD/$(basename "$CONFIG" .h)-$suffix/kfix-train
bench=$BUILD/$(basename "$BENCH_CONFIG" .h)-$suffix/kfix-bench
all_methods() {
  "$train" --help | grep -o 'sgd|[a-z|-]*' | head -n 1 | tr '|' ' '
}

# run METHOD PORT NAME OPTION...: a short run of the generated data, its logs in $results.
run() {
  "$train" --data "$data" --limit 2048 --batch "$batch" --steps 25 --eval-every 0 --method "$1" \
    --port "$2" --digest-log "$results/digests-$3.csv" --log-steps "$results/steps-$3.csv" "${@:4}"
}

two_processes() {
  local method status=0
  for method in $(all_methods); do
    run "$method" cuda "$method-1" && run "$method" cuda "$method-2" &&
      tools/digest-compare/digest_compare.sh "$results/digests-$method-1.csv" "$results/digests-$method-2.csv" || status=1
  done
  return "$status"
}

# Graphs must not have been turned off by a failure, and launch what is launched call by call without.
graphs() {
  local method status=0
  for method in $(all_methods); do
    run "$method" cuda "$method-3" > "$results/said" && ! grep '^graphs *off' "$results/said" &&
      run "$method" cuda "$method-eager" --graphs off &&
      tools/digest-compare/digest_compare.sh "$results/digests-$method-3.csv" "$results/digests-$method-eager.csv" || status=1
  done
  return "$status"
}

# The mean objective of the last five steps, which rounding may move a little, not much.
host_and_device() {
  local method status=0
  for method in $(all_methods); do
    run "$method" simd "$method-host" > /dev/null || status=1
    awk -F, -v method="$method" '
      FNR > 1 { last[FILENAME, FNR] = $5; rows[FILENAME] = FNR }
      END {
        for (i = 0; i < 5; i++) { a += last[ARGV[1], rows[ARGV[1]] - i]; b += last[ARGV[2], rows[ARGV[2]] - i] }
        printf "%-16s host %.6g device %.6g\n", method, a / 5, b / 5
        exit !(a > 0 && b > 0.98 * a && b < 1.02 * a)
      }' "$results/steps-$method-host.csv" "$results/steps-$method-1.csv" || status=1
  done
  return "$status"
}

times() {
  "$bench" --port cuda "$@"
}
times_with_and_without_graphs() {
  local method graphs
  for method in sgd kfac ekfac kpsvd; do
    for graphs in on off; do
      echo "graphs $graphs"
      times --what steps --method "$method" --steps 100 --seconds 6 --graphs "$graphs" --table || return
    done
  done
}

rm -rf "$results"
mkdir -p "$results"
if [ -n "${DEPS:-}" ]; then
  DEPS=$(realpath "$DEPS")
  export CPATH=$DEPS/include LIBRARY_PATH=$DEPS/lib:${LIBRARY_PATH:-}
  export LD_LIBRARY_PATH=$DEPS/lib:${LD_LIBRARY_PATH:-}
fi
find_toolkit
[ "$GPU" != fake ] || awk 'BEGIN {
  srand(7)
  for (i = 0; i < 230; i++) {
    for (j = 0; j < 64; j++) printf "%.4f,", rand() + (j % 3 == i % 3 ? 0.6 : 0)
    print i % 3
  }
}' > "$data"
# bash -c does not know this script's functions.
export -f environment build conformance sanitizer two_processes graphs host_and_device run all_methods times
export -f times_with_and_without_graphs
export suffix c_tests train bench jobs data batch CONFIG BENCH_CONFIG

part environment 30 bash -c environment
if ! part build-float 300 bash -c 'build float'; then
  echo "see $results/build-float.log" >&2
  exit 1
fi
answer=0
env -u REQUIRE_GPU "$BUILD/test-gcc-float-$suffix/test_cuda_kernels" > "$results/device.log" 2>&1 || answer=$?
if [ "$answer" -eq 77 ]; then
  echo "no device: it builds, nothing was run" | tee -a "$results/summary.txt"
  exit 77
fi
part conformance-float 60 bash -c 'conformance float'
part two-processes 100 bash -c two_processes
part graphs 100 bash -c graphs
part host-and-device 60 bash -c host_and_device
part bench-steps 90 bash -c 'times --what steps --steps 20 --seconds 3 --table'
part bench-graphs 80 bash -c times_with_and_without_graphs
part bench-steps-tf32 20 bash -c 'times --what steps --method kfac --steps 20 --seconds 5 --precision tf32 --table'
part bench-profile 20 bash -c 'times --what steps --method kfac --steps 20 --seconds 5 --profile --table'
part bench-kernels 60 bash -c "times --what kernels --repeat 3 --largest $largest"
if [ "$GPU" != fake ]; then part sanitizer 120 bash -c sanitizer; fi
if [ $((SECONDS - began)) -lt 400 ] && part build-double 120 bash -c 'build double'; then
  part conformance-double 60 bash -c 'conformance double'
fi
echo "$failures of the parts failed, $((SECONDS - began)) s" | tee -a "$results/summary.txt"
tar -C "$results" --exclude=toolkit -czf "$results.tar.gz" . && mv "$results.tar.gz" "$results/archive.tar.gz"
[ "$failures" -eq 0 ]
