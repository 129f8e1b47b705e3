#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kfix-figures: the numbers behind the papers' pictures are what the papers say they are; and the commands
# that draw some of them, at a tiny size.
. test/support/train.sh

build test/support/three_threads.h figures || exit 1
figures=$KFIX_BUILD/three_threads/kfix-figures
numbers=$KFIX_TMP/out/kfac_figures.csv

draws() {
  "$figures" --data "$KFIX_TMP/clouds.csv" --limit 0 --steps 3 --out "$KFIX_TMP/out" &&
    for i in 2 3 5 6; do
      same 89504e47 "$(head -c 4 "$KFIX_TMP/out/kfac_figure$i.png" | od -An -tx1 | tr -d ' \n')" || return
    done
}
check "draws Figures 2, 3, 5 and 6" draws

value() { # value QUANTITY ROW COLUMN
  awk -F, -v q="$1" -v r="$2" -v c="$3" '$1 == q && $2 == r && $3 == c { print $4 }' "$numbers"
}
holds() { # holds EXPRESSION: of awk.
  awk "BEGIN { exit !($1) }" || { echo "$1"; return 1; }
}
bound() {
  holds "$(value 'sum of |F-kronecker|' 0 0) <= $(value 'cumulant bound' 0 0)" &&
    holds "$(value 'sum of |F-kronecker|' 0 0) > 0"
}
check "the sum of errors is below the cumulants' bound" bound

# Two blocks: each is next to the other, so a block-tridiagonal inverse leaves nothing out.
exact() {
  for part in "damped-tridiagonal" "inverse-tridiagonal"; do
    holds "$(value "norm of $part" 0 0) <= 1e-9 * $(value "norm of ${part%%-*}" 0 0)" || return
  done
}
check "the block-tridiagonal inverse of two blocks is exact" exact
diagonal() {
  holds "$(value damped-diagonal 2 2) == 0 && $(value damped-diagonal 3 3) == 0" &&
    holds "$(value damped-diagonal 2 3) == $(value damped 2 3)"
}
check "the block-diagonal one leaves out what is off the diagonal" diagonal

repeats() {
  cp "$numbers" "$KFIX_TMP/before.csv"
  draws && cmp "$numbers" "$KFIX_TMP/before.csv"
}
check "the same numbers again" repeats
usage() {
  fails 2 "$figures" > "$KFIX_TMP/said" 2>&1 && grep -q -- "--out is needed" "$KFIX_TMP/said"
}
check "no folder" usage
check "no data" says "no-such-set" "$figures" --data no-such-set --out "$KFIX_TMP/out"

# numbers_of FILE HEADER ROWS: so many rows at least, and nothing that is not finite.
numbers_of() {
  same "$2" "$(head -n 1 "$1")" || return
  [ "$(wc -l < "$1")" -gt "$3" ] || { echo "too few rows in $1"; return 1; }
  ! grep -qi 'nan\|inf' "$1" || { echo "not finite: $1"; grep -i 'nan\|inf' "$1"; return 1; }
}
folder=$KFIX_TMP/drawn
# draws_with COMMAND: tools/figures/figures_COMMAND.sh, tiny.
draws_with() {
  env -u MAKEFLAGS -u MFLAGS BUILD="$KFIX_BUILD" CC=gcc REAL=float SAN= DEBUG= OUT="$folder" \
    THREADS=1 DATA="$KFIX_TMP/clouds.csv" CONFIG=test/support/three_threads.h \
    "tools/figures/figures_$1.sh" > "$KFIX_TMP/said" 2>&1 || { cat "$KFIX_TMP/said"; return 1; }
}

if ! command -v gnuplot > /dev/null; then
  echo "skip the commands: no gnuplot"
  finish
fi

rescaling() {
  STEPS=12 BATCH=60 GAMMAS=5 draws_with rescaling && [ -s "$folder/kfac_figure7.svg" ] &&
    numbers_of "$folder/kfac_figure7.csv" \
      update,gamma,alpha,mu,promise,improvement,elsewhere $((2 + 3 * 5))
}
check "Figure 7: one update for each gamma" rescaling
# The program's own exact F against the library's: the same direction, lambda and previous update.
same_model() {
  awk -F, '$1 ~ /^driver/ { for (i = 3; i <= 5; i++) { if (n) d[i] = $i - v[i]; v[i] = $i } n++ }
    END { for (i = 3; i <= 5; i++) if (n != 2 || v[i] == 0 || d[i] * d[i] > 1e-8 * v[i] * v[i]) exit 1 }' \
    "$folder/kfac_figure7.csv"
}
check "alpha, mu and the promise are those of the driver" same_model
# The best of a plane promises more than the best of a line in it, and that more than a point of it.
promises() {
  awk -F, '{ p[$1, $2] = $5 }
    $1 == "raw" { n++; bad += !(p["rescaled", $2] >= p["rescaled-no-momentum", $2] &&
      p["rescaled-no-momentum", $2] >= $5 && p["rescaled-no-momentum", $2] > 0) }
    END { exit n != 5 || bad }' "$folder/kfac_figure7.csv"
}
check "what is chosen by the model promises more than what is not" promises

correlations() {
  STEPS=12 BATCH=60 LIMIT=150 draws_with correlations &&
    numbers_of "$folder/ekfac_figure3_left.csv" \
      basis,parameters,examples,mean,root_mean_square,above_half 2 &&
    same 89504e47 "$(head -c 4 "$folder/ekfac_figure3_left.png" | od -An -tx1 | tr -d ' \n')"
}
check "Figure 3 (left): correlations" correlations
decorrelates() {
  awk -F, 'NR > 1 { mean[$1] = $4; bad += !($2 == 980 && $3 == 150 && $4 > 0 && $4 <= $5 && $5 < 1) }
    END { exit bad || !(mean["eigenbasis"] < 0.8 * mean["parameters"]) }' "$folder/ekfac_figure3_left.csv"
}
check "gradients are less correlated in the eigenbasis" decorrelates

log=step,epoch,seconds,examples,train_objective,train_error,validation_objective,validation_error
log=$log,lambda,gamma,alpha,mu,rho,iterate
falls() { # falls LOG: from the first row to the last.
  awk -F, 'NR == 2 { first = $5 } { last = $5 } END { exit !(last < first) }' "$1"
}
refresh() {
  REFRESH="1 4" BATCH=60 EPOCHS=3 LIMIT=0 draws_with refresh || return
  for method in kfac ekfac; do
    for n in 1 4; do
      same "$log" "$(head -n 1 "$folder/ekfac_figure5_${method}_$n.csv")" &&
        falls "$folder/ekfac_figure5_${method}_$n.csv" || return
    done
    ! cmp -s "$folder/ekfac_figure5_${method}_1.csv" "$folder/ekfac_figure5_${method}_4.csv" || return
  done
  [ -s "$folder/ekfac_figure5_epoch.svg" ] && [ -s "$folder/ekfac_figure5_seconds.svg" ]
}
check "Figure 5 (a, b): refreshed every n" refresh

kpsvd() {
  SETS=curves METHODS="adam kfac deflation" BATCH=60 STEPS=12 EVERY=5 RATES="0.1 0.3" \
    draws_with kpsvd || return
  for method in adam kfac deflation; do
    same "$log" "$(head -n 1 "$folder/kpsvd_figure2_curves_$method.csv")" &&
      falls "$folder/kpsvd_figure2_curves_$method.csv" || return
  done
  for picture in train_epoch train_seconds validation_epoch validation_seconds; do
    [ -s "$folder/kpsvd_figure2_curves_$picture.svg" ] || { echo "no $picture"; return 1; }
  done
  same "set,method,rate,damping 2" "$(head -n 1 "$folder/kpsvd_figure2_chosen.csv") $(
    tail -n +2 "$folder/kpsvd_figure2_chosen.csv" | grep -c '^curves,[a-z]*,0.[13],0.1$')"
}
check "Kronecker SVD at its own setting" kpsvd

two_level=$(echo two-level:{nicolaides,spectral,residual,krylov-nicolaides,krylov-residual,taylor,tko})
two_level() {
  SETS=curves BATCHES=60 SEEDS="1 2" METHODS="adam kfac exact $two_level" \
    STEPS=12 RATES="0.03 0.3" DAMPINGS=1 LIMIT=0 draws_with two_level || return
  numbers_of "$folder/two_level_figure2_curves_60.csv" \
    method,seeds,step,epoch,train_objective,lowest,highest $((10 * 4)) &&
    numbers_of "$folder/two_level_figure5_curves_60.csv" method,step,objective,e_change,gain $((7 * 12)) &&
    [ -s "$folder/two_level_figure2_curves_60.svg" ] && [ -s "$folder/two_level_figure5_curves_60.svg" ]
}
check "two-level: training objective and gains" two_level
# Two seeds begin with other weights; every method goes down, at a rate of those given.
means_of_seeds() {
  awk -F, 'NR == 1 { next }
    { bad += !($2 == 2 && $6 <= $5 * (1 + 1e-5) && $5 <= $7 * (1 + 1e-5)); apart += $6 < $7; last[$1] = $5 }
    !($1 in first) { first[$1] = $5; n++ }
    END { for (m in last) bad += !(last[m] < first[m]); exit bad || n != 10 || apart != NR - 1 }' \
    "$folder/two_level_figure2_curves_60.csv" || return
  same "set,batch,method,options 9 1" "$(head -n 1 "$folder/two_level_chosen.csv") $(
    grep -c -- ',--driver fixed --lr 0.0\?3 --damping 1$' "$folder/two_level_chosen.csv") $(
    grep -c '^curves,60,adam,--lr 1e-3$' "$folder/two_level_chosen.csv")"
}
check "two-level: means of the seeds, at the chosen rates" means_of_seeds
# The correction is the best of its space in the norm of F, so it cannot lose; that of tko is not.
gains() {
  awk -F, 'NR > 1 { n++; bad += $1 != "tko" && !($4 <= 0); bad += $4 < 0 ? !($5 > 0) : $5 != ""; some += $4 < 0 }
    END { exit bad || n != 84 || some < 70 }' "$folder/two_level_figure5_curves_60.csv"
}
check "two-level: no correction loses but that of tko" gains

distance() {
  POINTS="1 6" BATCH=60 LIMIT=0 STATISTICS=3 METHODS="kfac ekfac hf exact $two_level" \
    draws_with distance || return
  numbers_of "$folder/distance_three_threads_0.1.csv" \
    method,step,batches,rows,euclidean,fisher,angle,euclidean_1,fisher_1,angle_1 $((2 * 11)) || return
  for picture in blocks_euclidean blocks_fisher blocks_angle whole_euclidean whole_fisher whole_angle; do
    [ -s "$folder/distance_three_threads_0.1_$picture.svg" ] || { echo "no $picture"; return 1; }
  done
}
check "distances from the exact natural gradient" distance
# All start from the same weights and see the same batches: exact is at 0, and what is the best of a space
# is no farther in the norm of F than K-FAC, or than the best of a part of that space, up to rounding of
# floats; that of the residual is strictly nearer.
nearer() {
  awk -F, 'NR == 1 { next }
    { bad += !($3 == 3 && $4 == 60); if ($1 == "exact") bad += $5 + $6 + $7 + $8 + $9 + $10 != 0
      else bad += !($5 > 0 && $7 > 0 && $7 < 180)
      for (i = 6; i <= 9; i += 3) d[$1, $2, i] = $i }
    END { split("nicolaides spectral residual krylov-nicolaides krylov-residual taylor", space, " ")
      for (i = 6; i <= 9; i += 3) for (step = 1; step <= 6; step += 5) {
        kfac = d["kfac", step, i]
        for (j in space) bad += !(d["two-level:" space[j], step, i] <= kfac * (1 + 1e-6))
        bad += !(d["two-level:residual", step, i] < kfac)
        for (j = 1; j <= 3; j += 2)
          bad += !(d["two-level:krylov-" space[j], step, i] <= d["two-level:" space[j], step, i] * (1 + 1e-6)) }
      bad += d["kfac", 1, 6] == d["kfac", 6, 6]
      exit bad }' "$folder/distance_three_threads_0.1.csv" ||
    { cat "$folder/distance_three_threads_0.1.csv"; return 1; }
}
check "two-level methods are nearer than K-FAC, exact is there" nearer
finish
