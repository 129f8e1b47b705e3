#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Traces of a net with convolutions of each channel by itself are what NumPy makes of the same steps.
. test/support/train.sh
. test/support/retrace.sh
REAL=double build test/support/separable.h train || exit 1
usual_net=$KFIX_BUILD/separable-double/kfix-train
"$python" - "$KFIX_TMP/images.csv" << 'END_PYTHON'
import sys
import numpy as np
r = np.random.default_rng(1)
np.savetxt(sys.argv[1], np.hstack([r.random((120, 90)), np.arange(120)[:, None] % 3]), "%.9g", ",")
END_PYTHON
rows=images.csv

for method in sgd kfac ekfac-ra kfac-tikhonov "hf --hf-iterations 8" "hf --curvature kfac --hf-iterations 8" exact \
  "two-level:residual --curvature kfac" "two-level:spectral --curvature kfac" "kfac --fisher exact"; do
  # shellcheck disable=SC2086
  check "$method" agrees --method $method
done
for method in kfac ekfac diagonal kpsvd "two-level:taylor"; do
  check "$method, pairs" agrees --method "$method" --conv reduce --driver adaptive
done

# What it says can fail.
for matrix in W1 grad3 G3 delta4; do check "another $matrix is seen" differs kfac "$matrix"; done
described() {
  agrees --method kfac > /dev/null || return 1
  local step=$KFIX_TMP/trace/step_000002
  sees -F '"kind": "depthwise", "inputs": ["mixed"], "geometry": {"kernel": [3, 3], "stride": [2, 1], "pad": [1, 1], "bias": true}' \
    < "$step/nodes.json" || return 1
  "$python" - "$step" << 'END_PYTHON'
import sys
import numpy as np
shape = lambda name: np.load(f"{sys.argv[1]}/{name}.npy").shape  # noqa: E731
assert shape("W1") == shape("update1") == (3, 6) and shape("W3") == shape("delta3") == (4, 10) and shape("grad4") == (4, 1)
assert shape("A3") == (1, 1) and shape("G3") == (40, 40)
END_PYTHON
}
check "shapes are those of channels" described
rm -rf "$KFIX_BUILD/separable-double"

finish
