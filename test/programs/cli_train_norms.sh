#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A residual net with normalisations: trained, resumed, evaluated by running moments, exported as PyTorch keeps them,
# imported, predicted with, sized.
. test/support/train.sh
. test/support/own_net.sh
folder=$KFIX_BUILD/normed
data=$tmp/images.csv
make_images "$data"
build test/support/normed.h train predict size || exit 1

# ---- training ----

says_norms() {
  learn --steps 1 --norm-decay 0.75 |
    sees -x 'norms     by moments of 16 rows at a time; evaluations by running ones, which keep 0.75'
}
check "it says what normalisations go by" says_norms
trains_by 12 "kfac --driver adaptive" "kfac --driver fixed" "ekfac --conv reduce" "kpsvd --conv reduce" sgd
decays() { # running moments are state, but none that steps look at
  local logs=()
  for decay in 0 0.9; do
    learn --quiet --steps 6 --norm-decay $decay --log-steps "$tmp/$decay.csv" || return 1
    logs+=("$(cut -d, -f6 "$tmp/$decay.csv")")
  done
  same "${logs[0]}" "${logs[1]}" && [ "$(ends --steps 6 --norm-decay 0)" != "$(ends --steps 6)" ]
}
check "running moments do not change the steps" decays
check "what takes examples apart is refused" says "normalisations couple examples" learn --method exact --steps 1
check "a factored coarse matrix, too" says "normalisations couple examples" learn --method two-level:tko --steps 1
two_level() { # a gain at every step, and the same bits by another port and other threads
  learn --quiet --method two-level:residual --steps 6 --log-steps "$tmp/one.csv" --threads 1 --port ref &&
    learn --quiet --method two-level:residual --steps 6 --log-steps "$tmp/three.csv" --threads 3 &&
    cmp <(cut -d, -f1,2,4- "$tmp/one.csv") <(cut -d, -f1,2,4- "$tmp/three.csv") &&
    awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "e_change") at = i; next }
      { bad += !(at && $at <= 0) } END { exit bad > 0 || NR != 7 }' "$tmp/one.csv"
}
check "two-level corrects through the moments" two_level
check "and exact targets" says "normalisations couple examples" learn --method kfac --fisher exact --steps 1
other_group() {
  sed 's/\(KFIX_GROUP *\)16/\132/' test/support/normed.h > "$tmp/grouped.h"
  build "$tmp/grouped.h" train predict &&
    says "another" "$KFIX_BUILD/grouped/kfix-train" --data "$tmp/images.csv" --batch 100 --steps 20 --resume "$tmp/state"
}
check "a checkpoint of other groups is refused" other_group

# ---- memory ----

words() {
  "$folder/kfix-size" --method kfac > "$tmp/map" && sees "bn2, scale and shift of 4 channels, at 6 x 4 places" < "$tmp/map" &&
    sees -E ' 2 +moments +8 bn4 +RUNNING +their running averages' < "$tmp/map" &&
    sees -E ' 1 +step +2 bn1 +MOMENTS +of a normalisation: mean and variance' < "$tmp/map" &&
    sees -E '^moments +512$' < "$tmp/map" || return 1
  ! grep -E 'conv1 +(MOMENTS|RUNNING)' "$tmp/map"
}
check "kfix-size maps moments, of normalisations alone" words

# ---- weights ----

check "weights go out in both formats" export_both
check "kfix-predict validates as kfix-train does" validates w.npz
check "by the other format too" validates w.safetensors
same_elsewhere() { # in use, an example is on its own
  head -n 7 "$tmp/images.csv" > "$tmp/few.csv" &&
    cmp <(predict w.npz --what probabilities | head -n 8) \
      <("$folder/kfix-predict" --weights "$tmp/w.npz" --data "$tmp/few.csv" --what probabilities)
}
check "a few rows are predicted as among many" same_elsewhere
check "and by a net of other groups" cmp <(predict w.npz --what probabilities) \
  <("$KFIX_BUILD/grouped/kfix-predict" --weights "$tmp/w.npz" --data "$tmp/images.csv" --what probabilities)
import() { # import FORMAT: what a run starts with is what the other ended with
  learn --quiet --steps 1 --weight-decay 0 --import "$tmp/w.$1" --log "$tmp/again.csv" || return 1
  same "$(sed -n 2p "$tmp/again.csv" | cut -d, -f7,8)" "$(tail -n 1 "$tmp/npz.csv" | cut -d, -f7,8)"
}
check "weights and moments come in again, the same bits" import npz
check "and from .safetensors" import safetensors

python=python3
"$python" -c 'import numpy' 2> /dev/null || python=/usr/bin/python3
# Values of order 1 in float; sums of fewer than 2^6 terms in nine layers, one behind the other: 2^12 eps is far.
numpy() {
  "$python" tools/predict/predict_numpy.py "$tmp/w.npz" "$tmp/images.csv" > "$tmp/theirs" || return 1
  predict w.npz --what probabilities | tail -n +2 | paste -d, - "$tmp/theirs" |
    awk -F, '{ for (i = 1; i <= 3; i++) { d = $i - $(i + 3); if (d < 0) d = -d; if (d > most) most = d } }
      END { print NR, most; exit !(NR == 230 && most <= 2 ^ -11) }'
}
arrays() { # what BatchNorm modules are made of
  "$python" - "$tmp/w.npz" << 'END_PYTHON'
import json, sys
import numpy as np
w = np.load(sys.argv[1])
facts = json.loads(w["metadata"].tobytes())
for node in facts["nodes"]:
    if node["kind"] == "norm":
        assert node["eps"] == 1e-5 and node["group"] == 16, node
        count = 8 if node["name"] == "bn4" else 4
        for part in "weight", "bias", "running_mean", "running_var":
            assert w[f"layers.{node['layer']}.{part}"].shape == (count,), part
        steps = w[f"layers.{node['layer']}.num_batches_tracked"]
        assert steps.shape == () and steps.dtype == np.int64 and steps == 8, steps
        assert (w[f"layers.{node['layer']}.running_var"] > 0).all()
assert "layers.0.running_mean" not in w
END_PYTHON
}
spoiled() { # spoiled CODE TEXT: the export, changed by it, is refused
  "$python" -c 'import sys, numpy as np; w = dict(np.load(sys.argv[1])); exec(sys.argv[3]); np.savez(sys.argv[2], **w)' \
    "$tmp/w.npz" "$tmp/spoiled.npz" "$1" && says "$2" learn --steps 1 --import "$tmp/spoiled.npz" && says "$2" predict spoiled.npz
}
if "$python" -c 'import numpy' 2> /dev/null; then
  check "NumPy makes the same of the export" numpy
  check "the arrays are those of BatchNorm modules" arrays
  check "missing moments are missed" spoiled 'del w["layers.1.running_var"]' "has no 'layers.1.running_var'"
  check "a variance below zero is refused" spoiled 'w["layers.7.running_var"][2] = -1' \
    "'layers.7.running_var' holds -1: no variance is below zero"
  check "moments of other channels are refused" spoiled 'w["layers.1.running_mean"] = w["layers.7.running_mean"]' \
    "'layers.1.running_mean' has another shape than this network's 4"
  counted() { spoiled 'del w["layers.1.num_batches_tracked"]' x || predict spoiled.npz > /dev/null; }
  check "batches need not be counted" counted
else
  echo "skip NumPy reads an export: no NumPy"
fi
rm -rf "${folder:?}" "${KFIX_BUILD:?}/grouped"

finish
