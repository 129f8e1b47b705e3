#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kfix-datagen: what it writes is a data set again, the same for the same seed, whole or not at all.
. test/support/cli.sh

datagen=$KFIX_BUILD/curves_autoencoder/kfix-datagen
work=${KFIX_TMP:?}
unset KFIX_DATA
[ -x "$datagen" ] || { echo "skip datagen: $datagen is not built"; exit 77; }

says() { # says TEXT COMMAND...: the output, either stream, holds the text.
  local text=$1
  shift
  "$@" 2>&1 | grep -qF -- "$text" || { echo "does not say: $text"; "$@"; return 1; }
}

same_files() {
  diff -r "$1" "$2"
}

small() { # small DIR SEED
  "$datagen" --out "$1" --train 50 --valid 20 --seed "$2" --sheet "$1.png"
}

sizes_of_a_set() {
  [ "$(gzip -dc "$work/a/train-images-idx3-ubyte.gz" | wc -c)" -eq $((16 + 50 * 784)) ] &&
    [ "$(gzip -dc "$work/a/t10k-images-idx3-ubyte.gz" | wc -c)" -eq $((16 + 20 * 784)) ]
}

differ() {
  ! cmp -s "$1" "$2"
}

is_png() {
  [ "$(head -c 8 "$1" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]
}

reads_its_own_output() { # and writes the same again
  "$datagen" --set "$work/a" --out "$work/c" && same_files "$work/a" "$work/c"
}

averages_down() {
  "$datagen" --set "$work/a" --side 16 --out "$work/d" &&
    [ "$(gzip -dc "$work/d/train-images-idx3-ubyte.gz" | wc -c)" -eq $((16 + 50 * 256)) ]
}

cut_off() {
  mkdir -p "$work/cut"
  cp "$work/a/"*.gz "$work/cut"
  head -c 500 "$work/a/train-images-idx3-ubyte.gz" > "$work/cut/train-images-idx3-ubyte.gz"
  says "end too early" "$datagen" --set "$work/cut" --out "$work/e" &&
    fails 1 "$datagen" --set "$work/cut" --out "$work/e"
}

leaves_no_temporaries() {
  [ -z "$(find "$work" -name '.kfix-*')" ]
}

full_disk() {
  [ -w /dev/full ] || return 0
  ln -s /dev/full "$work/full.png"
  says "full.png" "$datagen" --train 5 --valid 1 --sheet "$work/missing/full.png" &&
    fails 1 "$datagen" --train 5 --valid 1 --sheet "$work/full.png"
}

check help says "usage: kfix-datagen" "$datagen" --help
check help_answers_0 fails 0 "$datagen" --help
check writes_a_set small "$work/a" 7
check the_set_has_its_sizes sizes_of_a_set
check the_sheet_is_a_png is_png "$work/a.png"
check same_seed_again small "$work/b" 7
check same_seed_same_files same_files "$work/a" "$work/b"
check other_seed small "$work/other" 8
check other_seed_other_images differ "$work/a/train-images-idx3-ubyte.gz" \
  "$work/other/train-images-idx3-ubyte.gz"
check reads_its_own_output reads_its_own_output
check averages_down averages_down
check a_cut_off_file_is_refused cut_off
check a_sheet_that_cannot_be_written full_disk
check nothing_to_do fails 2 "$datagen"
check unknown_option fails 2 "$datagen" --seeed 3
check unknown_option_suggests says "did you mean --seed" "$datagen" --seeed 3
not_over_itself() {
  cp -r "$work/a" "$work/before"
  says "the set itself is there" "$datagen" --set "$work/a" --out "$work/./a" --train 3 &&
    fails 2 "$datagen" --set "$work/a" --out "$work/./a" --train 3 && same_files "$work/a" "$work/before"
}
check a_set_is_not_written_over_itself not_over_itself
cannot_print() {
  [ ! -e /dev/full ] || fails 1 "$datagen" --train 5 --valid 1 --out "$work/p" > /dev/full
}
check what_is_printed_is_lost cannot_print
check out_of_range fails 2 "$datagen" --train -1 --out "$work/f"
check missing_set fails 1 "$datagen" --set nowhere --out "$work/f"
check missing_set_says says "nor the name of a data set" "$datagen" --set nowhere --out "$work/f"
check too_large_says says "images of 28 x 28: they can be made smaller only" "$datagen" --side 40 \
  --out "$work/f"
check no_labels_says says "curves has no class labels" "$datagen" --labels --out "$work/f"
check no_temporaries leaves_no_temporaries
finish
