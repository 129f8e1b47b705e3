# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the tests of kfix-train share: the network of three_threads.h, and data for it.
. test/support/cli.sh

# build CONFIG PROGRAM...: one after the other, as the tests run in parallel in one build folder.
# REAL=double: into the folder CONFIG-double.
build() {
  local config=$1 folder program targets=() real=${REAL:-float}
  shift
  folder=$KFIX_BUILD/$(basename "$config" .h)
  [ "$real" = float ] || folder=$folder-$real
  [ "${GPU:-}" != fake ] || folder+=-fake
  for program; do targets+=("$folder/kfix-$program"); done
  env -u MAKEFLAGS flock "$KFIX_BUILD/.build-lock" \
    make --no-print-directory QUIET=1 -s CC=gcc REAL="$real" SAN= DEBUG= BUILD="$KFIX_BUILD" \
    CONFIG="$config" "${targets[@]}"
}

train=$KFIX_BUILD/three_threads/kfix-train
# Used by the tests that source this file.
# shellcheck disable=SC2034
size=$KFIX_BUILD/three_threads/kfix-size

# Three clouds of 230 points in 64 dimensions: 184 train, 46 validate.
make_data() {
  awk 'BEGIN {
    srand(7)
    for (i = 0; i < 230; i++) {
      line = ""
      for (j = 0; j < 64; j++) line = line sprintf("%.4f,", rand() + (j % 3 == i % 3 ? 0.6 : 0))
      print line i % 3
    }
  }' > "$1"
}

# run ARGS...: trains on the small data.
run() {
  "$train" --data "$KFIX_TMP/clouds.csv" --batch 100 "$@"
}

# The digest that the last epoch line shows.
last_digest() {
  awk '/digest/ { digest = $NF } END { print digest }'
}

# digest ARGS...: the digest at the end of that run.
digest() {
  run "$@" | last_digest
}

# says TEXT COMMAND...: it fails with STATUS (from the environment, 1) and one line on stderr that
# holds the text.
says() {
  local text=$1 status=0 said
  shift
  said=$("$@" 2>&1 > /dev/null) || status=$?
  [ "$status" -eq "${STATUS:-1}" ] || { echo "exit status $status, not ${STATUS:-1}: $said"; return 1; }
  [ "$(printf '%s\n' "$said" | wc -l)" -eq 1 ] || { echo "not one line: $said"; return 1; }
  case $said in *"$text"*) ;; *) echo "it says: $said"; return 1 ;; esac
}

command -v flock > /dev/null || exit 77
build test/support/three_threads.h train size || exit 1
make_data "$KFIX_TMP/clouds.csv"
