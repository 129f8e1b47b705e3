# SPDX-License-Identifier: Apache-2.0
# Compares the lines of golden.c over builds (one file each) and ports; prints two tables and answers
# 1 if a digest differs from the first one seen, is missing, or is not a digest.
BEGIN {
  for (i = 1; i < ARGC; i++) {
    build[i] = ARGV[i]
    sub(/\.txt$/, "", build[i])
  }
  builds = ARGC - 1
}
FNR == 1 { for (b = 1; b <= builds; b++) if (build[b] ".txt" == FILENAME) now = b }
{
  case_ = $1 " | " $2 " | " $3 " | " $4
  if (!(case_ in digest)) { digest[case_] = $6; refused[case_] = $7; cases[++count] = case_ }
  any[now]++
  if (!($5 in seen_port)) { seen_port[$5] = 1; port[++ports] = $5 }
  lines[now, $5]++
  if ($6 != digest[case_] || $7 != refused[case_] || length($6) != 16 || $6 ~ /[^0-9a-f]/) {
    different[now, $5]++
    wrong[++wrongs] = build[now] ": " $0 " (first seen: " digest[case_] ")"
  }
}
END {
  print "| build |" head() "\n| --- |" rule()
  for (b = 1; b <= builds; b++) {
    row = "| " build[b] " |"
    for (p = 1; p <= ports; p++) row = row " " cell(b, port[p]) " |"
    print row
  }
  print "\n| config | type | method | driver | digest | steps refused |\n| --- | --- | --- | --- | --- | --- |"
  for (i = 1; i <= count; i++) print "| " cases[i] " | `" digest[cases[i]] "` | " refused[cases[i]] " |"
  print ""
  for (i = 1; i <= wrongs; i++) print wrong[i]
  print builds " builds x " ports " ports x " count " runs: " (bad ? "NOT the same bits" : "the same bits")
  exit bad || !count
}
function head(   p, s) { for (p = 1; p <= ports; p++) s = s " " port[p] " |"; return s }
function rule(   p, s) { for (p = 1; p <= ports; p++) s = s " --- |"; return s }
# A port that a build does not link has no line there at all.
function cell(b, name) {
  if (any[b] && !lines[b, name]) return "not built"
  if (lines[b, name] == count && !different[b, name]) return count " same"
  bad = 1
  return lines[b, name] + 0 " of " count ", " different[b, name] + 0 " differ"
}
