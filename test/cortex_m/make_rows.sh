#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Usage: make_rows.sh digits.csv.gz
# Writes digits_train.h (rows 1-256) and digits_held.h (rows 257-384) from the table of UCI digits as
# scikit-learn ships it (Debian: python3-sklearn, sklearn/datasets/data/digits.csv.gz).
set -euo pipefail
here=$(dirname "$0")

# rows FIRST LAST NAME: a pixel 0..16 is a letter from A to Q; then the digit.
rows() {
  cat << END
/* SPDX-License-Identifier: Apache-2.0
 * Rows $1-$2 of UCI digits (E. Alpaydin, C. Kaynak; as scikit-learn ships them, BSD-3-Clause): 64
 * pixels 0..16 as letters A to Q, then the digit. Written by make_rows.sh. */
static const char digits_$3[][66] = {
END
  gzip -dc "$table" | awk -F, -v first="$1" -v last="$2" '
    NR >= first && NR <= last {
      row = ""
      for (i = 1; i <= 65; i++) row = row sprintf("%c", (i < 65 ? 65 : 48) + $i)
      print "    \"" row "\","
    }'
  echo '};'
}

table=$1
rows 1 256 train > "$here/digits_train.h"
rows 257 384 held > "$here/digits_held.h"
