#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Names the first difference of two digest logs (kfix-train --digest-log).
#   digest_compare.sh A.csv B.csv
# Exit status: 0 the same state at every step, 1 they differ, 2 usage or unreadable file.
set -eu

usage="usage: digest_compare.sh A.csv B.csv   (logs of kfix-train --digest-log)"
case ${1-} in -h | --help) echo "$usage"; exit 0 ;; esac
[ $# -eq 2 ] || { echo "$usage" >&2; exit 2; }
for file; do
  [ -r "$file" ] && [ -f "$file" ] || {
    echo "digest_compare.sh: $file: cannot read: name two digest logs" >&2
    exit 2
  }
  [ "$(head -n 1 "$file")" = step,part,layer,digest ] || {
    echo "digest_compare.sh: $file: not a digest log: its first line is not step,part,layer,digest" >&2
    exit 2
  }
done

awk -F, -v a="$1" -v b="$2" '
  function where(step, part, layer) {
    return "step " step ", " part (layer > 0 ? " of layer " layer : "")
  }
  # Line by line through both.
  BEGIN {
    while (1) {
      have_a = (getline line_a < a) > 0
      have_b = (getline line_b < b) > 0
      if (!have_a || !have_b) break
      if (line_a != line_b) {
        split(line_a, x, ","); split(line_b, y, ",")
        if (x[1] x[2] x[3] != y[1] y[2] y[3])
          print "first difference: " a " has " where(x[1], x[2], x[3]) " where " b " has " \
            where(y[1], y[2], y[3])
        else
          print "first difference: " where(x[1], x[2], x[3]) ": " x[4] " in " a ", " y[4] " in " b
        exit 1
      }
      split(line_a, x, ",")
      if (x[1] != "step") last = x[1]
    }
    if (have_a || have_b) {
      print "first difference: " (have_a ? b : a) " ends after step " last + 0 ", the other goes on"
      exit 1
    }
    print "the same up to step " last + 0
  }'
