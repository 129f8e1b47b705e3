#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# --class-weights and --label-smoothing: what they do to a run, and what is said where they mean nothing.
. test/support/train.sh
tmp=$KFIX_TMP
ck=$tmp/run.ck

# Classes of very different size: about 1 in 8, 3 in 8, 4 in 8.
awk 'BEGIN {
  srand(5)
  for (i = 0; i < 230; i++) {
    class = i % 8 == 0 ? 0 : i % 8 < 4 ? 1 : 2
    line = ""
    for (j = 0; j < 64; j++) line = line sprintf("%.4f,", rand() + (j % 3 == class ? 0.6 : 0))
    print line class
  }
}' > "$tmp/uneven.csv"
uneven() {
  "$train" --data "$tmp/uneven.csv" --batch 100 "$@"
}
# counts: training rows of each class; every fifth row is not one.
counts() {
  awk -F, 'NR % 5 != 0 { n[$NF]++ } END { print n[0], n[1], n[2] }' "$tmp/uneven.csv"
}

# ---- weights ----

check "equal weights are none" same "$(digest --steps 9)" "$(digest --steps 9 --class-weights 2,2,2)"
differ() {
  [ "$(uneven --steps 9 | last_digest)" != "$(uneven --steps 9 --class-weights "$1" | last_digest)" ]
}
check "weights make another run" differ balanced
check "a number for each class makes another run" differ 1,0.5,3

balanced_is() {
  local wanted
  read -r a b c <<< "$(counts)"
  wanted=$(awk -v a="$a" -v b="$b" -v c="$c" \
    'BEGIN { n = a + b + c; printf "weights   %.4g, %.4g, %.4g by class", n / 3 / a, n / 3 / b, n / 3 / c }')
  same "$wanted" "$(uneven --steps 1 --class-weights balanced | grep '^weights')"
}
check "balanced weights are n / (C n_c)" balanced_is

# Objectives of one class at a time, in the share of its rows, add up to that of all.
start_objective() {
  uneven --steps 1 "$@" | awk '/^epoch 0 / { for (i = 1; i < NF; i++) if ($i == "objective") print $(i + 1) }'
}
classes_add_up() {
  read -r a b c <<< "$(counts)"
  awk -v a="$a" -v b="$b" -v c="$c" -v x="$(start_objective --class-weights 1,0,0)" \
    -v y="$(start_objective --class-weights 0,1,0)" -v z="$(start_objective --class-weights 0,0,1)" \
    -v all="$(start_objective)" 'BEGIN {
      mean = (a * x + b * y + c * z) / (a + b + c)
      print all, mean, x, y, z
      exit !(x != y && mean - all < 2e-5 * all && all - mean < 2e-5 * all)
    }'
}
check "a class alone has the objective of its rows" classes_add_up

for port in ref simd; do
  check "weights: three threads, port $port" same "$(uneven --steps 7 --class-weights balanced --threads 1 | last_digest)" \
    "$(uneven --steps 7 --class-weights balanced --threads 3 --port $port | last_digest)"
done
for method in adam kfac-tridiag ekfac deflation; do
  check "weights: $method" uneven --quiet --method $method --steps 3 --class-weights balanced
done

resumed() {
  local all
  all=$(uneven --steps 15 "$@" | last_digest) || return 1
  uneven --quiet --steps 7 "$@" --checkpoint "$ck" || return 1
  same "$all" "$("$train" --resume "$ck" --steps 15 | last_digest)"
}
check "weights: resumed" resumed --class-weights balanced
refused_on_resume() {
  STATUS=2 says "$1" "$train" --resume "$ck" --steps 20 "${@:2}"
}
check "other weights are refused" refused_on_resume "--class-weights 1,2,3" --class-weights 1,2,3
check "the same weights are accepted" "$train" --quiet --resume "$ck" --steps 16 --class-weights balanced
check "a trace of a run with weights" refused_on_resume "--trace: not of a run" --trace "$tmp/t" --trace-at 17

# ---- labels ----

smoothed_differ() {
  [ "$(uneven --steps 9 | last_digest)" != "$(uneven --steps 9 --label-smoothing 0.1 | last_digest)" ]
}
check "smoothed labels make another run" smoothed_differ
check "smoothed by 0 they do not" same "$(uneven --steps 9 | last_digest)" "$(uneven --steps 9 --label-smoothing 0 | last_digest)"
# The loss is linear in the targets: of two runs' starts, that of a part between them lies between.
linear() {
  awk -v x="$(start_objective)" -v y="$(start_objective --label-smoothing 0.2)" -v z="$(start_objective --label-smoothing 0.4)" \
    'BEGIN { d = y - (x + z) / 2; exit !(x != z && d < 2e-5 * y && d > -2e-5 * y) }'
}
check "the objective is linear in the smoothing" linear
check "smoothed labels: resumed" resumed --label-smoothing 0.1 --fisher empirical
check "another smoothing is refused" refused_on_resume "the checkpoint's run has 0.1" --label-smoothing 0.2

# ---- what means nothing: exit status 2 ----

usage() {
  STATUS=2 says "$1" run --steps 1 "${@:2}"
}
check "too few weights" usage "3 numbers, one for each class" --class-weights 1,2
check "too many weights" usage "3 numbers, one for each class" --class-weights 1,2,3,4
check "a negative weight" usage "none below 0" --class-weights 1,-2,3
check "no weight at all" usage "not all 0" --class-weights 0,0,0
check "another word" usage "balanced or 3 numbers" --class-weights even
check "kfac-corrected" usage "takes none" --class-weights balanced --method kfac-corrected
check "weights and a trace" usage "contradict" --class-weights balanced --trace "$tmp/t" --trace-at 1
check "smoothing of everything" usage "out of range" --label-smoothing 1

empty_batch() {
  says "give every class a weight above 0" "$train" --data "$tmp/clouds.csv" --batch 1 --steps 20 --quiet --class-weights 1,0,0
}
check "a batch without weight" empty_batch

finish
