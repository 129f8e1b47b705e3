#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A net that looks through windows, on CIFAR's records: pixels standardised by channel, augmentation, resumed,
# predicted with; and what is said where images mean nothing.
. test/support/train.sh
tmp=$KFIX_TMP
folder=$KFIX_BUILD/coloured

config() { # config NAME CHUNK
  cat > "$tmp/$1.h" << END
#define KFIX_NAME        "coloured"
#define KFIX_INPUT_SHAPE (3, 32, 32)
#define KFIX_NODES(N, x)                          \\
  N(x, conv, conv1, input, (4, 5, 4, 2), relu)    \\
  N(x, max_pool, pool, conv1, (2, 2, 0), linear)  \\
  N(x, conv, conv2, pool, (6, 3, 1, 1), relu)     \\
  N(x, mean_pool, mean, conv2, (0, 1, 0), linear) \\
  N(x, dense, out, mean, (3), softmax)
#define KFIX_LOSS         categorical
#define KFIX_TARGET       class
#define KFIX_BLOCK        16
#define KFIX_CHUNK        $2
#define KFIX_THREADS      3
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_HE) SET(lambda, 1)
END
}
config coloured 32 && config chunked 16 && build "$tmp/coloured.h" train predict && build "$tmp/chunked.h" train || exit 1

# 150 and 45 records of noise; class c has more of colour c, and a bar at the left.
python3 - "$tmp" << 'END' || exit 1
import os, random, sys
random.seed(3)
def record(label):
    planes = [[random.randrange(90) + 20 * c for _ in range(1024)] for c in range(3)]
    planes[label] = [v + 60 for v in planes[label]]
    for row in range(32):
        planes[label][32 * row + 3 + label] = 255
    return bytes([label] + sum(planes, []))
os.mkdir(sys.argv[1] + "/set")
for name, rows in ("data_batch_1.bin", 90), ("data_batch_2.bin", 60), ("test_batch.bin", 45):
    with open(sys.argv[1] + "/set/" + name, "wb") as file:
        for i in range(rows):
            file.write(record(i % 3))
END

learn() { # learn ARGS...
  "$folder/kfix-train" --data "$tmp/set" --batch 40 "$@"
}
ends() { # ends ARGS...: the digest at the end of that run
  learn --eval-every 1 "$@" | last_digest
}
predict() { # predict WEIGHTS ARGS...
  "$folder/kfix-predict" --weights "$tmp/$1" --data "$tmp/set" "${@:2}"
}
number() { # number KEY: the number behind it in a line of JSON
  sed -n "s/.*\"$1\": \([-0-9.e]*\).*/\1/p"
}
near() { # near A B SHARE
  awk -v a="$1" -v b="$2" -v s="$3" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(a != "" && b != "" && d <= s * (b < 0 ? -b : b)) }' ||
    { echo "'$1' is not near '$2'"; return 1; }
}

# ---- what a run says ----

says_pixels() {
  learn --steps 1 > "$tmp/said" && grep -q '^data .* 150 + 45 images of 32x32 in 3 colours' "$tmp/said" &&
    grep -q '^pixels    / 255, standardised by channel: mean 0\.[0-9]* 0\.[0-9]* 0\.[0-9]*, deviation ' "$tmp/said" || return 1
  ! grep -q '^augment' "$tmp/said"
}
check "pixels of a net with windows are standardised by channel, and it says so" says_pixels
as_they_are() {
  learn --steps 1 --pixels unit | grep '^pixels' && return 1
  [ "$(ends --steps 3 --pixels unit)" != "$(ends --steps 3)" ] && same "$(ends --steps 3 --pixels standard)" "$(ends --steps 3)"
}
check "--pixels unit leaves them / 255" as_they_are
says_augment() {
  learn --steps 1 --augment flip,crop | sees -x 'augment   crop:4,flip, of what trains alone'
}
check "augmentation is said too" says_augment

# ---- training ----

learns() {
  learn --quiet --method kfac --epochs 8 --augment crop,flip --log "$tmp/learns.csv" || return 1
  awk -F, 'NR == 2 { first = $7 } END { print first, $7; exit !($7 < first / 2) }' "$tmp/learns.csv"
}
check "it learns what is augmented" learns
augmented=(--augment crop:3,flip)
other_bits() {
  local plain crop flip both
  plain=$(ends --steps 5) crop=$(ends --steps 5 --augment crop) flip=$(ends --steps 5 --augment flip)
  both=$(ends --steps 5 --augment crop,flip)
  same 4 "$(printf '%s\n' "$plain" "$crop" "$flip" "$both" | sort -u | grep -c .)" &&
    same "$both" "$(ends --steps 5 --augment flip,crop:4)"
}
check "each augmentation makes another run" other_bits
one_digest() { # of one thread and three, of ref and simd, of either chunk
  local digest
  digest=$(ends --steps 9 "${augmented[@]}" "$@")
  same "$digest" "$(ends --steps 9 --threads 1 "${augmented[@]}" "$@")" &&
    same "$digest" "$(ends --steps 9 --threads 3 "${augmented[@]}" "$@")" &&
    same "$digest" "$(ends --steps 9 --port ref "${augmented[@]}" "$@")" &&
    same "$digest" "$("$KFIX_BUILD/chunked/kfix-train" --data "$tmp/set" --batch 40 --steps 9 "${augmented[@]}" "$@" | last_digest)"
}
resumes() { # in the middle of an epoch: 4 batches make one
  rm -f "$tmp/state"
  learn --quiet --steps 6 --checkpoint "$tmp/state" "${augmented[@]}" "$@" || return 1
  same "$(ends --steps 11 "${augmented[@]}" "$@")" "$("$folder/kfix-train" --resume "$tmp/state" --steps 11 | last_digest)"
}
for method in sgd kfac "ekfac --conv reduce"; do
  # shellcheck disable=SC2086
  check "$method, augmented: the same bits by threads, ports and chunks" one_digest --method $method
  # shellcheck disable=SC2086
  check "$method, augmented: resumed, the same bits" resumes --method $method
done

# A deep net without normalisation: by its own first weights the loss of ten classes begins near log 10, by He's far off.
deep() { # deep ARGS...: the objective of each step
  "$KFIX_BUILD/resnet18_plain/kfix-train" --quiet --data "$tmp/set" --method sgd --batch 10 --eval-every 0 \
    --log-steps "$tmp/deep.csv" "$@" && tail -n +2 "$tmp/deep.csv" | cut -d, -f5
}
begins_small() {
  build resnet18_plain train || return 1
  deep --steps 4 > "$tmp/deep" && deep --steps 1 --init he >> "$tmp/deep" || return 1
  awk '{ print; good += NR < 5 ? $1 < 3 : $1 > 6 } END { exit !(NR == 5 && good == 5) }' "$tmp/deep"
}
check "resnet18_plain trains from near log 10" begins_small

# Weights that stand still: what is evaluated is the same with augmentation and without.
still() {
  learn --quiet --method sgd --lr 0 --momentum 0 --epochs 2 "$@" --log "$tmp/still.csv" || return 1
  cut -d, -f5-8 "$tmp/still.csv"
}
untouched() {
  local plain
  plain=$(still) && same "$plain" "$(still --augment crop:8,flip)" && same 2 "$(sort -u <<< "$plain" | grep -c .)"
}
check "evaluations see images as they are" untouched
epochs_differ() {
  learn --quiet --method sgd --lr 0 --momentum 0 --epochs 2 --batch 0 --augment crop:8,flip --log-steps "$tmp/steps.csv" || return 1
  same 2 "$(tail -n +2 "$tmp/steps.csv" | cut -d, -f6 | sort -u | grep -c .)"
}
check "each epoch's steps see them anew" epochs_differ

refuses() { # refuses TEXT ARGS...: with the checkpoint
  STATUS=2 says "$1" "$folder/kfix-train" --resume "$tmp/state" --steps 20 "${@:2}"
}
learn --quiet --steps 2 --checkpoint "$tmp/state" --augment flip
check "another augmentation is refused when it goes on" refuses "--augment crop:4: the checkpoint's run has flip" --augment crop
check "and other pixels" refuses "--pixels unit: the checkpoint's run has standard" --pixels unit
older() { # of a version that wrote neither key
  learn --quiet --steps 6 --pixels unit --checkpoint "$tmp/state" || return 1
  python3 test/support/edit_checkpoint.py "$tmp/state" "$tmp/old" pixels augment &&
    same "$(ends --steps 9 --pixels unit)" "$("$folder/kfix-train" --resume "$tmp/old" --steps 9 | last_digest)"
}
check "a checkpoint of an older version goes on with pixels / 255" older

# ---- predicting ----

learn --quiet --epochs 3 --weight-decay 0 --export "$tmp/w.npz" --log "$tmp/w.csv" "${augmented[@]}" &&
  learn --quiet --epochs 3 --weight-decay 0 --export "$tmp/w.safetensors" "${augmented[@]}" || exit 1
validates() {
  predict "$1" --part validation --evaluate --json > "$tmp/json" || return 1
  near "$(number loss < "$tmp/json")" "$(tail -n 1 "$tmp/w.csv" | cut -d, -f7)" 1e-5 &&
    near "$(number accuracy < "$tmp/json")" "$(tail -n 1 "$tmp/w.csv" | awk -F, '{ print 1 - $8 }')" 1e-6
}
check "kfix-predict moves pixels as training did" validates w.npz
check "by either format" validates w.safetensors
alone() { # a set of test pictures only, in the place of training files: their own mean does not matter
  mkdir -p "$tmp/new" && cp "$tmp/set/test_batch.bin" "$tmp/new/data_batch_1.bin" || return 1
  predict w.npz --part validation --what probabilities > "$tmp/beside" &&
    "$folder/kfix-predict" --weights "$tmp/w.npz" --data "$tmp/new" --what probabilities > "$tmp/alone" &&
    cmp "$tmp/beside" "$tmp/alone"
}
check "pictures alone are moved as those that trained" alone

# ---- where images mean nothing ----

refused() { # refused STATUS TEXT PROGRAM ARGS...
  STATUS=$1 says "$2" "${@:3}" --steps 1
}
check "no image goes in" refused 2 "the input of this network is no image" "$train" --data "$tmp/clouds.csv" --augment flip
check "no pixels come" refused 2 "the inputs of $tmp/clouds.csv are no pixels" "$train" --data "$tmp/clouds.csv" --pixels standard
table() {
  awk 'BEGIN { for (i = 0; i < 20; i++) { for (j = 0; j < 3072; j++) printf "%d,", (i * j) % 7; print i % 3 } }' > "$tmp/table.csv"
  refused 2 "$tmp/table.csv holds no images" "$folder/kfix-train" --data "$tmp/table.csv" --augment flip
}
check "a table is no image" table
check "a word that is none" refused 2 "--augment 'rotate': crop[:P],flip is allowed" learn --augment rotate
check "more zeros than image" refused 2 "--augment crop:32: the images have 32 x 32 pixels" learn --augment crop:32
other_shape() {
  mkdir -p "$tmp/idx"
  python3 - "$tmp/idx" << 'END' || return 1
import struct, sys
for part in "train", "t10k":
    with open(f"{sys.argv[1]}/{part}-images-idx3-ubyte", "wb") as file:
        file.write(struct.pack(">4I", 0x803, 5, 28, 28) + bytes(5 * 784))
    with open(f"{sys.argv[1]}/{part}-labels-idx1-ubyte", "wb") as file:
        file.write(struct.pack(">2I", 0x801, 5) + bytes(5))
END
  refused 1 "has images of (1, 28, 28), channels, height and width, the net takes (3, 32, 32)" "$folder/kfix-train" --data "$tmp/idx"
}
check "images of another shape are refused with both" other_shape
packed() {
  mkdir -p "$tmp/packed" && echo x > "$tmp/packed/train.bin.xz" &&
    refused 1 "unxz it" "$folder/kfix-train" --data "$tmp/packed"
}
check "what to do with xz" packed
rm -rf "${folder:?}" "${KFIX_BUILD:?}/chunked"

finish
