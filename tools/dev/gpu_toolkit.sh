# SPDX-License-Identifier: Apache-2.0
# Sourced by gpu_check.sh: what a bare machine needs to build with. pack DIR collects zlib and cmocka
# for one that lacks them; use_deps DIR takes them; find_toolkit puts a toolkit together where nvcc and
# the libraries come from different places, as with Python's packages.

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

use_deps() {
  local deps
  deps=$(realpath "$1") || return
  export CPATH=$deps/include LIBRARY_PATH=$deps/lib:${LIBRARY_PATH:-}
  export LD_LIBRARY_PATH=$deps/lib:${LD_LIBRARY_PATH:-}
}

# The Makefile finds a toolkit that has all three in one place.
is_whole() {
  local folder
  [ -e "$1/include/cublas_v2.h" ] || return
  for folder in lib64 lib targets/x86_64-linux/lib; do
    [ ! -e "$1/$folder/libcusolver.so" ] || return 0
  done
  return 1
}

find_toolkit() {
  local nvcc home header
  [ -z "${CUDA_HOME:-}" ] || return 0
  nvcc=$(command -v nvcc || ls /usr/local/cuda/bin/nvcc 2> /dev/null) || return 0
  home=$(dirname "$(dirname "$(realpath "$nvcc")")")
  ! is_whole "$home" || return 0
  header=$(find -H "$home/include" /opt /usr/lib/python3* /usr/local/lib -name cublas_v2.h 2> /dev/null | head -n 1)
  [ -z "$header" ] || link_toolkit "$home" "$(dirname "$(dirname "$header")")"
}

# link_toolkit HOME PACKAGE: nvcc's own parts, then the package's with the header and its neighbours.
link_toolkit() {
  local home=$1 package=$2 overlay=$results/toolkit file
  mkdir -p "$overlay/bin" "$overlay/include" "$overlay/lib64"
  # A link would lead make back to where the libraries are not.
  printf '#!/bin/sh\nexec %s/bin/nvcc "$@"\n' "$home" > "$overlay/bin/nvcc"
  chmod +x "$overlay/bin/nvcc"
  for file in "$package"/../*/include/* "$package"/include/* "$home"/include/*; do
    [ ! -e "$file" ] || ln -sfn "$(realpath "$file")" "$overlay/include/"
  done
  for file in "$package"/../*/lib/*.so* "$package"/lib/*.so* "$package"/lib/*.a "$home"/lib64/*.so* \
    "$home"/lib64/*.a; do
    [ -e "$file" ] || continue
    ln -sfn "$file" "$overlay/lib64/"
    case $file in *.so*) ln -sfn "$file" "$overlay/lib64/$(basename "$file" | sed 's/\.so.*/.so/')" ;; esac
  done
  CUDA_HOME=$(realpath "$overlay")
  export CUDA_HOME
}
