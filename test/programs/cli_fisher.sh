#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kfix-fisher: factors, errors and solution of small blocks against the definitions; bad input is
# refused in one line, and then nothing is written.
. test/support/train.sh

build test/support/three_threads.h fisher || exit 1
fisher=$KFIX_BUILD/three_threads/kfix-fisher
work=$KFIX_TMP

# npy FILE TYPE SHAPE VALUES...: a matrix; the type is <f8 (values from the table) or another, whose
# values are zero bytes.
npy() {
  local file=$1 type=$2 shape=$3 header value
  shift 3
  header="{'descr': '$type', 'fortran_order': False, 'shape': ($shape), }"
  {
    printf '\223NUMPY\001\000\166\000%-117s\n' "$header"
    for value; do
      case $value in
        0) printf '\0\0\0\0\0\0\0\0' ;;
        0.5) printf '\0\0\0\0\0\0\340\77' ;;
        1) printf '\0\0\0\0\0\0\360\77' ;;
        -1) printf '\0\0\0\0\0\0\360\277' ;;
        2) printf '\0\0\0\0\0\0\0\100' ;;
        3) printf '\0\0\0\0\0\0\10\100' ;;
        tiny) printf '\0\0\0\0\0\0\260\71' ;; # 2^-100
        inf) printf '\0\0\0\0\0\0\360\177' ;;
        nan) printf '\0\0\0\0\0\0\370\177' ;;
      esac
    done
  } > "$file"
}

# floats FILE: the numbers of a float32 .npy, on one line.
floats() {
  tail -c +129 "$1" | od -An -v -tf4 | tr -s ' \n' ' '
}

field() { # field NAME FILE: a number of errors.json.
  sed -n "s/.*\"$1\": *\([^,}]*\).*/\1/p" "$2"
}

near() { # near EXPECTED... -- ACTUAL...: each to 2e-6 of the largest.
  awk -v line="$*" 'BEGIN {
    split(line, half, " -- ")
    n = split(half[1], e, " ")
    m = split(half[2], a, " ")
    for (i = 1; i <= n; i++) if (e[i] < 0 ? -e[i] > top : e[i] > top) top = e[i] < 0 ? -e[i] : e[i]
    for (i = 1; i <= n; i++) if ((d = e[i] - a[i]) > 2e-6 * top || -d > 2e-6 * top) bad = 1
    if (n == 0 || n != m || bad) { print line; exit 1 }
  }'
}

npy "$work/a.npy" '<f8' '3, 2' 2 1 -1 1 0.5 1
npy "$work/g.npy" '<f8' '3, 2' 1 3 2 0 -1 1
npy "$work/v.npy" '<f8' '2, 2' 1 0 2 -1
npy "$work/one.npy" '<f8' '3, 1' 1 2 0.5

fisher() { # fisher ARGS...: on the block above, into out.
  "$fisher" --activations "$work/a.npy" --gradients "$work/g.npy" --out "$work/out" "$@"
}

# By brute force: A, G, both errors (Jacobi's rotations for spectra) and the damped solution.
reference() {
  awk -v damping=0.25 '
  function jacobi(n, a,   s, p, q, k, th, t, c, sn, x, y) {
    for (s = 0; s < 20; s++) for (p = 0; p < n; p++) for (q = p + 1; q < n; q++) {
      if (a[p, q] == 0) continue
      th = (a[q, q] - a[p, p]) / (2 * a[p, q])
      t = (th < 0 ? -1 : 1) / ((th < 0 ? -th : th) + sqrt(th * th + 1))
      c = 1 / sqrt(t * t + 1); sn = t * c
      for (k = 0; k < n; k++) { x = a[k, p]; y = a[k, q]; a[k, p] = c * x - sn * y; a[k, q] = sn * x + c * y }
      for (k = 0; k < n; k++) { x = a[p, k]; y = a[q, k]; a[p, k] = c * x - sn * y; a[q, k] = sn * x + c * y }
    }
  }
  function sorted(n, a, out,   i, j, t) {
    for (i = 0; i < n; i++) out[i] = a[i, i]
    for (i = 0; i < n; i++) for (j = i + 1; j < n; j++) if (out[j] > out[i]) { t = out[i]; out[i] = out[j]; out[j] = t }
  }
  BEGIN {
    split("2 1 -1 1 0.5 1", x, " "); split("1 3 2 0 -1 1", y, " "); split("1 0 2 -1", v, " ")
    for (t = 0; t < 3; t++) for (i = 0; i < 2; i++) { a[t, i] = x[2 * t + i + 1]; g[t, i] = y[2 * t + i + 1] }
    for (i = 0; i < 2; i++) for (j = 0; j < 2; j++) for (t = 0; t < 3; t++) {
      A[i, j] += a[t, i] * a[t, j] / 3; G[i, j] += g[t, i] * g[t, j] / 3
    }
    for (i = 0; i < 4; i++) for (j = 0; j < 4; j++) {
      for (t = 0; t < 3; t++)
        F[i, j] += a[t, int(i / 2)] * g[t, i % 2] * a[t, int(j / 2)] * g[t, j % 2] / 3
      B[i, j] = A[int(i / 2), int(j / 2)] * G[i % 2, j % 2]
      far += (F[i, j] - B[i, j]) ^ 2; size += F[i, j] ^ 2
    }
    jacobi(4, F); jacobi(4, B); sorted(4, F, f); sorted(4, B, b)
    for (i = 0; i < 4; i++) { apart += (f[i] - b[i]) ^ 2; norm += f[i] ^ 2 }
    pi = sqrt((A[0, 0] + A[1, 1]) / (G[0, 0] + G[1, 1])); gamma = sqrt(damping)
    for (i = 0; i < 2; i++) { C[i, i] = A[i, i] + pi * gamma; D[i, i] = G[i, i] + gamma / pi }
    dc = C[0, 0] * C[1, 1] - A[0, 1] ^ 2; dd = D[0, 0] * D[1, 1] - G[0, 1] ^ 2
    P[0, 0] = C[1, 1] / dc; P[1, 1] = C[0, 0] / dc; P[0, 1] = P[1, 0] = -A[0, 1] / dc
    Q[0, 0] = D[1, 1] / dd; Q[1, 1] = D[0, 0] / dd; Q[0, 1] = Q[1, 0] = -G[0, 1] / dd
    for (i = 0; i < 2; i++) for (j = 0; j < 2; j++) for (k = 0; k < 2; k++) for (l = 0; l < 2; l++)
      U[i, j] += Q[i, k] * v[2 * k + l + 1] * P[l, j]
    print "A", A[0, 0], A[0, 1], A[1, 0], A[1, 1]
    print "G", G[0, 0], G[0, 1], G[1, 0], G[1, 1]
    print "frobenius", sqrt(far / size)
    print "spectrum", sqrt(apart / norm)
    print "U", U[0, 0], U[0, 1], U[1, 0], U[1, 1]
  }' OFMT=%.12g
}

kfac() {
  local name
  fisher --method kfac --rhs "$work/v.npy" --damping 0.25 --solution "$work/out/U.npy" || return
  reference > "$work/reference"
  for name in A G U; do
    near "$(sed -n "s/^$name //p" "$work/reference")" -- "$(floats "$work/out/$name.npy")" || return
  done
  for name in frobenius spectrum; do
    near "$(sed -n "s/^$name //p" "$work/reference")" -- \
      "$(field "$name" "$work/out/errors.json")" || return
  done
}
check "kfac: factors, errors and solution as the definitions have them" kfac

# D = the mean of g^2 abar^2, element by element; U = V / (D + 0.25).
diagonal() {
  rm -rf "$work/out"
  fisher --method diagonal --rhs "$work/v.npy" --damping 0.25 --solution "$work/out/U.npy" &&
    near 2.75 2 12.0833333333 3.3333333333 -- "$(floats "$work/out/D.npy")" &&
    near 0.3333333333 0 0.1621621622 -0.2790697674 -- "$(floats "$work/out/U.npy")"
}
check "diagonal: the matrix and the solution as the definitions have them" diagonal

methods() {
  "$fisher" --help | tr -s ' \n' ' ' | sed 's/.*approximation of the block: \([a-z|-]*\).*/\1/' |
    tr '|' '\n'
}

# Every method writes its factors and two numbers, no worse than K-FAC's; a diagonal's is below |F|.
writes() {
  local files
  rm -rf "$work/out"
  fisher --method "$1" || return
  files=$(ls "$work/out" | tr '\n' ' ')
  case $1 in
    kfac | kfac-tikhonov) same "A.npy G.npy errors.json " "$files" || return ;;
    diagonal) same "D.npy errors.json " "$files" || return ;;
    ekfac) same "UA.npy UG.npy errors.json s.npy " "$files" || return ;;
    kpsvd) same "R.npy S.npy errors.json " "$files" || return ;;
    *) same "P.npy Q.npy R.npy S.npy errors.json " "$files" || return ;;
  esac
  awk -v e="$(field frobenius "$work/out/errors.json")" -v s="$(field spectrum "$work/out/errors.json")" \
    -v k="$([ "$1" = diagonal ] && echo 1 || sed -n 's/^frobenius //p' "$work/reference")" \
    'BEGIN { exit !(e >= 0 && e <= k + 1e-5 && s ~ /^[0-9.e-]+$/ && s >= 0) }'
}
for method in $(methods); do
  check "$method writes its factors and errors" writes "$method"
done

# A block of one input, one of one unit, and one example.
narrow() {
  "$fisher" --activations "$1" --gradients "$2" --out "$work/narrow" --method "$3" &&
    near 0 1e-9 -- "$(field frobenius "$work/narrow/errors.json" | awk '{ print ($1 > 1e-3) }')" 1e-9
}
npy "$work/row_a.npy" '<f8' '1, 2' 3 1
npy "$work/row_g.npy" '<f8' '1, 3' 1 2 -1
narrow_all() {
  [ "$1" = diagonal ] || narrow "$work/row_a.npy" "$work/row_g.npy" "$1" || return
  "$fisher" --activations "$work/one.npy" --gradients "$work/g.npy" --out "$work/narrow" --method "$1" &&
    "$fisher" --activations "$work/a.npy" --gradients "$work/one.npy" --out "$work/narrow" --method "$1"
}
for method in $(methods); do
  check "$method takes blocks of one example, one input, one unit" narrow_all "$method"
done

# Each example thirty times is the same block, but so many rows that a narrow layer's terms are sought
# in parameter space.
repeated() {
  local a g many_a=() many_g=() i
  a=(2 1 -1 1 0.5 1) g=(1 3 2 0 -1 1)
  for ((i = 0; i < 30; i++)); do many_a+=("${a[@]}") many_g+=("${g[@]}"); done
  npy "$work/many_a.npy" '<f8' '90, 2' "${many_a[@]}"
  npy "$work/many_g.npy" '<f8' '90, 2' "${many_g[@]}"
  "$fisher" --activations "$work/many_a.npy" --gradients "$work/many_g.npy" --out "$work/many" \
    --method "$1" && fisher --method "$1" || return
  near 1 "$(field frobenius "$work/out/errors.json")" -- \
    1 "$(field frobenius "$work/many/errors.json")" || return
  [ ! -e "$work/out/R.npy" ] ||
    near "$(floats "$work/out/R.npy")" -- "$(floats "$work/many/R.npy")"
}
for method in $(methods); do
  rm -rf "$work/out" "$work/many"
  check "$method: examples that repeat change nothing" repeated "$method"
done
rm -rf "$work/many"

same_bits() {
  fisher --method "$1" --threads 1 --port ref && mv "$work/out" "$work/out1" || return
  fisher --method "$1" --threads 3 && diff -r "$work/out" "$work/out1" && rm -rf "$work/out1"
}
for method in $(methods); do
  rm -rf "$work/out"
  check "$method: the same bits on every port and number of threads" same_bits "$method"
done

no_spectrum() {
  fisher --no-spectrum && same null "$(field spectrum "$work/out/errors.json")"
}
check "--no-spectrum leaves the spectrum out" no_spectrum

zero_block() {
  npy "$work/zero.npy" '<f8' '3, 2' 0 0 0 0 0 0
  "$fisher" --activations "$work/zero.npy" --gradients "$work/zero.npy" --out "$work/z" &&
    same null "$(field frobenius "$work/z/errors.json")"
}
check "a block that is zero has no relative error" zero_block

# Squares that float cannot hold leave factors of zero, and nothing is inverted that could fail.
vanishing() {
  npy "$work/tiny.npy" '<f8' '3, 2' tiny 0 tiny tiny 0 tiny
  "$fisher" --activations "$work/tiny.npy" --gradients "$work/tiny.npy" --out "$work/t" --method "$1" &&
    near 1 -- "$(field frobenius "$work/t/errors.json")"
}
for method in $(methods); do
  check "$method: a block that vanishes is approximated by nothing" vanishing "$method"
done

# One-hot rows: what K-FAC adds between them its correction takes away again.
floored() {
  npy "$work/hot.npy" '<f8' '2, 2' 1 0 0 1
  "$fisher" --activations "$work/hot.npy" --gradients "$work/hot.npy" --out "$work/f" --method "$1" \
    --rhs "$work/v.npy" --damping 0.0001 --solution "$work/f/U.npy" &&
    same "{$2}" "{$(field floored "$work/f/errors.json")}"
}
check "floored entries are counted" floored kfac-corrected 2
check "no floor, no count" floored kfac ""

# ---- what is refused; nothing is written then ----

rm -rf "$work/out"
npy "$work/nan.npy" '<f8' '3, 2' 1 1 nan 1 1 1
npy "$work/inf.npy" '<f8' '3, 2' 1 1 1 inf 1 1
npy "$work/short.npy" '<f8' '2, 2' 1 1 1 1
npy "$work/flat.npy" '<f8' '2,' 1 1
npy "$work/none.npy" '<f8' '0, 2'
npy "$work/whole.npy" '<i8' '3, 2' 0 0 0 0 0 0
head -c 150 "$work/a.npy" > "$work/cut.npy"
echo nothing > "$work/text.npy"
bad() { # bad TEXT A G ARGS...
  local text=$1 a=$2 g=$3
  shift 3
  says "$text" "$fisher" --activations "$work/$a.npy" --gradients "$work/$g.npy" --out "$work/out" "$@" &&
    [ ! -e "$work/out" ] || { ls "$work/out"; return 1; }
}
check "not a number" bad "nan.npy: matrix row 1, column 0 holds" nan g
check "infinite" bad "inf.npy: matrix row 1, column 1 holds" a inf
check "shapes that disagree" bad "short.npy has 2 rows" short g
check "one dimension" bad "has 1 dimensions; a matrix has 2" flat g
check "no rows" bad "none.npy: is empty" none none
check "whole numbers" bad "holds <i8; save it as float32 or float64" whole g
check "cut off" bad "holds 22 bytes of data" cut g
check "not .npy" bad "text.npy: not a .npy file" a text
check "not there" bad "missing.npy" missing g
check "right-hand side of another shape" bad "one.npy: is 3 x 1, not d_g x d_a = 2 x 2" a g \
  --rhs "$work/one.npy" --damping 1 --solution "$work/u.npy"
npy "$work/flat_g.npy" '<f8' '3, 2' 1 1 1 1 1 1
check "singular without damping" bad "give a larger --damping" a flat_g \
  --rhs "$work/v.npy" --damping 0 --solution "$work/u.npy"
usage() { # usage TEXT ARGS...
  local text=$1
  shift
  fails 2 "$fisher" "$@" > "$work/said" 2>&1 && grep -qF -- "$text" "$work/said" ||
    { cat "$work/said"; return 1; }
}
check "no input" usage "--activations is needed" --gradients g --out o
check "rhs alone" usage "go together" --activations a --gradients g --out o --rhs v
check "unknown method" usage "kfac" --activations a --gradients g --out o --method no
check "damping below zero" usage "damping" --damping -1
check "help" "$fisher" --help

# Old files stay when a new one cannot be written.
keeps() {
  fisher --method kfac && cp -r "$work/out" "$work/before" || return
  mkdir "$work/out/errors.json.old" && mv "$work/out/errors.json" "$work/out/errors.json.old/" &&
    mkdir "$work/out/errors.json" || return
  says "is a folder" "$fisher" --activations "$work/a.npy" --gradients "$work/one.npy" \
    --out "$work/out" --method kfac || return
  cmp "$work/out/A.npy" "$work/before/A.npy" && cmp "$work/out/G.npy" "$work/before/G.npy" &&
    [ -z "$(find "$work/out" -name '*.kfix-part')" ]
}
check "all files or none" keeps
: > "$work/file"
over_inputs() {
  mkdir -p "$work/here" && cp "$work/a.npy" "$work/here/A.npy" && cp "$work/g.npy" "$work/here/G.npy"
  says "is an input: name another place" "$fisher" --activations "$work/here/A.npy" \
    --gradients "$work/here/G.npy" --out "$work/./here" && cmp "$work/a.npy" "$work/here/A.npy" &&
    cmp "$work/g.npy" "$work/here/G.npy"
}
check "inputs are not written over" over_inputs
check "a folder that cannot be made" says "cannot make this folder" "$fisher" \
  --activations "$work/a.npy" --gradients "$work/g.npy" --out "$work/file/out"
# ---- kfix-train --approximation-log ----

log=$work/approximation.csv
approximations() { # approximations ARGS...: three rows per method, of steps 1, 3 and 5.
  run --quiet --steps 5 --approximation-log "$log" --approximation-every 2 --layer 2 "$@"
}
rows_of_every_method() {
  approximations --method "$1" || return
  same "step,layer,method,frobenius,spectrum,quality" "$(head -n 1 "$log")" || return
  same "$(for step in 1 3 5; do for m in $(methods); do echo "$step,2,$m"; done; done)" \
    "$(tail -n +2 "$log" | cut -d, -f1-3)" || return
  tail -n +2 "$log" | awk -F, '!($4 >= 0 && $4 < 10 && $5 >= 0 && $6 >= 0 && $4 $5 $6 ~ /^[-+.0-9e]+$/) { print; bad = 1 } END { exit bad }'
}
for method in adam kfac; do
  check "a log of approximations along $method" rows_of_every_method $method
done

leaves_training_alone() {
  same "$(digest --steps 5 --method "$1")" \
    "$(digest --steps 5 --method "$1" --approximation-log "$log" --layer 1)"
}
for method in adam kfac; do
  check "measuring changes no bit of $method" leaves_training_alone $method
done

# Factors of the first step, used until the fifth, are no better than new ones at the first step.
drifts() {
  approximations --method adam --lr 0.03 && cp "$log" "$work/new.csv" || return
  approximations --method adam --lr 0.03 --approximation-refresh 9 || return
  same "$(sed -n 2p "$work/new.csv")" "$(sed -n 2p "$log")" || return
  awk -F, '$3 == "kfac" && $1 == 5 { e[++n] = $4 } END { exit !(n == 2 && e[2] > e[1]) }' \
    "$work/new.csv" "$log"
}
check "factors that are not renewed drift away" drifts

order() {
  approximations --approximation-order 1 && tail -n +2 "$log" | awk -F, '$3 == "kfac" && $5 != "" { exit 1 }'
}
check "--approximation-order bounds what is diagonalised" order
resumed() {
  approximations --method adam && cp "$log" "$work/whole.csv" || return
  run --quiet --method adam --steps 3 --checkpoint "$work/c" --approximation-log "$log" \
    --approximation-every 2 --layer 2 &&
    run --quiet --resume "$work/c" --steps 5 --approximation-log "$log" --approximation-every 2 \
      --layer 2 && cmp "$log" "$work/whole.csv"
}
check "a resumed run goes on with the log" resumed
no_such_layer() {
  cp "$log" "$work/old.csv"
  STATUS=2 says "--layer" run --quiet --steps 1 --log "$work/old.csv" --approximation-log "$log" \
    --layer 9 && cmp "$log" "$work/old.csv"
}
check "no such layer: the logs stay" no_such_layer
train_usage() {
  fails 2 run --steps 1 --layer 2 > "$work/said" 2>&1 && grep -q "needs --approximation-log" "$work/said"
}
check "--layer alone" train_usage
finish
