#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What kfix-train writes: logs, traces, weights, and what it prints.
. test/support/train.sh
tmp=$KFIX_TMP

# ---- printed ----

prints() {
  run --steps 3 > "$tmp/out" 2> "$tmp/err" || return 1
  [ ! -s "$tmp/err" ] || { cat "$tmp/err"; return 1; }
  for word in config method port arena data split batch seed columns ended next; do
    grep -q "^$word " "$tmp/out" || { echo "no line $word"; return 1; }
  done
  [ "$(grep -c 'digest [0-9a-f]\{16\}$' "$tmp/out")" -eq 3 ] || { cat "$tmp/out"; return 1; }
}
check "a block, a line per epoch, nothing on stderr" prints
silent() {
  [ -z "$(run --quiet --steps 3 --log "$tmp/q.csv" 2>&1)" ]
}
check "--quiet says nothing" silent

# ---- logs ----

columns=step,epoch,seconds,examples,train_objective,train_error,validation_objective,validation_error,lambda,gamma,alpha,mu,rho,iterate
log_rows() {
  run --quiet --steps 7 --log "$tmp/log.csv" || return 1
  same "$columns" "$(head -n 1 "$tmp/log.csv")" || return 1
  # 184 examples in batches of 100 and 84; the last row stands in the middle of an epoch.
  same "0,0,0 2,1,184 4,2,368 6,3,552 7,3.5434782608695654,652" \
    "$(tail -n +2 "$tmp/log.csv" | cut -d, -f1,2,4 | paste -sd' ')" || return 1
  awk -F, 'NF != 14 || (NR > 1 && $14 !~ /^(last|average)$/) { bad = 1 } NR == 2 { first = $5 } END { exit bad || !($5 < first) }' "$tmp/log.csv"
}
check "the log has its columns and rows" log_rows
log_sparse() {
  run --quiet --epochs 5 --eval-every 2 --log "$tmp/log.csv"
  same "0 4 8 10" "$(tail -n +2 "$tmp/log.csv" | cut -d, -f1 | paste -sd' ')" || return 1
  run --quiet --epochs 5 --eval-every 0 --log "$tmp/log.csv"
  same 1 "$(wc -l < "$tmp/log.csv")"
}
check "--eval-every" log_sparse
log_steps() {
  run --quiet --steps 7 --log-steps "$tmp/steps.csv" || return 1
  same "1,100 2,84 3,100 4,84 5,100 6,84 7,100" \
    "$(tail -n +2 "$tmp/steps.csv" | cut -d, -f1,4 | paste -sd' ')"
}
check "--log-steps has a row for each step" log_steps
logs_floors() {
  "$train" --quiet --data "$tmp/clouds.csv" --method kfac --steps 2 --log-steps "$tmp/steps.csv" || return 1
  same "floored nan nan" "$(cut -d, -f17 "$tmp/steps.csv" | paste -sd' ')" || return 1
  "$train" --quiet --data "$tmp/clouds.csv" --method deflation --steps 2 --log-steps "$tmp/steps.csv" || return 1
  cut -d, -f17 "$tmp/steps.csv" | tail -n +2 | grep -vq '^[0-9]' && return 1
  same 3 "$(wc -l < "$tmp/steps.csv")"
}
check "--log-steps counts what the floor raised, where a method has one" logs_floors
grows() {
  "$train" --quiet --data "$tmp/clouds.csv" --batch-schedule 20:6 --steps 9 --log-steps "$tmp/steps.csv"
  # 20 (184 / 20)^((k - 1) / 5); at step 5 the 78 rows that are left make more than half a batch.
  same "20 31 49 76 118 184 184 184 184" "$(tail -n +2 "$tmp/steps.csv" | cut -d, -f4 | paste -sd' ')"
}
check "a batch schedule" grows

# ---- logs as lines of JSON ----

# Each line is an object with the columns of the CSV and its numbers; nan is null.
same_rows() {
  python3 - "$1" "$2" << 'END'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1])))
lines = [json.loads(line, parse_constant=lambda word: sys.exit("no JSON: " + word)) for line in open(sys.argv[2])]
assert len(rows) == len(lines) > 0, (len(rows), len(lines))
for row, line in zip(rows, lines):
    assert list(row) == list(line), (list(row), list(line))
    for key, text in row.items():
        if key == "seconds":
            continue
        if text in ("", "nan"):
            assert line[key] is None, (key, text, line[key])
        else:
            assert str(line[key]) == text or line[key] == float(text), (key, text, line[key])
END
}
as_json() {
  local logs=(log log-steps digest-log approximation-log) name csv=() json=()
  for name in "${logs[@]}"; do
    csv+=("--$name" "$tmp/$name.csv")
    json+=("--$name" "$tmp/$name.jsonl")
  done
  run --quiet --steps 7 "${csv[@]}" && run --quiet --steps 7 "${json[@]}" || return 1
  for name in "${logs[@]}"; do same_rows "$tmp/$name.csv" "$tmp/$name.jsonl" || return 1; done
}
if command -v python3 > /dev/null; then
  check "lines of JSON have the rows of the CSV" as_json
else
  echo "skip lines of JSON: no python3"
fi

# ---- traces ----

run --quiet --steps 6 --subset-rows 1 --trace "$tmp/trace" --trace-at 5,6 --log-steps "$tmp/steps.csv"
five=$tmp/trace/step_000005
six=$tmp/trace/step_000006

# shape FILE: "(48, 65)"
shape() {
  head -c 128 "$1" | tr -d '\0' | LC_ALL=C sed -n "s/.*'shape': \(([^)]*)\).*/\1/p"
}
shaped() {
  same "$2" "$(shape "$five/$1.npy")"
}
while read -r name wanted; do
  check "trace: $name is $wanted" shaped "$name" "$wanted"
done << 'END'
x (100, 64)
y (100, 3)
W1 (48, 65)
W3_after (3, 21)
grad2 (20, 49)
delta1 (48, 65)
update2 (20, 49)
prev_update3 (3, 21)
A1 (65, 65)
G1 (48, 48)
A3 (21, 21)
G3 (3, 3)
END
subsets() {
  local stats fisher
  stats=$(shape "$five/rows_stats.npy" | tr -dc 0-9)
  fisher=$(shape "$five/rows_fisher.npy" | tr -dc 0-9)
  same "($stats, 3)" "$(shape "$five/y_sampled.npy")" || return 1
  [ "$stats" -eq 12 ] || [ "$stats" -eq 13 ] || return 1
  [ "$fisher" -eq 25 ]
}
check "trace: the subsets have their sizes" subsets

# reals FILE: one number a line.
reals() {
  tail -c +129 "$1" | od -An -v -w4 -tf4
}
moves_by_update() {
  paste <(reals "$five/W$1.npy") <(reals "$five/update$1.npy") <(reals "$five/W$1_after.npy") |
    awk '{ d = $1 + $2 - $3; if (d < 0) d = -d; if (d > 1e-6) bad++; n++ } END { exit bad || n == 0 }'
}
for layer in 1 2 3; do
  check "trace: W$layer + update$layer = W${layer}_after" moves_by_update $layer
  check "trace: step 6 begins where step 5 ended, layer $layer" \
    cmp "$five/W${layer}_after.npy" "$six/W$layer.npy"
  check "trace: the update before, layer $layer" cmp "$five/update$layer.npy" "$six/prev_update$layer.npy"
done
one_hot() {
  reals "$five/y_sampled.npy" | awk '{ sum += $1; n++; if ($1 != 0 && $1 != 1) bad = 1 }
    END { exit bad || sum != n / 3 }'
}
check "trace: sampled targets are one-hot" one_hot
scalars() {
  local key
  for key in method driver loss activations step objective lambda gamma eta pi decay alpha mu \
    learning_rate kl_clip nu rho m_delta kron_floor tridiag_floor ekfac_damping ekfac_s kron_ema \
    momentum stats_count stats_refreshed inverse_step T1 omega1; do
    grep -q "\"$key\": " "$five/scalars.json" || { echo "no key $key"; return 1; }
  done
  grep -q '"step": 5,' "$five/scalars.json" && grep -q '"learning_rate": null' "$five/scalars.json"
}
check "trace: scalars.json has every key" scalars
objective() {
  same "$(awk -F, '$1 == 5 { print $5 }' "$tmp/steps.csv")" \
    "$(sed 's/.*"objective": \([^,]*\),.*/\1/' "$five/scalars.json")"
}
check "trace: the objective is the step's" objective
check "trace: nothing unfinished is left" [ -z "$(find "$tmp/trace" -name '.*' -type d)" ]
check "trace: one that is there already is not overwritten" \
  says "is there already" run --steps 6 --trace "$tmp/trace" --trace-at 5
unchanged() {
  same "$(digest --steps 6)" "$(digest --steps 6 --trace "$tmp/other" --trace-at 1,5,6)"
}
check "a trace changes nothing" unchanged
first_order() {
  run --quiet --method adam --steps 2 --trace "$tmp/adam" --trace-at 2 || return 1
  [ -e "$tmp/adam/step_000002/grad1.npy" ] && [ ! -e "$tmp/adam/step_000002/A1.npy" ] &&
    grep -q '"driver": null' "$tmp/adam/step_000002/scalars.json"
}
check "trace: adam has no factors" first_order

# ---- weights ----

# A step of SGD with rate 0 leaves the weights alone.
through() {
  run --quiet --method sgd --lr 0 --momentum 0 --steps 1 --import "$1" --export "$2"
}
run --quiet --steps 5 --export "$tmp/a.safetensors"
round_trip() {
  through "$tmp/a.safetensors" "$tmp/b.npz" && through "$tmp/b.npz" "$tmp/c.safetensors" &&
    cmp "$tmp/a.safetensors" "$tmp/c.safetensors"
}
check "weights go out and in again, in both formats" round_trip
names() {
  head -c 6000 "$tmp/a.safetensors" | tr -d '\0' | grep -q '"layers.2.bias"' || return 1
  head -c 6000 "$tmp/a.safetensors" | tr -d '\0' | grep -q '"layers.0.weight": *{[^}]*\[48, *64\]'
}
check "weights have the names of torch.nn.Linear" names
averaged() {
  run --quiet --steps 5 --export "$tmp/average.safetensors" --export-average &&
    ! cmp -s "$tmp/a.safetensors" "$tmp/average.safetensors"
}
check "--export-average writes other weights" averaged

foreign_arrays() {
  test/support/other_weights.py "$tmp/a.safetensors" "$tmp/other.safetensors" F32 &&
    through "$tmp/other.safetensors" "$tmp/c.safetensors" && cmp "$tmp/a.safetensors" "$tmp/c.safetensors"
}
# What has gone through a shorter type once does not change when it goes through it again.
as_type() {
  local from=$tmp/a.safetensors to
  for to in once twice; do
    test/support/other_weights.py "$from" "$tmp/other.safetensors" "$1" &&
      through "$tmp/other.safetensors" "$tmp/$to.safetensors" || return 1
    from=$tmp/$to.safetensors
  done
  cmp "$tmp/once.safetensors" "$tmp/twice.safetensors" || return 1
  [ "$1" = F64 ] || ! cmp -s "$tmp/a.safetensors" "$tmp/once.safetensors"
}
refused_as() {
  test/support/other_weights.py "$tmp/a.safetensors" "$tmp/other.safetensors" "${@:2}" &&
    says "$1" run --steps 1 --import "$tmp/other.safetensors"
}
if command -v python3 > /dev/null; then
  check "arrays that the network has no use for are left alone" foreign_arrays
  for type in F16 BF16 F64; do check "weights in $type" as_type $type; done
  check "quantised weights are refused" refused_as "holds I8: quantised weights are not read" I8
  check "bytes behind the last array are refused" refused_as "bytes follow the last array" F32 behind
  check "one bias more is a deeper net" refused_as "has 'layers.7.bias', but this network has 3 layers" F32 \
    layers.7.bias
else
  echo "skip weights of other programs: no python3"
fi

# A row of the log is of one network, the one of the lower training objective, which an export then has: here
# the last iterate's at step 8, the average's at step 18.
awk 'function r() { x = x * 16807 % 2147483647; return x / 2147483647 }
  BEGIN { x = 3; for (i = 0; i < 120; i++) { line = ""
    for (j = 0; j < 64; j++) line = line sprintf("%.3f,", r())
    print line int(3 * r()) } }' > "$tmp/noise.csv"
noise() {
  "$train" --quiet --data "$tmp/noise.csv" --batch 20 --method sgd --lr 0.2 "$@"
}
scores() {
  noise --averaging 0 --import "$1" --steps 1 --log "$tmp/scores.csv" && sed -n 2p "$tmp/scores.csv" | cut -d, -f5-8
}
of_one() {
  local steps=$1 which=$2 other=$3 row
  noise --averaging 0.7 --steps "$steps" --log "$tmp/row.csv" --export "$tmp/logged.npz" &&
    noise --averaging 0.7 --steps "$steps" --export "$tmp/unseen.npz" &&
    noise --averaging 0.7 --steps "$steps" --export "$tmp/last.npz" --export-iterate &&
    noise --averaging 0.7 --steps "$steps" --export "$tmp/average.npz" --export-average || return 1
  same "$which" "$(tail -n 1 "$tmp/row.csv" | cut -d, -f14)" || return 1
  row=$(tail -n 1 "$tmp/row.csv" | cut -d, -f5-8)
  same "$(scores "$tmp/$which.npz")" "$row" || return 1
  awk -F, '{ exit !($1 < $5) }' <<< "$row,$(scores "$tmp/$other.npz")" || { echo "$other has the lower objective"; return 1; }
  cmp "$tmp/logged.npz" "$tmp/$which.npz" && cmp "$tmp/unseen.npz" "$tmp/$which.npz" &&
    ! cmp -s "$tmp/logged.npz" "$tmp/$other.npz"
}
check "a row of the log is of the iterate, and so is the export" of_one 8 last average
check "a row of the log is of the average, and so is the export" of_one 18 average last
cut_weights() {
  head -c 3000 "$tmp/a.safetensors" > "$tmp/cut.safetensors"
  says "cut.safetensors" run --steps 1 --import "$tmp/cut.safetensors"
}
check "weights that are cut off are refused" cut_weights

# The same net, but for one width or one layer.
other_net() {
  sed "s/three_threads\"/$1\"/; $2" test/support/three_threads.h > "$tmp/$1.h"
  build "$tmp/$1.h" train &&
    says "$3" "$KFIX_BUILD/$1/kfix-train" --data "$tmp/clouds.csv" --batch 100 --steps 1 \
      --import "$tmp/a.safetensors"
  local result=$?
  rm -rf "${KFIX_BUILD:?}/$1"
  return $result
}
check "weights of another shape are refused" \
  other_net narrower "s/(20)/(19)/" "another shape than this network's 19 x 48"
check "weights of a deeper net are refused" \
  other_net shallower "/dense, h2/d; s/out, h2/out, h1/" \
  "2 layers"

finish
