# SPDX-License-Identifier: Apache-2.0
# Usage: awk -v port=NAME -v limit=BYTES -f stack.awk CALLS KERNELS TABLES PUBLIC GRAPH.ci...
# The deepest stack below each public function, and the path to it. CALLS: calls.txt. KERNELS: more such lines, which
# no call need meet. TABLES: lines `port|curvature FUNCTION`, what const tables point to. PUBLIC: names. GRAPH.ci:
# gcc's call graphs.
function complain(text) {
  print "error: " text > "/dev/stderr"
  bad = 1
}

# Names without what lib/core/abi.h hangs on them.
{ gsub(/_for_(float|double)(_debug)?_[0-9_]+/, "") }
FNR == 1 { part++ }
part == 1 && !/^#/ && NF == 2 && /^!/ { never[substr($1, 2)] = $2; next }
part == 1 && !/^#/ && NF == 2 { allowed[$1] = $2 }
part == 2 { allowed[$1] = $2; met[$1] = 1 }
part == 3 { table[$1] = table[$1] " " $2 }
part == 4 { public[++publics] = $1 }
part < 5 { next }

# The word of calls.txt that a call through a pointer stands for: the first that the line of source
# has from that column on, else the next line.
function word_at(site,    at, file, line, text, i, found) {
  split(site, at, ":")
  file = at[1]
  sub(/^\.\//, "", file)
  for (i = 1; i < at[2] && (getline line < file) > 0; i++) continue
  getline line < file
  line = substr(line, at[3])
  found = first_word(file, line)
  if (!found && (getline line < file) > 0) found = first_word(file, line)
  close(file)
  return found
}

function first_word(file, text,    word) {
  while (match(text, /[A-Za-z_0-9]+\(/)) {
    word = substr(text, RSTART, RLENGTH - 1)
    if ((file ":" word) in allowed) return file ":" word
    if (word in allowed) return word
    text = substr(text, RSTART + RLENGTH)
  }
  return ""
}

/^node:/ && / bytes \(/ {
  split($0, quoted, "\"")
  count = split(quoted[4], label, "\\\\n")
  name = quoted[2]
  split(label[count], use, " ")
  frame[name] = use[1]
  if (label[count] ~ /dynamic/ && label[count] !~ /bounded/) complain(name ": its frame has no bound")
}

/^edge:/ {
  split($0, quoted, "\"")
  if (quoted[4] != "__indirect_call") {
    calls[quoted[2]] = calls[quoted[2]] " " quoted[4]
  } else {
    word = word_at(quoted[6])
    met[word] = 1
    if (word == "") complain(quoted[2] " calls through a pointer at " quoted[6] ": say in calls.txt whom")
    else calls[quoted[2]] = calls[quoted[2]] " *" word
  }
}

# Functions that a word of calls.txt stands for.
function resolve(word,    names, name, kind) {
  if (word in resolved) return resolved[word]
  names = ""
  if (allowed[word] == "-") return resolved[word] = ""
  if (allowed[word] ~ /^@/) {
    kind = substr(allowed[word], 2)
    names = table[kind]
  } else {
    for (name in frame)
      if (name ~ ("^(" allowed[word] ")([.]|$)")) {
        somewhere[word] = 1
        if (of_this_port(name)) names = names " " name
      }
  }
  if (names == "" && !somewhere[word]) complain("calls.txt: " word ": no function meets it")
  return resolved[word] = names
}

# A trainer has one port at a time, and the crew beside it.
function of_this_port(name) {
  return name !~ /^port\// || index(name, "port/" port "/") == 1 || index(name, "port/posix/") == 1
}

# The line of calls.txt, if any, that says what is not called below a function; else that of those above it.
function bar_of(name, outer,    word) {
  if (!(name in bar)) {
    bar[name] = ""
    for (word in never) if (name ~ ("^(" word ")([.]|$)")) bar[name] = word
  }
  return bar[name] == "" ? outer : bar[name]
}

function deepest(name, outer,    here, list, count, i, inner, j, more, depth, best, next_best) {
  outer = bar_of(name, outer)
  if (outer != "" && name ~ ("^(" never[outer] ")([.]|$)")) {
    barred[outer] = 1
    return 0
  }
  here = name SUBSEP outer
  if (here in depth_of) return depth_of[here]
  if (busy[name]) {
    complain(name ": calls itself")
    return 0
  }
  if (!(name in frame)) return 0
  busy[name] = 1
  count = split(calls[name], list, " ")
  for (i = 1; i <= count; i++) {
    more = substr(list[i], 1, 1) == "*" ? split(resolve(substr(list[i], 2)), inner, " ") : split(list[i], inner, " ")
    for (j = 1; j <= more; j++) {
      depth = deepest(inner[j], outer)
      if (depth > best) {
        best = depth
        next_best = inner[j]
      }
    }
  }
  busy[name] = 0
  via[here] = next_best
  return depth_of[here] = frame[name] + best
}

function path(name,    text, short, outer) {
  for (outer = ""; name != ""; name = via[name SUBSEP outer]) {
    outer = bar_of(name, outer)
    short = name
    sub(/^.*:/, "", short)
    sub(/\.(constprop|isra|part).*/, "", short)
    text = text (text == "" ? "" : " > ") short
  }
  return text
}

END {
  for (word in allowed) if (!(word in met)) complain("calls.txt: " word ": no call meets it")
  for (i = 1; i <= publics; i++) {
    name = public[i]
    if (!(name in frame)) continue
    depth = deepest(name, "")
    printf "%s\t%s\t%d\t%s\n", name, port, depth, path(name)
    if (depth > limit) complain(name " on " port ": " depth " bytes of stack, more than " limit)
  }
  for (name in never) if (!(name in barred)) complain("calls.txt: !" name ": it reaches nothing of the kind")
  exit bad
}
