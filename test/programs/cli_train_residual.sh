#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A net with branches, from a config outside the tree: trained, resumed, exported, predicted with, traced.
. test/support/train.sh
. test/support/own_net.sh
folder=$KFIX_BUILD/residual
data=$tmp/clouds.csv

cat > "$tmp/residual.h" << 'END'
#define KFIX_NAME  "residual"
#define KFIX_INPUT 64
#define KFIX_NODES(N, x)               \
  N(x, dense, stem, input, (20), tanh) \
  N(x, dense, h1, stem, (20), relu)    \
  N(x, dense, h2, h1, (20), linear)    \
  N(x, add, sum1, h2, (stem), relu)    \
  N(x, dense, h3, sum1, (20), linear)  \
  N(x, add, sum2, h3, (h1), tanh)      \
  N(x, add, all, sum2, (stem), linear) \
  N(x, dense, out, all, (3), softmax)
#define KFIX_LOSS          categorical
#define KFIX_TARGET        class
#define KFIX_BLOCK         32
#define KFIX_CHUNK         64
#define KFIX_THREADS       3
#define KFIX_SETTINGS(SET) SET(lambda, 1) SET(init, KFIX_INIT_GLOROT)
END
build "$tmp/residual.h" train predict size || exit 1

# ---- training ----

trains_by 15 "kfac --driver adaptive" "kfac --driver fixed" "ekfac --driver adaptive" "ekfac --driver fixed" \
  "kpsvd --driver adaptive" "kpsvd --driver fixed"
not_a_chain() {
  says "takes a chain of layers only" learn --method kfac-tridiag --steps 1
}
check "kfac-tridiag is refused" not_a_chain
other_net() {
  learn --quiet --steps 2 --checkpoint "$tmp/state" || return 1
  sed 's/(h1), tanh/(stem), tanh/' "$tmp/residual.h" > "$tmp/rewired.h"
  build "$tmp/rewired.h" train predict || return 1
  says "another" "$KFIX_BUILD/rewired/kfix-train" --data "$tmp/clouds.csv" --batch 100 --steps 3 --resume "$tmp/state"
}
check "a checkpoint of other branches is refused" other_net

# ---- memory ----

maps() {
  "$folder/kfix-size" --all > "$tmp/all" && "$folder/kfix-size" --method ekfac | sees ' sum2 ' || return 1
  ! grep -q kfac-tridiag "$tmp/all" && says "takes a chain of layers only" "$folder/kfix-size" --method kfac-tridiag
}
check "kfix-size maps it, and leaves out kfac-tridiag" maps

# ---- weights ----

check "weights go out in both formats" export_both
check "kfix-predict validates as kfix-train does" validates w.npz
import() { # import FORMAT: a run that does not move them
  learn --quiet --method sgd --lr 0 --momentum 0 --weight-decay 0 --steps 1 --import "$tmp/w.$1" --export "$tmp/again.npz" \
    --log "$tmp/again.csv" || return 1
  cmp <(predict w.npz --what probabilities) <(predict again.npz --what probabilities) &&
    near "$(tail -n 1 "$tmp/again.csv" | cut -d, -f7)" "$(tail -n 1 "$tmp/npz.csv" | cut -d, -f7)" 1e-6
}
check "weights come in again" import npz
check "and from .safetensors" import safetensors
rewired() {
  says "another loss, other activations or other nodes" "$KFIX_BUILD/rewired/kfix-predict" --weights "$tmp/w.npz" \
    --data "$tmp/clouds.csv"
}
check "weights of other branches are refused" rewired

# ---- traces, and what NumPy makes of them ----

traces() {
  rm -rf "$tmp/trace"
  learn --quiet --steps 3 --trace "$tmp/trace" --trace-at 1,2,3 "$@"
}
nodes() {
  local step=$tmp/trace/step_000002 sum units layers
  sum='{"name": "sum2", "kind": "add", "inputs": ["h3", "h1"], "geometry": {}, "activation": "tanh"'
  sum+=', "shape": {"height": 1, "width": 1, "channels": 20}, "block": null}'
  units='"inputs": ["input"], "geometry": {"units": 20}'
  layers='"activations": ["tanh", "relu", "linear", "linear", "softmax"]'
  traces --method kfac && sees -F "$sum" < "$step/nodes.json" && sees -F "$units" < "$step/nodes.json" &&
    sees -F "$layers" < "$step/scalars.json" && [ -e "$step/A5.npy" ] && [ ! -e "$step/A6.npy" ] || return 1
  run --quiet --steps 1 --trace "$tmp/chain" --trace-at 1 && [ ! -e "$tmp/chain/step_000001/nodes.json" ]
}
check "a trace tells of its nodes, that of a chain does not" nodes
export OPENBLAS_NUM_THREADS=1
python=python3
"$python" -c 'import numpy' 2> /dev/null || python=/usr/bin/python3
retraces() {
  traces "$@" && "$python" tools/retrace/retrace.py "$tmp/trace"
}
numpy() {
  "$python" tools/predict/predict_numpy.py "$tmp/w.npz" "$tmp/clouds.csv" > "$tmp/theirs" || return 1
  predict w.npz --what probabilities | tail -n +2 | paste -d, - "$tmp/theirs" |
    awk -F, '{ for (i = 1; i <= 3; i++) { d = $i - $(i + 3); if (d > 1e-5 || -d > 1e-5) bad = 1 } } END { exit bad || NR != 230 }'
}
if "$python" -c 'import numpy' 2> /dev/null; then
  check "NumPy makes the same of the export" numpy
  check "NumPy makes the same of a step of kfac" retraces --method kfac
  check "and of ekfac by the fixed driver" retraces --method ekfac --driver fixed
else
  echo "skip NumPy reads an export and a trace: no NumPy"
fi
rm -rf "${folder:?}" "${KFIX_BUILD:?}/rewired"

finish
