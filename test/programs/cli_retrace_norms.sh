#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Traces of a net with normalisations are what NumPy makes of the same steps: moments of groups of examples, which
# all that goes forward and back passes through. A batch of 40 has two groups and a short one, in two chunks.
. test/support/train.sh
. test/support/retrace.sh
REAL=double build test/support/normed.h train || exit 1
usual_net=$KFIX_BUILD/normed-double/kfix-train
"$python" - "$KFIX_TMP/images.csv" << 'END_PYTHON'
import sys
import numpy as np
r = np.random.default_rng(1)
np.savetxt(sys.argv[1], np.hstack([r.random((120, 90)), np.arange(120)[:, None] % 3]), "%.9g", ",")
END_PYTHON
rows=images.csv

for method in sgd nesterov adam kfac ekfac-ra "hf --hf-iterations 8" "hf --curvature kfac --hf-iterations 8"; do
  # shellcheck disable=SC2086
  check "$method" agrees --method $method
done
check "kfac, adaptive" agrees --method kfac --driver adaptive
check "kfac, of parts of the batch" agrees --method kfac --driver adaptive --subset-rows 1 --stats-fraction 0.4 --fisher-fraction 0.3
for method in kfac ekfac diagonal kpsvd kfac-corrected; do
  check "$method, pairs" agrees --method "$method" --conv reduce --driver adaptive
done
check "kfac, empirical" agrees --method kfac --fisher empirical --stats-every 1
check "kfac, one short group" agrees --method kfac --batch 7 --stats-every 2 --norm-decay 0.5

# What it says can fail.
for matrix in W2 grad4 G4 delta6 mean2 var8 running_mean8 running_var2; do
  check "another $matrix is seen" differs kfac "$matrix"
done
other_nodes() { # other_nodes TEXT TEXT: in nodes.json, one for the other
  agrees --method kfac > /dev/null || return 1
  sed -i "s/$1/$2/" "$KFIX_TMP"/trace/step_*/nodes.json
  sees_difference
}
check "other groups are seen" other_nodes '"group": 16' '"group": 8'
check "another eps is seen" other_nodes '"eps": [^,]*' '"eps": 1.1e-5'
described() {
  agrees --method kfac > /dev/null || return 1
  local step=$KFIX_TMP/trace/step_000002
  sees -F '"kind": "norm", "inputs": ["conv1"], "geometry": {"eps": 1.0000000000000001e-05, "group": 16}, "activation": "relu", "shape": {"height": 6, "width": 5, "channels": 4}, "block": 2}' \
    < "$step/nodes.json" && sees -F '"norm_decay": 0.9' < "$step/scalars.json" || return 1
  "$python" - "$step" << 'END_PYTHON'
import sys
import numpy as np
shape = lambda name: np.load(f"{sys.argv[1]}/{name}.npy").shape  # noqa: E731
for name in "W8", "W8_after", "grad8", "delta8", "update8", "prev_update8":
    assert shape(name) == (8, 2), name
assert shape("A8") == (1, 1) and shape("G8") == (16, 16)
assert shape("mean8") == shape("var8") == (8, 3)
assert shape("running_mean8") == shape("running_var8") == (8, 1)
END_PYTHON
}
check "shapes are those of channels" described
rm -rf "$KFIX_BUILD/normed-double"

finish
