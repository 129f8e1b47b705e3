#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kfix-fisher on blocks of convolutions: factors by their definitions, errors against F as a dense matrix.
. test/support/train.sh

build test/support/three_threads.h fisher || exit 1
fisher=$KFIX_BUILD/three_threads/kfix-fisher
work=$KFIX_TMP

python=python3
"$python" -c 'import numpy' 2> /dev/null || python=/usr/bin/python3
"$python" -c 'import numpy' 2> /dev/null || {
  echo "skip kfix-fisher on convolutions: no NumPy"
  exit
}

agrees() { # agrees EXAMPLES POSITIONS IN OUT BIAS
  "$python" test/support/fisher_positions.py "$fisher" "$work" "$@"
}
check "a bias, more examples than parameters" agrees 41 6 5 4 1
check "no bias" agrees 30 9 4 3 0
check "fewer examples than parameters" agrees 5 7 6 5 1
check "one position" agrees 13 1 4 3 1
check "one example" agrees 1 11 3 2 1
refused() {
  says "$1" "$fisher" --activations "$work/a.npy" --gradients "$work/g.npy" --out "$work/none" "${@:2}" &&
    [ ! -e "$work/none" ]
}
check "rows that are no whole examples are refused" refused "no multiple of --positions 7" --positions 7
check "what takes pairs alone says so" refused "by conv reduce alone" --positions 11 --method kpsvd
