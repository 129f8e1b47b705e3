#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: gpu_check.sh [--pack DIR]
# All that is to be seen of the CUDA port on a device: build, conformance, digests of two processes and
# without graphs, host against device, compute-sanitizer, times against the device's peak and PyTorch's.
# Each part has a time limit, writes its log to build/gpu-check and goes on if another failed;
# summary.txt has a line for each, archive.tar.gz all of it, also after a part was cut short. Needs
# bash, gcc, make and the CUDA toolkit; nothing is downloaded.
#   GPU=fake   a rehearsal with a small net on a device played by the host: it shows this script.
#   DEPS=DIR   zlib and cmocka, where the machine lacks them: what --pack DIR collects on another.
#   PARTS="a b"  these alone (the build is kept, and made where it is missing); LIMIT=S seconds for all
#   CONFIG=    what is trained (curves_autoencoder)
# Exit status: 0 all passed, 1 something failed or was cut short, 77 no device.
set -u
cd "$(dirname "$0")/../.." || exit 1
unset MAKEFLAGS MFLAGS MAKEOVERRIDES MAKELEVEL
export GPU=${GPU:-1} BUILD=${BUILD:-build} REQUIRE_GPU=1
export results=$BUILD/gpu-check
began=$SECONDS failures=0
limit_of_all=${LIMIT:-570}
parts=${PARTS:-environment build-float conformance-float training two-processes graphs host-and-device allocations \
bench-1024 bench-8192 torch bench-options bench-kernels memcheck initcheck bench-methods build-double conformance-double}
. tools/dev/gpu_toolkit.sh
if [ "${1:-}" = --pack ]; then
  pack "$2"
  exit
fi

export jobs at_once=6 suffix=gpu CONFIG=${CONFIG:-curves_autoencoder} data=curves batch=512
export largest=2000 steps=40 small_batch=1024 large_batch=8192 bench_configs=
jobs=$(nproc)
export c_tests="test_cuda_kernels test_cuda_products test_cuda_kron test_cuda_workspace test_cuda_inverses
  test_cuda_eigens test_cuda_search test_cuda_images test_cuda_training test_cuda_convolutions test_cuda_graphs
  test_cuda_devices"

# The networks that are timed, with chunks that fill a device: the configs' own are for a CPU's cache.
wide_config() {
  local file=$results/configs/$1_$2.h
  mkdir -p "$results/configs"
  printf '#include "config/%s.h"\n#undef KFIX_CHUNK\n#define KFIX_CHUNK %s\n' "$1" "$2" > "$file.new"
  cmp -s "$file.new" "$file" || mv "$file.new" "$file"
  bench_configs="$bench_configs $file"
}

# part NAME SECONDS ARGUMENT...: that part of gpu_parts.sh with that limit, its output in NAME.log.
part() {
  local name=$1 limit=$2 status=0 from=$SECONDS left=$((limit_of_all - (SECONDS - began)))
  shift 2
  case " $parts " in *" $name "*) ;; *) return 0 ;; esac
  [ "$left" -gt "$limit" ] || limit=$left
  if [ "$limit" -lt 5 ]; then
    echo "not run $name: no time left" | tee -a "$results/summary.txt"
    return 1
  fi
  timeout -k 5 "$limit" tools/dev/gpu_parts.sh "$@" > "$results/$name.log" 2>&1 || status=$?
  case $status in
  0) line="ok" ;;
  124 | 137) line="not ok (cut off after $limit s)" ;;
  *) line="not ok (exit status $status)" ;;
  esac
  echo "$line $name, $((SECONDS - from)) s" | tee -a "$results/summary.txt"
  [ "$status" -eq 0 ] || {
    failures=$((failures + 1))
    tail -n 12 "$results/$name.log" | sed 's/^/    /'
  }
  return "$status"
}

archive() {
  echo "$failures of the parts failed, $((SECONDS - began)) s" | tee -a "$results/summary.txt"
  tar -C "$results" --exclude=toolkit -czf "$results.tar.gz" . && mv "$results.tar.gz" "$results/archive.tar.gz"
}

[ -n "${PARTS:-}" ] || rm -rf "$results"
mkdir -p "$results"
if [ -n "${DEPS:-}" ]; then
  use_deps "$DEPS" || exit
fi
find_toolkit
# What the port refuses, set by an image: said, and taken away.
[ "${NVIDIA_TF32_OVERRIDE:-0}" != 0 ] && refused=NVIDIA_TF32_OVERRIDE || refused=
for name in $refused CUBLAS_EMULATE_SINGLE_PRECISION CUBLAS_EMULATE_DOUBLE_PRECISION \
  CUBLAS_EMULATION_STRATEGY CUBLASLT_HEURISTICS_LUT_FILE; do
  [ -z "${!name:-}" ] || echo "$name=${!name} was set; unset" | tee -a "$results/summary.txt"
  unset "$name"
done
if [ "$GPU" = fake ]; then
  suffix=fake CONFIG=test/support/three_threads.h data=$results/points.csv batch=100 at_once=2
  bench_configs=$CONFIG largest=100 steps=20 small_batch=100 large_batch=200
  awk 'BEGIN {
    srand(7)
    for (i = 0; i < 230; i++) {
      for (j = 0; j < 64; j++) printf "%.4f,", rand() + (j % 3 == i % 3 ? 0.6 : 0)
      print i % 3
    }
  }' > "$data"
else
  for net in mnist_autoencoder faces_autoencoder; do
    wide_config "$net" 1024
    wide_config "$net" 2048
    wide_config "$net" 8192
  done
fi
export train=$BUILD/$(basename "$CONFIG" .h)-$suffix/kfix-train
trap archive EXIT

part environment 30 environment
kernels=$BUILD/test-gcc-float-$suffix/test_cuda_kernels
[ -x "$kernels" ] || [ -z "${PARTS:-}" ] || parts="build-float $parts"
part build-float 240 build float || { failures=$((failures > 0 ? failures : 1)); exit 1; }
answer=0
env -u REQUIRE_GPU timeout 60 "$kernels" > "$results/device.log" 2>&1 || answer=$?
if [ "$answer" -eq 77 ]; then
  echo "no device: it builds, nothing was run" | tee -a "$results/summary.txt"
  exit 77
fi
part conformance-float 120 conformance float
part training 150 training
part two-processes 20 two_processes
part graphs 20 graphs
part host-and-device 20 host_and_device
[ "$GPU" = fake ] || part allocations 60 allocations
part bench-1024 150 bench_1024
part bench-8192 240 bench_8192
[ "$GPU" = fake ] || part torch 200 torch
part bench-options 90 bench_options
part bench-kernels 90 bench_kernels
[ "$GPU" = fake ] || part memcheck 120 memcheck
[ "$GPU" = fake ] || part initcheck 180 initcheck
part bench-methods 200 bench_methods
part build-double 120 build double && part conformance-double 90 conformance double
[ "$failures" -eq 0 ]
