#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: figures_fisher.sh    (make figures-fisher)
# How close the approximations are to the exact Fisher matrix: Figure 1 of the Kronecker-SVD paper,
# Figures 3 (right) and 5 (c) of the EKFAC paper, Figures 2, 3, 5 and 6 of the K-FAC paper, as SVG or
# PNG with the CSV behind each. Environment: OUT, THREADS, SEED; STEPS: of each run (default: about
# as long as fits half an hour on two cores); KFIX_DATA: where MNIST and faces are.
# shellcheck source=tools/figures/figures.sh
. "$(dirname "$0")/figures.sh"
export stages=7
seed=${SEED:-1}

# measure CONFIG NAME ARGS...: an approximation log of a run, quiet.
measure() {
  local train config=$1 name=$2
  shift 2
  train=$(program "$config" train)
  "$train" --quiet --threads "$THREADS" --seed "$seed" --approximation-log "$OUT/$name.csv" "$@"
}

# ---- Kronecker SVD, Figure 1: errors 1 and 2 of layer 5 along Adam, batch by batch ----

kpsvd_figure1() { # kpsvd_figure1 SET BATCH RATE STEPS EVERY ARGS...
  local set=$1 batch=$2 rate=$3 steps=${STEPS:-$4} every=$5 name=kpsvd_figure1_$1
  shift 5
  stage "Kronecker SVD, Figure 1: $set"
  has_data "$set" "${set}_autoencoder" || return 0
  measure "${set}_autoencoder" "$name" --data "$set" --method adam --lr "$rate" --batch "$batch" \
    --steps "$steps" --layer 5 --approximation-every "$every" "$@"
  lines "$OUT/$name.csv" frobenius "$OUT/${name}_error1.svg" "$set, layer 5: error 1 (Frobenius)"
  lines "$OUT/$name.csv" spectrum "$OUT/${name}_error2.svg" "$set, layer 5: error 2 (spectrum)"
  lines "$OUT/$name.csv" quality "$OUT/${name}_quality.svg" \
    "$set, layer 5: distance from the exact damped natural gradient" y
}
kpsvd_figure1 curves 256 1e-3 631 42
kpsvd_figure1 mnist 512 1e-3 241 30
# At a higher rate the code of FACES dies within a few steps, and every approximation is exact then.
kpsvd_figure1 faces 1024 3e-4 25 6 --approximation-order 8192

# ---- EKFAC, Figure 3 right: drift between refreshes, every 100 steps ----

stage "EKFAC, Figure 3: a small classifier"
if has_data mnist tools/figures/mnist_sigmoid_classifier.h; then
  measure tools/figures/mnist_sigmoid_classifier.h ekfac_figure3 --data mnist --method adam --lr 3e-3 \
    --batch 200 --fisher empirical --steps "${STEPS:-501}" --layer 2 --approximation-every 5 \
    --approximation-refresh 20
  lines "$OUT/ekfac_figure3.csv" frobenius "$OUT/ekfac_figure3.svg" \
    "layer 2 of a small classifier: Frobenius error, factors and basis of every 100th step"
fi

# ---- EKFAC, Figure 5 (c): the spectrum in a basis of the first step ----

stage "EKFAC, Figure 5 (c): layer 4 of the MNIST auto-encoder"
if has_data mnist mnist_autoencoder; then
  measure mnist_autoencoder ekfac_figure5c --data mnist --method adam --lr 1e-3 --batch 200 \
    --fisher empirical --steps "${STEPS:-301}" --layer 4 --approximation-every 10 \
    --approximation-refresh 1000000000 --approximation-order 2048
  lines "$OUT/ekfac_figure5c.csv" spectrum "$OUT/ekfac_figure5c.svg" \
    "layer 4: distance of spectra, factors and basis of the first step" y
fi

# ---- K-FAC, Figures 2, 3, 5, 6 ----

stage "K-FAC, Figures 2, 3, 5 and 6"
if has_data mnist mnist16_classifier; then
  figures=$(program mnist16_classifier figures)
  "$figures" --seed "$seed" --out "$OUT"
fi

stage "done: $OUT"
echo >&2
