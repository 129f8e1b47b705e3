#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Traces of nets that look at images are what NumPy makes of the same steps: statistics of all positions, or of a
# pair for each example.
. test/support/train.sh
. test/support/retrace.sh
REAL=double build conv_tiny train && REAL=double build test/support/views.h train || exit 1
conv=$KFIX_BUILD/conv_tiny-double/kfix-train
usual_net=$KFIX_BUILD/views-double/kfix-train
"$python" - "$KFIX_TMP/digits.csv" 64 10 "$KFIX_TMP/images.csv" 90 3 << 'END_PYTHON'
import sys
import numpy as np
r = np.random.default_rng(1)
for name, inputs, classes in (sys.argv[1:4], sys.argv[4:7]):
    x, y = r.random((120, int(inputs))), np.arange(120)[:, None] % int(classes)
    np.savetxt(name, np.hstack([x, y]), "%.9g", ",")
END_PYTHON
rows=images.csv

tiny() { # tiny ARGS...: the net of microcontrollers
  rows=digits.csv net=$conv agrees "$@"
}
for method in kfac "kfac --conv reduce" "ekfac --conv reduce" sgd adam; do
  # shellcheck disable=SC2086
  check "$method, of microcontrollers" tiny --method $method
done
# All that windows can be.
for method in sgd kfac ekfac-ra "hf --hf-iterations 8" "hf --curvature kfac --hf-iterations 8"; do
  # shellcheck disable=SC2086
  check "$method" agrees --method $method
done
check "kfac-tikhonov, one step" agrees --method kfac-tikhonov --steps 1 --trace-at 1
check "kfac, adaptive" agrees --method kfac --driver adaptive
for method in ekfac diagonal "ekfac --fisher exact"; do
  # shellcheck disable=SC2086
  check "$method" agrees --method $method --driver adaptive --subset-rows 1
done
for method in kfac ekfac ekfac-ra diagonal; do
  check "$method, pairs" agrees --method "$method" --conv reduce --driver adaptive
done
for method in kfac ekfac ekfac-ra kfac-tikhonov diagonal; do
  check "$method, channels apart" agrees --method "$method" --conv sua --subset-rows 1 --driver adaptive
done
check "kfac, channels apart, exact" agrees --method kfac --conv sua --fisher exact
check "kfac, channels apart, of microcontrollers" tiny --method kfac --conv sua --driver adaptive
for space in nicolaides spectral residual krylov-nicolaides krylov-residual taylor tko tko-exact; do
  check "two-level:$space" agrees --method two-level:$space --curvature kfac
  check "two-level:$space, pairs, fixed" agrees --method two-level:$space --conv reduce --driver fixed
done
check "two-level over ekfac-ra" agrees --method two-level:taylor --curvature ekfac-ra
for curvature in diagonal kpsvd deflation; do
  check "two-level over $curvature" agrees --method two-level:taylor --curvature $curvature --conv reduce
done
check "two-level, of microcontrollers" tiny --method two-level:residual --curvature kfac
check "exact" agrees --method exact
check "exact, fixed" agrees --method exact --driver fixed
check "exact, of microcontrollers" tiny --method exact
check "kfac, pi by spectral" agrees --method kfac --pi spectral
check "kfac, empirical" agrees --method kfac --fisher empirical --stats-every 1
check "kfac, exact" agrees --method kfac --fisher exact
check "ekfac, pairs, exact" agrees --method ekfac --fisher exact --conv reduce
check "ekfac-ra, running scalings" agrees --method ekfac-ra --stats-every 1 --steps 5 --trace-at 3,4,5
check "ekfac-ra, damped as by factors" agrees --method ekfac-ra --ekfac-damping kron-pi
check "kfac, few examples" agrees --method kfac --weight-decay 0 --batch 7 --stats-every 2

# What it says can fail.
for matrix in W1 grad2 A1 G2 delta2; do check "another $matrix is seen" differs kfac "$matrix"; done
other_nodes() { # other_nodes TEXT TEXT: in nodes.json, one for the other
  agrees --method kfac > /dev/null || return 1
  sed -i "s/$1/$2/" "$KFIX_TMP"/trace/step_*/nodes.json
  sees_difference
}
check "a pool taken for another is seen" other_nodes max_pool mean_pool
check "other padding is seen" other_nodes '"pad": \[0, 1\]' '"pad": [0, 2]'
sees_pairs() {
  agrees --method kfac --conv reduce > /dev/null || return 1
  sed -i 's/"conv": "reduce"/"conv": "expand"/' "$KFIX_TMP"/trace/step_*/scalars.json
  sees_difference
}
check "pairs taken for all positions are seen" sees_pairs
sees_channels() {
  agrees --method kfac --conv sua > /dev/null || return 1
  sed -i 's/"conv": "sua"/"conv": "expand"/' "$KFIX_TMP"/trace/step_*/scalars.json
  sees_difference
}
check "channels apart taken for all positions are seen" sees_channels
rm -rf "$KFIX_BUILD/views-double"

finish
