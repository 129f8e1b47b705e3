#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Directions beyond the block-wise one: two-level of each space, exact and hf, on a net with a branch from a config
# outside the tree.
. test/support/train.sh
tmp=$KFIX_TMP
folder=$KFIX_BUILD/directions

cat > "$tmp/directions.h" << 'END'
#define KFIX_NAME  "directions"
#define KFIX_INPUT 64
#define KFIX_NODES(N, x)               \
  N(x, dense, stem, input, (20), tanh) \
  N(x, dense, h1, stem, (20), relu)    \
  N(x, add, sum, h1, (stem), tanh)     \
  N(x, dense, out, sum, (3), softmax)
#define KFIX_LOSS          categorical
#define KFIX_TARGET        class
#define KFIX_BLOCK         32
#define KFIX_CHUNK         64
#define KFIX_STATS_ROWS    90
#define KFIX_COARSE        3
#define KFIX_THREADS       3
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_GLOROT)
END
build "$tmp/directions.h" train predict size || exit 1

learn() { # learn ARGS...: on the three clouds
  "$folder/kfix-train" --data "$tmp/clouds.csv" --batch 100 "$@"
}
ends() { # ends ARGS...: the digest at the end of that run
  learn "$@" | last_digest
}
# column FILE NAME: that column of a log, line by line.
column() {
  awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; if (!c) exit 1; next } { print $c }' "$1"
}
# every FILE NAME CONDITION: the condition holds of x, each number of that column, and there are some.
every() {
  column "$1" "$2" | awk "{ x = \$1; if (!($3)) { print \"$2: \" x; bad = 1 } } END { exit bad || NR == 0 }"
}

# ---- training, by both drivers ----

# learns HOW...: the loss of what validates falls below a tenth of the first; the log of steps stays behind.
learns() {
  learn --quiet --epochs 15 --threads 1 --log "$tmp/learns.csv" --log-steps "$tmp/steps.csv" "$@" || return 1
  awk -F, 'NR == 2 { first = $7 } END { print first, $7; exit !($7 < first / 10) }' "$tmp/learns.csv"
}
# goes_alike HOW...: one digest, of one thread and three, of ref and simd, and of runs that stopped before and behind a
# refresh of the inverse, which is at each third step.
goes_alike() {
  local how=(--inverse-every 3 --gamma-every 3 "$@") digest step
  digest=$(ends --steps 7 --threads 1 --port simd "${how[@]}")
  same "$digest" "$(ends --steps 7 --threads 3 --port ref "${how[@]}")" || return 1
  same "$digest" "$(ends --steps 7 --threads 3 --port simd "${how[@]}")" || return 1
  for step in 2 3 5; do
    rm -f "$tmp/state"
    learn --quiet --steps $step --threads 1 "${how[@]}" --checkpoint "$tmp/state" &&
      same "$digest" "$("$folder/kfix-train" --resume "$tmp/state" --threads 1 --steps 7 | last_digest)" || return 1
  done
}
# The quadratic model of the correction falls, unless the correction is the additive one.
corrects() {
  every "$tmp/steps.csv" coarse_rank "x >= 1" && every "$tmp/steps.csv" iterations "x == \"nan\" || x == 0" || return 1
  case $1 in
  two-level:tko*) every "$tmp/steps.csv" e_change "x != \"nan\"" ;;
  *) every "$tmp/steps.csv" e_change "x != \"nan\" && x <= 0" ;;
  esac
}
iterates() {
  every "$tmp/steps.csv" iterations "x >= 1 && x <= 50" && every "$tmp/steps.csv" e_change "x == \"nan\""
}
spaces=(nicolaides spectral residual krylov-nicolaides krylov-residual taylor tko tko-exact)
for how in "${spaces[@]/#/two-level:}" "two-level:taylor --taylor-order 3 --curvature diagonal" \
  "two-level:krylov-residual --curvature ekfac" exact hf "hf --curvature kfac" "hf --curvature ekfac-ra"; do
  for driver in adaptive fixed; do
    # shellcheck disable=SC2206
    words=(--driver "$driver" --method $how)
    check "$how, $driver: learns" learns "${words[@]}"
    case $how in
    two-level*) check "$how, $driver: corrects" corrects "$how" ;;
    hf*) check "$how, $driver: iterates" iterates ;;
    esac
    check "$how, $driver: the same bits by one thread and three, ref and simd, and resumed" goes_alike "${words[@]}"
  done
done
# The same on a net that looks through windows.
cat > "$tmp/views.h" << 'END'
#define KFIX_NAME        "views"
#define KFIX_INPUT_SHAPE (1, 8, 8)
#define KFIX_NODES(N, x)                               \
  N(x, conv, first, input, (4, 3, 2, 1), tanh)           \
  N(x, conv, second, first, (4, 3, 1, 1, no_bias), tanh) \
  N(x, add, sum, second, (first), tanh)                  \
  N(x, mean_pool, mean, sum, (2, 2, 0), linear)          \
  N(x, dense, out, mean, (3), softmax)
#define KFIX_LOSS          categorical
#define KFIX_TARGET        class
#define KFIX_BLOCK         32
#define KFIX_CHUNK         64
#define KFIX_STATS_ROWS    90
#define KFIX_THREADS       3
#define KFIX_SETTINGS(SET) SET(init, KFIX_INIT_GLOROT)
END
build "$tmp/views.h" train || exit 1
folder=$KFIX_BUILD/views
for how in two-level:spectral "two-level:krylov-residual --curvature ekfac" "two-level:tko --curvature kpsvd --conv reduce" exact; do
  # shellcheck disable=SC2206
  words=(--method $how)
  check "images, $how: learns" learns "${words[@]}"
  case $how in two-level*) check "images, $how: corrects" corrects "$how" ;; esac
  check "images, $how: the same bits by one thread and three, ref and simd, and resumed" goes_alike "${words[@]}"
done
check "images: kpsvd below a direction asks for pairs, too" \
  says "conv reduce" learn --steps 1 --method two-level:tko --curvature kpsvd
folder=$KFIX_BUILD/directions
# A warm start is state: without it the run is another one.
warm() {
  ! same "$(ends --steps 4 --method hf)" "$(ends --steps 4 --method hf --hf-decay 0)" > /dev/null
}
check "hf begins from the last update" warm
another() {
  rm -f "$tmp/state"
  learn --quiet --steps 2 --method two-level:residual --checkpoint "$tmp/state" || return 1
  cp "$tmp/state" "$tmp/before"
  for how in "hf" "kfac" "two-level:residual --curvature ekfac" "two-level:nicolaides"; do
    # shellcheck disable=SC2086
    STATUS=2 says "leave the option out" learn --steps 4 --resume "$tmp/state" --method $how && cmp "$tmp/state" "$tmp/before" || return 1
  done
}
check "a checkpoint of another direction is refused" another

# ---- after training ----

predicts() { # the exported weights are those of the last row of the log
  learn --quiet --epochs 5 --weight-decay 0 --export "$tmp/w.npz" --log "$tmp/w.csv" "$@" || return 1
  "$folder/kfix-predict" --weights "$tmp/w.npz" --data "$tmp/clouds.csv" --part validation --evaluate --json > "$tmp/json" || return 1
  awk -F'"loss": ' -v wanted="$(tail -n 1 "$tmp/w.csv" | cut -d, -f7)" \
    'NF > 1 { got = $2 + 0; d = got - wanted; print got, wanted; exit !(wanted > 0 && (d < 0 ? -d : d) < 1e-5 * wanted) }' "$tmp/json"
}
for how in two-level:krylov-residual exact hf; do check "$how: kfix-predict finds the loss of the log" predicts --method $how; done
sized() { # sized PATTERN HOW...
  # shellcheck disable=SC2086
  "$folder/kfix-size" --method ${*:2} | sees -E "$1"
}
check "kfix-size: the coarse columns" sized 'COARSE_SPACE +.*[a-z]' two-level:residual
check "kfix-size: what conjugate gradients take" sized 'HF_SEARCH +.*[a-z]' hf --curvature kfac
check "kfix-size: the examples' products" sized 'EXACT_GRAM +.*[a-z]' exact

# ---- traces ----

# shape FILE: the shape in the header of a .npy file.
shape() {
  head -c 128 "$tmp/trace/step_000002/$1.npy" | tr -d '\0' | LC_ALL=C sed -n "s/.*'shape': (\([0-9, ]*[0-9]\),\{0,1\}).*/\1/p"
}
traces() {
  rm -rf "$tmp/trace"
  learn --quiet --steps 2 --trace "$tmp/trace" --trace-at 2 "$@"
}
shapes() { # shapes NAME SHAPE ...
  while [ $# -gt 0 ]; do
    same "$1: $2" "$1: $(shape "$1")" || return 1
    shift 2
  done
}
layered() { # layered NAME: of each layer, as the weights
  shapes "${1}1" "20, 65" "${1}2" "20, 21" "${1}3" "3, 21"
}
# The second batch of an epoch has 84 rows, which is less than KFIX_STATS_ROWS.
for how in "1 residual" "2 krylov-nicolaides" "3 taylor --taylor-order 3"; do
  # shellcheck disable=SC2086
  of_space() {
    local n=$1
    traces --method two-level:${*:2} && layered zeta_block && layered zeta && layered r && layered delta &&
      shapes V1 "20, 65, $n" V2 "20, 21, $n" V3 "3, 21, $n" F_coarse "$((3 * n)), $((3 * n))" beta "$((3 * n))" rows_direction 84 y_direction "84, 3"
  }
  # shellcheck disable=SC2086
  check "the trace of $how" of_space $how
done
part() {
  traces --method "$1" --direction-fraction 0.25 --subset-rows 10 && shapes rows_direction 21
}
for how in two-level:residual exact hf; do check "$how: a quarter of the batch" part $how; done
sampled() { traces --method exact && shapes rows_direction 84 y_direction "84, 3"; }
alone() { traces --method hf && shapes rows_direction 84 && [ ! -e "$tmp/trace/step_000002/y_direction.npy" ]; }
check "the trace of exact" sampled
check "the trace of hf has no targets" alone

# ---- beside the exact direction ----

distances() { # distances HOW...: the log of a short run, at steps 1 and 3, and that of its steps
  rm -f "$tmp/reference.csv"
  learn --quiet --steps 4 --reference exact --reference-log "$tmp/reference.csv" --reference-every 2 --log-steps "$tmp/steps.csv" \
    "$@" || return 1
  same "step,rows,damping,euclidean,fisher,angle" "$(head -n 1 "$tmp/reference.csv")" &&
    same "1 3" "$(column "$tmp/reference.csv" step | paste -sd' ')"
}
itself() {
  distances --method exact --driver "$1" || return 1
  for name in euclidean fisher angle; do every "$tmp/reference.csv" "$name" "x == 0" || return 1; done
}
for driver in adaptive fixed; do check "exact is not away from itself, $driver" itself $driver; done
finite() {
  distances "$@" || return 1
  every "$tmp/reference.csv" euclidean "x > 0 && x < 1e6" && every "$tmp/reference.csv" fisher "x > 0 && x < 1e6" &&
    every "$tmp/reference.csv" angle "x > 0 && x < 180" && every "$tmp/reference.csv" rows "x == 90" &&
    every "$tmp/reference.csv" damping "x > 0"
}
for how in kfac ekfac diagonal hf; do check "$how: its distances are numbers" finite --method $how --driver fixed; done
# At the first step all are at the same weights, with the same block-wise direction. By its definition the change of E
# is that of the squared distance in the norm of F + damping I, here as a part of the exact one's: one factor for all.
# Distances are of float directions, so their squares are known to some 1e-4 parts.
agrees() {
  local how=(--driver "$1" --damping 1)
  [ "$1" = fixed ] || how=(--driver "$1" --lambda 1)
  distances --method kfac "${how[@]}" || return 1
  local before after factor space
  before=$(column "$tmp/reference.csv" fisher | head -n 1)
  for space in residual "${spaces[@]}"; do
    distances --method two-level:$space "${how[@]}" || return 1
    after=$(column "$tmp/reference.csv" fisher | head -n 1)
    factor=$(awk -v a="$after" -v b="$before" -v e="$(column "$tmp/steps.csv" e_change | head -n 1)" -v f="${factor:-0}" -v s="$space" \
      'BEGIN { fall = b * b - a * a; if (f == 0) f = -fall / e; d = fall + f * e; bad = (d < 0 ? -d : d) > 1e-4 * b * b
               bad = bad || (s !~ /^tko/ && fall < -1e-6 * b * b) || f <= 0
               print bad ? "bad " s " " a " " b " " e " " f : f }')
    case $factor in bad*) echo "$factor"; return 1 ;; esac
  done
}
for driver in adaptive fixed; do check "what two-level gains is the fall of that distance, $driver" agrees $driver; done
beside() { # nothing of the run changes, and it goes on
  local all
  all=$(ends --steps 5 --method two-level:residual)
  rm -f "$tmp/reference.csv" "$tmp/whole.csv" "$tmp/state"
  same "$all" "$(ends --steps 5 --method two-level:residual --reference exact --reference-log "$tmp/whole.csv")" || return 1
  learn --quiet --steps 3 --method two-level:residual --reference exact --reference-log "$tmp/reference.csv" \
    --checkpoint "$tmp/state" || return 1
  same "$all" "$("$folder/kfix-train" --resume "$tmp/state" --steps 5 --reference exact --reference-log "$tmp/reference.csv" |
    last_digest)" && cmp "$tmp/whole.csv" "$tmp/reference.csv"
}
check "a run does not know of its reference" beside
undamped() {
  finite --method hf --driver fixed --damping 1 || return 1
  rm -f "$tmp/reference.csv"
  learn --quiet --steps 1 --method hf --driver fixed --damping 0 --weight-decay 0 --reference exact \
    --reference-log "$tmp/reference.csv" && same "1,100,0,,," "$(tail -n 1 "$tmp/reference.csv")"
}
check "without damping there is no exact one" undamped

# ---- what does not go ----

# refused TEXT ARGS...: one line, and nothing was written.
refused() {
  rm -rf "$tmp/wrong"
  mkdir "$tmp/wrong"
  says "$1" learn --steps 1 --log "$tmp/wrong/l.csv" --log-steps "$tmp/wrong/s.csv" --checkpoint "$tmp/wrong/c" \
    --export "$tmp/wrong/w.npz" --trace "$tmp/wrong/t" --trace-at 1 "${@:2}" || return 1
  [ -z "$(ls "$tmp/wrong")" ] || { ls "$tmp/wrong"; return 1; }
}
usage() { STATUS=2 refused "$@"; }
check "a curvature below a plain method" usage "--curvature goes with --method hf and two-level:SPACE" --method ekfac --curvature kfac
check "a curvature below exact" usage "--curvature goes with --method hf and two-level:SPACE" --method exact --curvature kfac
check "a curvature that is none" usage "allowed are own|kfac" --method hf --curvature adam
check "two-level without a space" usage "two-level:residual" --method two-level
check "a space that is none" usage "two-level:residual" --method two-level:multigrid
check "another space beside the method's" usage "--coarse-space taylor contradicts --method two-level:residual" \
  --method two-level:residual --coarse-space taylor
check "a space without two-level" usage "--coarse-space goes with --method two-level:SPACE" --method kfac --coarse-space taylor
check "a series that is too long for the config" refused "more columns than KFIX_COARSE of the config" \
  --method two-level:taylor --taylor-order 4
check "a series that is too long" usage "from 1 to 8" --method two-level:taylor --taylor-order 9
for space in spectral tko; do
  check "$space of no factors" refused "spectral and tko need a curvature of factors A and G" --method two-level:$space --curvature diagonal
done
check "a curvature for chains" refused "takes a chain of layers only" --method two-level:residual --curvature kfac-tridiag
check "two-level with fisher exact" usage "--fisher exact: not for --method two-level:kfac" --method two-level:residual --fisher exact
check "a reference without a log" usage "--reference needs --reference-log" --reference exact
check "a log without a reference" usage "--reference-log needs --reference" --reference-log "$tmp/wrong/r.csv"
check "steps without a log" usage "--reference-every needs --reference-log" --reference-every 2
check "no reference for the log" usage "--reference none" --reference none --reference-log "$tmp/wrong/r.csv"
check "at every 0 steps" usage "at least 1" --reference exact --reference-log "$tmp/wrong/r.csv" --reference-every 0
check "a reference for what has no direction" usage "--method adam has no natural gradient" --method adam --reference exact \
  --reference-log "$tmp/wrong/r.csv"
undamped_exact() {
  says "a damped factor is not positive definite" learn --steps 1 --method exact --driver fixed --damping 0 --weight-decay 0
}
check "exact without damping fails, and says so" undamped_exact
rm -rf "${folder:?}"

finish
