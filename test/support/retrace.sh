# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the tests of tools/retrace share, which needs NumPy; after train.sh.
export OPENBLAS_NUM_THREADS=1
python=python3
"$python" -c 'import numpy' 2> /dev/null || python=/usr/bin/python3
"$python" -c 'import numpy' 2> /dev/null || exit 77

# agrees ARGS...: four steps of $net, or $usual_net, on $rows, each recomputed.
agrees() {
  rm -rf "$KFIX_TMP/trace"
  "${net:-$usual_net}" --quiet --data "$KFIX_TMP/${rows:-rows.npy}" --batch 40 --steps 4 --trace "$KFIX_TMP/trace" \
    --trace-at 1,2,3,4 "$@" && "$python" tools/retrace/retrace.py "$KFIX_TMP/trace"
}

# sees_difference: the trace as it is now does not pass.
sees_difference() {
  ! "$python" tools/retrace/retrace.py "$KFIX_TMP/trace" > "$KFIX_TMP/out" && grep -q DIFFERS "$KFIX_TMP/out"
}

# differs METHOD MATRIX: in the trace of a run, the matrix changed a little is seen.
differs() {
  agrees --method "$1" --subset-rows 1 > /dev/null || return 1
  "$python" - "$KFIX_TMP/trace/step_000003/$2.npy" << 'END_PYTHON' || return 1
import sys
import numpy as np
a = np.load(sys.argv[1])
np.save(sys.argv[1], a * (1 + 1e-9 * np.arange(a.size).reshape(a.shape)))
END_PYTHON
  sees_difference
}
