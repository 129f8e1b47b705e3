#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A net with convolutions of each channel by itself: trained, resumed, exported as PyTorch keeps them, imported, predicted
# with, sized.
. test/support/train.sh
. test/support/own_net.sh
folder=$KFIX_BUILD/separable
data=$tmp/images.csv
make_images "$data"
build test/support/separable.h train predict size || exit 1

trains_by 15 "kfac --driver adaptive" "ekfac --conv reduce" "kpsvd --conv reduce" "two-level:residual --curvature kfac"

words() {
  "$folder/kfix-size" --method kfac > "$tmp/map" &&
    sees "deep1, 3 x 2 of each of 3 channels, at 6 x 4 places" < "$tmp/map" &&
    sees "deep2, 3 x 3 of each of 4 channels, at 3 x 4 places" < "$tmp/map"
}
check "kfix-size says what they are" words

check "weights go out in both formats" export_both
import() { # import FORMAT: what a run starts with is what the other ended with
  learn --quiet --steps 1 --weight-decay 0 --import "$tmp/w.$1" --log "$tmp/again.csv" || return 1
  same "$(sed -n 2p "$tmp/again.csv" | cut -d, -f7,8)" "$(tail -n 1 "$tmp/npz.csv" | cut -d, -f7,8)"
}
check "and come in again, the same bits" import npz
check "and from .safetensors" import safetensors

python=python3
"$python" -c 'import numpy' 2> /dev/null || python=/usr/bin/python3
# Values of order 1 in float; sums of fewer than 2^5 terms in five layers, one behind the other: 2^12 eps is far.
numpy() {
  "$python" tools/predict/predict_numpy.py "$tmp/w.npz" "$tmp/images.csv" > "$tmp/theirs" || return 1
  predict w.npz --what probabilities | tail -n +2 | paste -d, - "$tmp/theirs" |
    awk -F, '{ for (i = 1; i <= 3; i++) { d = $i - $(i + 3); if (d < 0) d = -d; if (d > most) most = d } }
      END { print NR, most; exit !(NR == 230 && most <= 2 ^ -11) }'
}
arrays() { # what Conv2d modules are made of, whose groups are their channels
  "$python" - "$tmp/w.npz" << 'END_PYTHON'
import sys
import numpy as np
w = np.load(sys.argv[1])
shapes = {name: w[name].shape for name in w if name != "metadata"}
assert shapes["layers.0.weight"] == (3, 1, 3, 2) and "layers.0.bias" not in shapes, shapes
assert shapes["layers.2.weight"] == (4, 1, 3, 3) and shapes["layers.2.bias"] == (4,), shapes
assert shapes["layers.3.weight"] == (4, 1, 1, 1) and "layers.3.bias" not in shapes, shapes
END_PYTHON
}
if "$python" -c 'import numpy' 2> /dev/null; then
  check "NumPy makes the same of the export" numpy
  check "the arrays are those of Conv2d modules" arrays
else
  echo "skip NumPy reads an export: no NumPy"
fi
rm -rf "${folder:?}"

finish
