#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Traces of every method, with both drivers, are what an implementation in NumPy makes of the same steps.
. test/support/train.sh
. test/support/retrace.sh
# Skips that overlap, a sum of sums, one that reads the input and puts out.
cat > "$KFIX_TMP/skips.h" << 'END'
#define KFIX_NAME  "skips"
#define KFIX_INPUT 21
#define KFIX_NODES(N, x)               \
  N(x, dense, stem, input, (9), tanh)  \
  N(x, dense, h1, stem, (9), relu)     \
  N(x, dense, h2, h1, (9), linear)     \
  N(x, add, sum1, h2, (stem), sigmoid) \
  N(x, dense, h3, sum1, (9), tanh)     \
  N(x, add, sum2, h3, (h1), relu)      \
  N(x, add, all, sum2, (stem), linear) \
  N(x, dense, up, all, (21), linear)   \
  N(x, add, out, up, (input), sigmoid)
#define KFIX_LOSS          bernoulli
#define KFIX_TARGET        input
#define KFIX_BLOCK         16
#define KFIX_CHUNK         16
#define KFIX_THREADS       1
#define KFIX_SETTINGS(SET) SET(lambda, 10) SET(init, KFIX_INIT_GLOROT)
END
REAL=double build test/portability/deep_bernoulli.h train && REAL=double build "$KFIX_TMP/skips.h" train || exit 1
usual_net=$KFIX_BUILD/deep_bernoulli-double/kfix-train
skips=$KFIX_BUILD/skips-double/kfix-train
"$python" - "$KFIX_TMP/rows.npy" "$KFIX_TMP/zeros.npy" <<'END'
import sys
import numpy as np
r = np.random.default_rng(1)
np.save(sys.argv[1], 1 / (1 + np.exp(-r.standard_normal((120, 4)) @ r.standard_normal((4, 21)))))
np.save(sys.argv[2], np.zeros((120, 21)))
END

methods=$("$usual_net" --help | tr -s ' \n' ' ' | sed 's/.*how to train: \([a-z0-9:|-]*\).*/\1/' | tr '|' ' ')

# hf loses digits with every iteration.
of() { case $1 in hf) echo --hf-iterations 8 ;; esac; }
for method in $methods; do
  check "$method" agrees --method "$method" $(of "$method")
  case $method in
    sgd | nesterov | adam) ;;
    *) check "$method, fixed" agrees --method "$method" --driver fixed $(of "$method") ;;
  esac
done
for curvature in ekfac-ra kfac-tridiag deflation kpsvd diagonal kfac-tikhonov; do
  check "two-level over $curvature" agrees --method two-level:taylor --curvature $curvature
  check "hf over $curvature" agrees --method hf --hf-iterations 8 --curvature $curvature
done
# A net with branches, from its nodes.json: each method that takes it.
for method in $methods; do
  [ "$method" != kfac-tridiag ] || continue
  net=$skips check "$method, branches" agrees --method "$method" $(of "$method")
done
net=$skips check "kfac, branches, fixed" agrees --method kfac --driver fixed
net=$skips check "ekfac, branches, running scalings" agrees --method ekfac --ekfac-s ema --steps 5 --trace-at 3,4,5
net=$skips check "kfac, branches, low rank" agrees --method kfac --weight-decay 0 --batch 7 --stats-every 2
check "deflation, operator averaged" agrees --method deflation --kron-ema operator
check "kpsvd, operator averaged" agrees --method kpsvd --kron-ema operator
check "deflation of three rows" agrees --method deflation --batch 3 --stats-fraction 1
check "ekfac, damped as by factors" agrees --method ekfac --ekfac-damping kron-pi
for norm in one frobenius spectral; do
  check "kfac, pi by $norm" agrees --method kfac --pi $norm
  check "kfac-tridiag, pi by $norm" agrees --method kfac-tridiag --pi $norm
done
check "deflation, pi by spectral" agrees --method deflation --pi spectral
check "kpsvd, pi by frobenius" agrees --method kpsvd --pi frobenius
check "ekfac, pi by frobenius" agrees --method ekfac --ekfac-damping kron-pi --pi frobenius
for method in deflation lanczos kfac-corrected; do
  check "$method by smith" agrees --method $method --kron-solver smith
  check "$method by smith, fixed" agrees --method $method --kron-solver smith --driver fixed
done
check "ekfac, tracked basis" agrees --method ekfac --ekfac-basis tracked --inverse-every 2 --gamma-every 2
check "ekfac, running scalings" agrees --method ekfac --ekfac-s ema --steps 5 --trace-at 3,4,5
check "kfac-tridiag of one row" agrees --method kfac-tridiag --batch 1
check "kfac-corrected of one row" agrees --method kfac-corrected --batch 1
# Rectifiers that see nothing send nothing back: G of the first layer is zero.
for method in kfac kfac-tridiag deflation; do
  rows=zeros.npy check "$method, a dead layer" agrees --method $method --batch 1 --steps 1 --trace-at 1
done
check "kfac, empirical" agrees --method kfac --fisher empirical --use-momentum 0
for method in kfac kfac-tridiag ekfac ekfac-ra diagonal kfac-tikhonov; do
  check "$method, exact" agrees --method $method --fisher exact
  check "$method, exact, fixed" agrees --method $method --fisher exact --driver fixed --stats-every 1
done
net=$skips check "ekfac, branches, exact" agrees --method ekfac --fisher exact
check "kfac without decay: low rank" agrees --method kfac --weight-decay 0 --batch 7 --stats-every 2

# What it says can fail: the trace of another direction, and a method taken for another.
for matrix in W2 grad1 delta3 update4 A2 G5 x; do check "another $matrix is seen" differs kfac "$matrix"; done
for matrix in W2 delta3 G5; do net=$skips check "another $matrix is seen of branches" differs kfac "$matrix"; done
other_graph() {
  net=$skips agrees --method kfac > /dev/null || return 1
  sed -i 's/"inputs": \["h2", "stem"\]/"inputs": ["h2", "h1"]/' "$KFIX_TMP"/trace/step_*/nodes.json
  ! "$python" tools/retrace/retrace.py "$KFIX_TMP/trace" > "$KFIX_TMP/out" && grep -q DIFFERS "$KFIX_TMP/out"
}
check "another graph is seen" other_graph
check "another term is seen" differs kpsvd R3
for part in V2 r1 beta zeta_block3 y_direction; do
  check "another $part is seen" differs two-level:residual $part
done
check "another direction is seen" differs exact delta2
check "another second term is seen" differs deflation Q3
check "other scalings are seen" differs ekfac s2
check "another cross term is seen" differs kfac-tridiag A_cross1
fails_empty() { mkdir -p "$KFIX_TMP/none" && fails 1 "$python" tools/retrace/retrace.py "$KFIX_TMP/none"; }
check "no steps is a failure" fails_empty
check "no such folder" says "nothere: No such file or directory: name a folder" \
  "$python" tools/retrace/retrace.py "$KFIX_TMP/nothere"
half_a_trace() {
  mkdir -p "$KFIX_TMP/half/step_000001" && echo '{"step": 1' > "$KFIX_TMP/half/step_000001/scalars.json"
  says "not a whole trace" "$python" tools/retrace/retrace.py "$KFIX_TMP/half"
}
check "half a trace" half_a_trace
finish
