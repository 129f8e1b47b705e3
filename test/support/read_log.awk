# SPDX-License-Identifier: Apache-2.0
# Usage: awk -v name= -v status= -v limit= -v count=FILE -f read_log.awk LOG
# The log of one test, which ended with this exit status: "passed failed skipped" to the file count, and
# a line for each failure with its name, place and message, or if it could not run at all. cmocka says "[  PASSED  ] 3 test(s).";
# shell tests say "ok NAME", "not ok NAME", "skip NAME".
/^\[ RUN +\] / { running = $4; place = message = "" }
/^ERROR: / || /^\[  ERROR   \] --- [^[]/ { message = $0; sub(/^ERROR: |^\[  ERROR   \] --- /, "", message) }
/\[   LINE   \] --- / { place = $0; sub(/.*\[   LINE   \] --- /, "", place); sub(/: error: .*/, "", place) }
/^\[       OK \]|^\[  SKIPPED \]/ { running = "" }
/^\[  FAILED  \]/ && $4 == running {
  say(running (place ? " " place : "") (message ? ": " message : ""))
  running = ""
}
/^not ok / { say(substr($0, 8)) }

/^\[  PASSED  \] [0-9]+ test/ { passed += $4 }
/^\[  FAILED  \] [0-9]+ test/ { failed += $4 }
/^\[  SKIPPED \] [0-9]+ test/ { skipped += $4 }
/^ok / { passed++ }
/^not ok / { failed++ }
/^skip / { skipped++ }

END {
  if (status == 77 && !passed && !failed) {
    print "skipped: " name
    if (!skipped) skipped = 1
  }
  else if (status != 0 && status != 77 && !failed) failed = 1
  if (status == 0 && !passed && !failed && !skipped) failed = 1
  if (running && status) say(running ": " ending())
  else if (failed && !said) say(ending())
  print passed + 0, failed + 0, skipped + 0 > count
}
function say(what) {
  print "failed: " name " " what
  said = 1
}
function ending() {
  return status == 124 ? "more than " limit " s" : status ? "exit status " status : "no result"
}
