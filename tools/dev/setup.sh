#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: setup.sh [--list] run|practice|test|lint|plot|fuzz|deep|portability|cortex-m ...
# Installs the Debian packages that are missing for these tasks; silent when all are there. Without
# root it prints the command to run and answers 1. With --list it prints the packages, one a line.
set -eu

base="gcc make binutils libc6-dev zlib1g-dev"
packages= list=
[ "${1:-}" != --list ] || { list=1; shift; }
for task in "$@"; do
  case $task in
  run) packages="$packages $base" ;;
  practice) packages="$packages $base dataset-fashion-mnist" ;;
  test)
    packages="$packages $base libcmocka-dev pkg-config python3-numpy gnuplot-nox patch"
    # What kfix.h and the checks of lint have to say to C++ and to another compiler.
    packages="$packages g++ clang"
    # For the port blis, where there are kernels for it.
    [ "$(uname -m)" != x86_64 ] || packages="$packages libblis-serial-dev" ;;
  lint) packages="$packages $base clang clang-format cppcheck git" ;;
  plot) packages="$packages gnuplot-nox" ;;
  fuzz) packages="$packages $base clang libclang-rt-14-dev" ;;
  deep) packages="$packages $base clang libclang-rt-14-dev clang-tidy valgrind gcovr" ;;
  portability)
    packages="$packages $base clang lld llvm qemu-user"
    packages="$packages gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-arm-linux-gnueabihf libc6-dev-armhf-cross"
    packages="$packages gcc-riscv64-linux-gnu libc6-dev-riscv64-cross gcc-i686-linux-gnu libc6-dev-i386-cross"
    ;;
  cortex-m) packages="$packages $base gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm" ;;
  *)
    echo "usage: $0 [--list] run|practice|test|lint|plot|fuzz|deep|portability|cortex-m ..." >&2
    exit 2
    ;;
  esac
done

if [ -n "$list" ]; then
  # shellcheck disable=SC2086
  printf '%s\n' $packages | sort -u
  exit
fi
if ! command -v dpkg-query > /dev/null; then
  # Not Debian: trust what is there, and say what is needed if the compiler finds none of it.
  [ -n "${KFIX_SETUP_QUIET:-}" ] || echo "this needs what Debian calls:$packages" >&2
  exit 0
fi

missing=
for package in $packages; do
  case " $missing " in *" $package "*) continue ;; esac
  dpkg-query -W -f '${db:Status-Status}\n' "$package" 2> /dev/null | grep -q '^installed$' ||
    missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "missing packages; run: sudo apt-get install$missing" >&2
  exit 1
fi
echo "installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing > /dev/null
