#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kfix-predict: from a table to weights, predictions in the table's units, and how good they are.
. test/support/train.sh
tmp=$KFIX_TMP
flowers=$KFIX_BUILD/flowers
wages=$KFIX_BUILD/wages
spots=$KFIX_BUILD/spots

config() {
  cat > "$tmp/$1.h" << END
#define KFIX_NAME "$1"
#define KFIX_INPUT $2
#define KFIX_NODES(N, x) N(x, dense, hidden, input, (8), tanh) N(x, dense, top, hidden, $3)
#define KFIX_LOSS $4
#define KFIX_TARGET $5
#define KFIX_BLOCK 16
#define KFIX_CHUNK 16
#define KFIX_SETTINGS(SET) SET(lambda, 1)
END
  build "$tmp/$1.h" train predict
}
config flowers 3 "(3), softmax" categorical class && config wages 3 "(1), linear" mse values &&
  config spots 16 "(16), sigmoid" bernoulli input || exit 1

# Three kinds in clouds that touch; wages of three numbers of quite different sizes; two spots on 4 x 4.
random='function r() { x = x * 16807 % 2147483647; return x / 2147483647 }'
awk "$random"' BEGIN { x = 3; split("setosa virginica versicolor", kind)
  print "length,width,\"the height\",kind"
  for (i = 0; i < 150; i++) { c = i % 3
    printf "%.3f,%.3f,%.3f,%s\n", 100 + 4 * c + 5 * r(), 3 * c * c - 2 * c + 4 * r(), r() * 1000, kind[c + 1] } }' > "$tmp/flowers.csv"
awk "$random"' BEGIN { x = 4; print "age,years,hours,wage"
  for (i = 0; i < 200; i++) { a = 20 + 40 * r(); y = r() * 10; h = 30 + 10 * r()
    printf "%.3f,%.3f,%.3f,%.2f\n", a, y, h, 1000 + 20 * a + 150 * y + 5 * h + 50 * r() } }' > "$tmp/wages.csv"
awk "$random"' BEGIN { x = 5
  for (i = 0; i < 100; i++) { s = int(4 * r()); t = ""
    for (j = 0; j < 16; j++) t = t (j % 4 == s || int(j / 4) == s ? 1 : 0) ","
    print t 0 } }' > "$tmp/spots.csv"

learn() { # learn NET EXPORT ARGS...
  "$KFIX_BUILD/$1/kfix-train" --quiet --data "$tmp/$1.csv" --batch 32 --epochs 12 --export "$tmp/$2" "${@:3}"
}
learn flowers f.npz --log "$tmp/f.csv" && learn flowers f.safetensors && learn wages w.npz --log "$tmp/w.csv" &&
  learn wages w.safetensors && learn spots s.npz || exit 1
predict_flowers() {
  "$flowers/kfix-predict" --weights "$tmp/f.npz" --data "$tmp/flowers.csv" "$@"
}
predict_wages() {
  "$wages/kfix-predict" --weights "$tmp/w.npz" --data "$tmp/wages.csv" "$@"
}
# number KEY: the number behind it in a line of JSON.
number() {
  sed -n "s/.*\"$1\": \([-0-9.e]*\).*/\1/p"
}
near() { # near A B SHARE
  awk -v a="$1" -v b="$2" -v s="$3" 'BEGIN { d = a - b; if (d < 0) d = -d; exit !(a != "" && b != "" && d <= s * (b < 0 ? -b : b)) }' ||
    { echo "'$1' is not near '$2'"; return 1; }
}

# ---- classes that are words ----

log_says_classes() {
  "$flowers/kfix-train" --data "$tmp/flowers.csv" --batch 32 --steps 1 | sees -x 'classes   0 setosa, 1 versicolor, 2 virginica'
}
check "words of the last column are classes, and the log says which" log_says_classes
labels() {
  predict_flowers > "$tmp/labels" || return 1
  same label "$(head -n 1 "$tmp/labels")" || return 1
  # As many right as --evaluate counts.
  same "$(predict_flowers --evaluate --json | number accuracy)" \
    "$(paste -d, <(tail -n +2 "$tmp/flowers.csv") <(tail -n +2 "$tmp/labels") |
      awk -F, '{ right += $4 == $5 } END { printf "%.17g", right / NR }')"
}
check "labels are words again, and as good as --evaluate says" labels
confusion() {
  predict_flowers --evaluate --json | tr -d '[]' | sed 's/.*"confusion": \([^}]*\)}.*/\1/' | tr ',' '\n' |
    awk '{ c[NR] = $1; sum += $1; if (NR % 4 == 1) right += $1 } END { exit !(NR == 9 && sum == 150 && right > 100 &&
      c[1] + c[2] + c[3] == 50 && c[4] + c[5] + c[6] == 50) }'
}
check "the confusion matrix has the classes' rows" confusion
recall() {
  predict_flowers --evaluate --json | awk '{ gsub(/[][}]/, ""); n = split($0, part, /"[a-z0-9]+": /)
    split(part[n], c, ", "); split(part[n - 1], f1, ", "); split(part[n - 2], recall, ", "); split(part[n - 3], precision, ", ")
    for (i = 0; i < 3; i++) {
      row = c[3 * i + 1] + c[3 * i + 2] + c[3 * i + 3]; column = c[i + 1] + c[i + 4] + c[i + 7]; right = c[4 * i + 1]
      if (off(recall[i + 1], right / row) || off(precision[i + 1], right / column) || off(f1[i + 1], 2 * right / (row + column))) exit 1
    } }
    function off(a, b) { return a - b > 1e-12 || b - a > 1e-12 }'
}
check "precision, recall and F1 of each class follow from it" recall
text() {
  predict_flowers --evaluate > "$tmp/text" && grep -q '^accuracy  0\.' "$tmp/text" && grep -q '^setosa  *50 ' "$tmp/text" &&
    grep -q '^is . predicted' "$tmp/text"
}
check "as text too" text
probabilities() {
  predict_flowers --what probabilities > "$tmp/p.csv" || return 1
  same "setosa,versicolor,virginica" "$(head -n 1 "$tmp/p.csv")" || return 1
  tail -n +2 "$tmp/p.csv" | awk -F, '{ s = $1 + $2 + $3; if (s < 0.999999 || s > 1.000001) bad = 1 } END { exit bad || NR != 150 }'
}
check "probabilities have the classes' names and add up to 1" probabilities
loss() { # that of kfix-train without weight decay: of the last row of a log
  "$flowers/kfix-train" --quiet --data "$tmp/flowers.csv" --batch 32 --method sgd --lr 0 --momentum 0 --weight-decay 0 --steps 1 \
    --import "$tmp/f.npz" --log "$tmp/again.csv" || return 1
  near "$(predict_flowers --evaluate --json --part train | number loss)" "$(tail -n 1 "$tmp/again.csv" | cut -d, -f5)" 1e-5 &&
    near "$(predict_flowers --evaluate --json --part validation | number loss)" "$(tail -n 1 "$tmp/again.csv" | cut -d, -f7)" 1e-5
}
check "the loss is that of kfix-train, part by part" loss
both_formats() {
  cmp <(predict_flowers --what probabilities) <("$flowers/kfix-predict" --weights "$tmp/f.safetensors" --data "$tmp/flowers.csv" --what probabilities)
}
check "either format of weights predicts the same" both_formats
ports() {
  cmp <(predict_flowers --what probabilities --port ref) <(predict_flowers --what probabilities)
}
check "and either port" ports

# ---- values ----

values() {
  predict_wages > "$tmp/v.csv" && same wage "$(head -n 1 "$tmp/v.csv")" || return 1
  paste -d, <(tail -n +2 "$tmp/wages.csv") <(tail -n +2 "$tmp/v.csv") |
    awk -F, '{ e = $5 - $4; s += e * e; a += e < 0 ? -e : e; y += $4; q += $4 * $4; n++ }
      END { printf "%.12g %.12g %.12g %.12g\n", sqrt(s / n), a / n, 1 - s / (q - y * y / n), s / n / 2 }' > "$tmp/expected"
  predict_wages --evaluate --json > "$tmp/w.json"
  read -r rmse mae r2 half < "$tmp/expected"
  near "$(number rmse < "$tmp/w.json")" "$rmse" 1e-6 && near "$(number mae < "$tmp/w.json")" "$mae" 1e-6 &&
    near "$(number r2 < "$tmp/w.json")" "$r2" 1e-6 && near "$(number loss < "$tmp/w.json")" "$half" 1e-6 &&
    awk -v r2="$r2" 'BEGIN { exit !(r2 > 0.9) }'
}
check "values are wages again; R2, MAE, RMSE and loss are theirs" values
arrays() { # the same rows as .npy files, without a name
  command -v python3 > /dev/null && python3 -c 'import numpy' 2> /dev/null || { echo "no NumPy"; return 1; }
  python3 - "$tmp" << 'END'
import sys
import numpy as np
folder = sys.argv[1]
a = np.loadtxt(folder + "/wages.csv", delimiter=",", skiprows=1)
np.save(folder + "/x.npy", a[:, :3])
END
  "$wages/kfix-predict" --weights "$tmp/w.npz" --data "$tmp/x.npy" --output "$tmp/v.npy" || return 1
  python3 - "$tmp" << 'END'
import sys
import numpy as np
folder = sys.argv[1]
v, wanted = np.load(folder + "/v.npy"), np.loadtxt(folder + "/v.csv", skiprows=1)
assert v.shape == (200,) and v.dtype == np.float32, (v.shape, v.dtype)
assert np.abs(v - wanted).max() < 0.01
END
}
numpy_says() { # numpy_says NET WEIGHTS ARGS...
  "$KFIX_BUILD/$1/kfix-predict" --weights "$tmp/$2" --data "$tmp/$1.csv" "${@:3}" | tail -n +2 > "$tmp/ours"
  tools/predict/predict_numpy.py "$tmp/$2" "$tmp/$1.csv" > "$tmp/theirs" || return 1
  paste -d, "$tmp/ours" "$tmp/theirs" |
    awk -F, '{ for (i = 1; i <= NF / 2; i++) { d = $i - $(i + NF / 2); if (d > 1e-3 || -d > 1e-3) bad = 1 } } END { exit bad || NR < 150 }'
}
numpy_tables() { # no heading, semicolons, tabs: the same numbers
  tail -n +2 "$tmp/wages.csv" > "$tmp/n1.csv"
  tr , ';' < "$tmp/wages.csv" > "$tmp/n2.csv"
  tr , '\t' < "$tmp/wages.csv" > "$tmp/n3.tsv"
  tools/predict/predict_numpy.py "$tmp/w.npz" "$tmp/wages.csv" > "$tmp/theirs" || return 1
  for table in n1.csv n2.csv n3.tsv; do
    tools/predict/predict_numpy.py "$tmp/w.npz" "$tmp/$table" | cmp - "$tmp/theirs" || return 1
  done
}
numpy_constant() { # a target that does not vary: its only value
  awk -F, -v OFS=, 'NR > 1 { $4 = 7 } { print }' "$tmp/wages.csv" > "$tmp/seven.csv"
  "$wages/kfix-train" --quiet --data "$tmp/seven.csv" --batch 32 --steps 1 --export "$tmp/seven.npz" || return 1
  tools/predict/predict_numpy.py "$tmp/seven.npz" "$tmp/seven.csv" > "$tmp/theirs" && same 7 "$(sort -u "$tmp/theirs")"
}
if python3 -c 'import numpy' 2> /dev/null; then
  check "arrays in the units of the table" arrays
  check "NumPy makes the same of an export: values" numpy_says wages w.npz
  check "NumPy makes the same of an export: classes" numpy_says flowers f.npz --what probabilities
  check "NumPy reads tables with and without names, of semicolons and tabs" numpy_tables
  check "NumPy: a target that does not vary" numpy_constant
else
  echo "skip NumPy reads an export: no NumPy"
fi
reconstruction() {
  "$spots/kfix-predict" --weights "$tmp/s.npz" --data "$tmp/spots.csv" --evaluate --json > "$tmp/s.json" || return 1
  "$spots/kfix-predict" --weights "$tmp/s.npz" --data "$tmp/spots.csv" --output "$tmp/s.csv" || return 1
  near "$(number squared_error < "$tmp/s.json")" "$(paste -d, "$tmp/spots.csv" <(tail -n +2 "$tmp/s.csv") |
    awk -F, '{ for (i = 1; i <= 16; i++) s += ($i - $(i + 17)) ^ 2 } END { printf "%.9g", s / NR }')" 1e-5
}
check "an auto-encoder has its squared error" reconstruction

# ---- columns ----

cut -d, -f1-3 "$tmp/flowers.csv" > "$tmp/inputs.csv"
tail -n +2 "$tmp/inputs.csv" > "$tmp/nameless.csv"
sed '2,$s/[a-z]*$/?/' "$tmp/flowers.csv" > "$tmp/unknown.csv"
without_target() {
  cmp <(predict_flowers) <(predict_flowers --data "$tmp/$1.csv")
}
check "no target is needed" without_target inputs
check "nor names" without_target nameless
check "a target that nobody knows is not read" without_target unknown
check "but to be compared with" says "no target to compare with" predict_flowers --data "$tmp/inputs.csv" --evaluate
check "and then must be known" says "line 2, field 4" predict_flowers --data "$tmp/unknown.csv" --evaluate
sed '2s/setosa/rose/' "$tmp/flowers.csv" > "$tmp/rose.csv"
check "another class" says "line 2: 'rose' in the last column is no class that the weights were trained on" \
  predict_flowers --data "$tmp/rose.csv" --evaluate
numbered() { # numbered TABLE: its classes as numbers
  sed -e 's/,setosa$/,1/' -e 's/,versicolor$/,0/' -e 's/,virginica$/,2/' "$1"
}
numbered "$tmp/flowers.csv" > "$tmp/numbered.csv"
check "numbers, where the weights know words" says "its last column holds numbers, that of the training table words" \
  predict_flowers --data "$tmp/numbered.csv" --evaluate
check "are not looked at without --evaluate" without_target numbered
by_number() {
  "$flowers/kfix-train" --quiet --data "$tmp/numbered.csv" --batch 32 --steps 1 --export "$tmp/number.npz" &&
    says "its last column holds words, that of the training table numbers" predict_flowers --weights "$tmp/number.npz" --evaluate &&
    predict_flowers --weights "$tmp/number.npz" > "$tmp/p.csv" &&
    predict_flowers --weights "$tmp/number.npz" --data "$tmp/numbered.csv" --evaluate > "$tmp/text"
}
check "words, where they know numbers" by_number
awk -F, -v OFS=, '{ print $2, $1, $3, $4 }' "$tmp/flowers.csv" > "$tmp/swapped.csv"
check "columns in another order" says "column 1 is 'width', the weights were trained with 'length' there, which is column 2" \
  predict_flowers --data "$tmp/swapped.csv"
sed '1s/width/depth/' "$tmp/flowers.csv" > "$tmp/renamed.csv"
check "a column that is missing" says "has no column 'width', which the weights were trained on" predict_flowers --data "$tmp/renamed.csv"
cut -d, -f1,2 "$tmp/flowers.csv" > "$tmp/narrow.csv"
check "too few columns" says "has no column 'the height'" predict_flowers --data "$tmp/narrow.csv"
tail -n +2 "$tmp/narrow.csv" > "$tmp/narrower.csv"
check "too few without names" says "has 2 columns; the weights take 3 inputs" predict_flowers --data "$tmp/narrower.csv"
awk -F, 'NR == 90 { $4 = 7 } { print }' OFS=, "$tmp/flowers.csv" > "$tmp/mixed.csv"
check "a number among words" says "line 90: '7' in the last column is a number, but the rows before have words" \
  "$flowers/kfix-train" --data "$tmp/mixed.csv" --steps 1

# ---- weights ----

imported() {
  "$flowers/kfix-train" --quiet --data "$tmp/flowers.csv" --batch 32 --method sgd --lr 0 --momentum 0 --steps 1 --import "$tmp/f.npz" \
    --export "$tmp/again.npz" && cmp <(predict_flowers) <(predict_flowers --weights "$tmp/again.npz")
}
check "weights with metadata are imported" imported
bare() { # no metadata: numbers are taken as they are, which the network has never seen
  command -v python3 > /dev/null || { echo "no python3"; return 1; }
  test/support/other_weights.py "$tmp/f.safetensors" "$tmp/bare.safetensors" F32 || return 1
  predict_flowers --weights "$tmp/bare.safetensors" --what probabilities > "$tmp/bare.csv" || return 1
  same probability_0,probability_1,probability_2 "$(head -n 1 "$tmp/bare.csv")" || return 1
  "$flowers/kfix-train" --quiet --data "$tmp/flowers.csv" --batch 32 --method sgd --lr 0 --momentum 0 --steps 1 \
    --import "$tmp/bare.safetensors" --export "$tmp/again.npz" && cmp <(predict_flowers) <(predict_flowers --weights "$tmp/again.npz")
}
if command -v python3 > /dev/null; then check "weights without metadata are read" bare; else echo "skip weights without metadata: no python3"; fi
other() {
  sed 's/tanh/relu/' "$tmp/flowers.h" > "$tmp/relu.h" && build "$tmp/relu.h" predict &&
    says "its metadata tell of a network with another loss, other activations or other nodes" "$KFIX_BUILD/relu/kfix-predict" \
      --weights "$tmp/f.npz" --data "$tmp/flowers.csv"
}
check "weights of other activations are refused" other
check "weights of another shape are refused" says "another shape" "$wages/kfix-predict" --weights "$tmp/f.npz" --data "$tmp/wages.csv"
spoil() { # the first digit of a mean becomes a letter, of as many bytes
  sed 's/\\"mean\\": \[[0-9]/\\"mean\\": [x/' "$tmp/f.safetensors" > "$tmp/spoilt.safetensors"
  says "its metadata cannot be read" predict_flowers --weights "$tmp/spoilt.safetensors"
}
check "metadata that cannot be read" spoil

other_split() { # other_split VALIDATION
  "$flowers/kfix-train" --quiet --data "$tmp/flowers.csv" --batch 32 --steps 1 --validation "$1" --export "$tmp/split.npz" || return 1
  for part in train validation; do
    says "the weights were trained with --validation $1" predict_flowers --weights "$tmp/split.npz" --part $part || return 1
  done
  predict_flowers --weights "$tmp/split.npz" > "$tmp/p.csv"
}
check "parts of a run with a drawn part" other_split 0.2
check "parts of a run with other data to validate" other_split "$tmp/flowers.csv"

# ---- the command line ----

says_usage() { # as `says`, of the first line: the second says how to get help
  local text=$1 status=0 said
  shift
  said=$("$@" 2>&1 > /dev/null) || status=$?
  [ "$status" -eq 2 ] && [[ $said == *"$text"* ]] || { echo "exit status $status: $said"; return 1; }
}
check "no weights" says_usage "--weights is needed" "$flowers/kfix-predict" --data "$tmp/flowers.csv"
check "no data" says_usage "--data is needed" "$flowers/kfix-predict" --weights "$tmp/f.npz"
check "values of classes" says_usage "--what values" predict_flowers --what values
check "labels of values" says_usage "--what: the mse loss has values" predict_wages --what labels
check "--json alone" says_usage "--json needs --evaluate" predict_flowers --json
check "another format" says_usage "must end in .csv or .npy" predict_flowers --output "$tmp/p.txt"
check "the data's place" says_usage "the data are there" predict_flowers --output "$tmp/flowers.csv"
nothing_half() {
  says "no/p.csv" predict_flowers --output "$tmp/no/p.csv" && [ -z "$(find "$tmp" -name '*.kfix-part')" ]
}
check "an output in no folder" nothing_half
check "--help" "$flowers/kfix-predict" --help
check "--version" "$flowers/kfix-predict" --version
rm -rf "$flowers" "$wages" "$spots" "$KFIX_BUILD/relu"

finish
