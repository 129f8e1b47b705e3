#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A net that looks at images: trained, resumed, exported as PyTorch keeps weights, predicted with, traced, sized.
. test/support/train.sh
. test/support/own_net.sh
folder=$KFIX_BUILD/views
data=$tmp/images.csv
make_images "$data"
build test/support/views.h train predict size || exit 1

# ---- training ----

trains_by 30 "kfac --driver adaptive" "kfac --driver fixed" "kfac --conv reduce" ekfac "kpsvd --conv reduce"
check "pairs are asked for" says "conv reduce" learn --method kpsvd --steps 1
check "what takes chains alone is refused" says "takes a chain of layers only" learn --method kfac-tridiag --steps 1
# The same shapes everywhere, but a mean over other windows.
sed "s/((2, 3), (2, 1), (0, 1))/((2, 1), (2, 1), 0)/" test/support/views.h > "$tmp/windows.h"
build "$tmp/windows.h" train predict || exit 1
other_windows() {
  says "another" "$KFIX_BUILD/windows/kfix-train" --data "$tmp/images.csv" --batch 100 --steps 20 --resume "$tmp/state"
}
check "a checkpoint of other windows is refused" other_windows

# ---- memory ----

words() {
  "$folder/kfix-size" --method kfac > "$tmp/map" && sees "first, 3 x 2 x 3 -> 4, at 3 x 6 places" < "$tmp/map" &&
    sees "second, 3 x 3 x 4 -> 4, at 4 x 7 places" < "$tmp/map" && sees "out, 56 -> 3" < "$tmp/map" || return 1
  ! awk '/^ *[0-9]+ +[0-9]+ +[12] / && NF < 7 { print "no words for " $0; bad = 1 } END { exit !bad }' "$tmp/map"
}
check "kfix-size maps it, and explains every region" words

# ---- weights ----

check "weights go out in both formats" export_both
import() { # import FORMAT: a run that does not move them writes the same file
  learn --quiet --method sgd --lr 0 --momentum 0 --weight-decay 0 --steps 1 --import "$tmp/w.$1" --export "$tmp/again.$1" &&
    cmp "$tmp/w.$1" "$tmp/again.$1"
}
check "weights come in again, the same bits" import npz
check "and from .safetensors" import safetensors
refuses() { # refuses SED TEXT: the config so changed does not take the weights
  sed "$1" test/support/views.h > "$tmp/kernels.h"
  build "$tmp/kernels.h" predict && says "$2" "$KFIX_BUILD/kernels/kfix-predict" --data "$tmp/images.csv" --weights "$tmp/w.npz"
}
check "another kernel is refused" refuses "s/(4, (3, 2), (2, 1), 1)/(4, (2, 3), (2, 1), (0, 1))/" \
  "'layers.0.weight' has another shape than this network's 4 x 3 x 2 x 3 (out x in x kernel rows x kernel columns)"
in_training() {
  build "$tmp/kernels.h" train && says "has another shape" "$KFIX_BUILD/kernels/kfix-train" --data "$tmp/images.csv" \
    --batch 100 --steps 1 --import "$tmp/w.npz"
}
check "by kfix-train too" in_training
check "a bias that is not there is missed" refuses "s/, no_bias//" "has no 'layers.1.bias'"
check "a bias without a place is refused" refuses "s/(2, 1), 1), relu/(2, 1), 1, no_bias), relu/" "layers.0.bias"
check "weights of other windows are refused" says "other activations or other nodes" "$KFIX_BUILD/windows/kfix-predict" \
  --weights "$tmp/w.npz" --data "$tmp/images.csv"

# ---- what NumPy makes of them ----

nodes() {
  local step=$tmp/trace/step_000002
  rm -rf "$tmp/trace"
  learn --quiet --steps 2 --trace "$tmp/trace" --trace-at 1,2 --method kfac || return 1
  sees -F '"name": "first", "kind": "conv", "inputs": ["input"], "geometry": {"channels": 4, "kernel": [3, 2], "stride": [2, 1], "pad": [1, 1], "bias": true}, "activation": "relu", "shape": {"height": 3, "width": 6, "channels": 4}, "block": 1}' \
    < "$step/nodes.json" &&
    sees -F '"kind": "mean_pool", "inputs": ["sum"], "geometry": {"kernel": [2, 3], "stride": [2, 1], "pad": [0, 1]}, "activation": "tanh", "shape": {"height": 2, "width": 7, "channels": 4}, "block": null}' \
      < "$step/nodes.json" &&
    sees -F '"input_shape": {"height": 6, "width": 5, "channels": 3}' < "$step/scalars.json" &&
    sees -F '"conv": "expand"' < "$step/scalars.json"
}
check "a trace tells of its windows" nodes
python=python3
"$python" -c 'import numpy' 2> /dev/null || python=/usr/bin/python3
# Values of order 1 in float; sums of fewer than 2^6 terms in three layers, one behind the other: 2^10 eps is far.
numpy() {
  "$python" tools/predict/predict_numpy.py "$tmp/w.npz" "$tmp/images.csv" > "$tmp/theirs" || return 1
  predict w.npz --what probabilities | tail -n +2 | paste -d, - "$tmp/theirs" |
    awk -F, '{ for (i = 1; i <= 3; i++) { d = $i - $(i + 3); if (d < 0) d = -d; if (d > most) most = d } }
      END { print NR, most; exit !(NR == 230 && most <= 2 ^ -13) }'
}
if "$python" -c 'import numpy' 2> /dev/null; then
  check "NumPy makes the same of the export" numpy
else
  echo "skip NumPy reads an export: no NumPy"
fi
rm -rf "${folder:?}" "${KFIX_BUILD:?}/windows" "${KFIX_BUILD:?}/kernels"

finish
