#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Configs: a header outside the tree builds; a wrong one fails to compile with the remedy.
. test/support/train.sh
tmp=$KFIX_TMP

printf '%s\n' '#include "lib/kfix.h"' '#include "port/ref/ref.h"' 'KFIX_DEFINE_NET(net);' \
  'static _Alignas(KFIX_ALIGN) unsigned char arena[KFIX_BYTES(kfac, ref)];' \
  'int main(void) { return (int)net.node_count + arena[0]; }' > "$tmp/user.c"

compile() {
  "$CC" -std=c11 -I. -Ilib -DKFIX_CONFIG="\"$1\"" -fsyntax-only "$tmp/user.c"
}
# wrong SED TEXT: the config so changed (three_threads, or $of) does not compile, and the compiler's words hold the text.
wrong() {
  local said
  sed "$1" "test/support/${of:-three_threads}.h" > "$tmp/wrong.h"
  said=$(compile "$tmp/wrong.h" 2>&1) && { echo "it compiles"; return 1; }
  case $said in *"$2"*) ;; *) echo "$said"; return 1 ;; esac
}
check "the config of these tests compiles" compile "$PWD/test/support/three_threads.h"
for config in config/*.h; do
  check "$config compiles" compile "$PWD/$config"
done
check "zero width" wrong "s/(20)/(0)/" "node h2 has no units: give it at least 1"
check "no inputs" wrong "s/KFIX_INPUT 64/KFIX_INPUT 0/" "KFIX_INPUT must be at least 1"
check "chunk 0" wrong "s/\(KFIX_CHUNK *\)64/\10/" "set it to a multiple of KFIX_BLOCK"
check "chunk that is no multiple" wrong "s/\(KFIX_CHUNK *\)64/\140/" "must be a multiple of KFIX_BLOCK"
check "no threads" wrong "s/\(KFIX_THREADS *\)3/\10/" "KFIX_THREADS must be at least 1"
check "threads without end" wrong "s/\(KFIX_THREADS *\)3/\165537/" "KFIX_THREADS must be at most 65536"
check "unknown activation" wrong "s/relu/swish/" \
  "KFIX_ACTIVATION_MUST_BE_linear_relu_sigmoid_tanh_OR_softmax_NOT_swish"
check "unknown loss" wrong "s/categorical/hinge/" \
  "KFIX_LOSS_MUST_BE_mse_bernoulli_OR_categorical_NOT_hinge"
check "unknown target" wrong "s/\(KFIX_TARGET *\)class/\1label/" \
  "KFIX_TARGET_MUST_BE_input_values_OR_class_NOT_label"
check "softmax inside" wrong "s/relu/softmax/" "softmax is for the last node only"
check "the wrong loss" wrong "s/categorical/bernoulli/" "needs sigmoid in the last node"
check "a kind that is not there" wrong "s/dense, h2/pool, h2/" "THE_KINDS_ARE_IN_config_README_md_AND_NOT_pool"
check "a source that is not declared" wrong "s/h2, h1/h2, h9/" \
  "A_NODE_READS_input_OR_A_NODE_THAT_IS_LISTED_AND_NOT_h9"
check "a source that stands below" wrong "s/h1, input/h1, h2/" "node h1 reads h2, which stands no earlier: list it before"
check "a name twice" wrong "s/dense, h2/dense, h1/" "AND_NOT_h1"
check "a sum of two widths" wrong "s/dense, h2, h1, (20)/add, h2, h1, (input)/" \
  "node h2 adds h1 and input: give them as many units"
check "a sum of one node with itself" wrong "s/dense, h2, h1, (20)/add, h2, h1, (h1)/" \
  "node h2 adds h1 to itself: name two sources"
check "a sum that reads itself" wrong "s/dense, h2, h1, (20)/add, h2, h1, (h2)/" "node h2 reads h2, which stands no earlier"
check "a node that is too wide" wrong "s/(20)/(3000000000)/" "node h2 is wider than 2^24 units"
check "a sum that reads nothing known" wrong "s/dense, h2, h1, (20)/add, h2, h1, (h9)/" "AND_NOT_h9"

# A net with a branch: a method that needs a chain does not compile, the others do.
branch() {
  sed 's/dense, h2, h1, (20), relu)/dense, h2, h1, (48), relu) N(x, add, sum, h2, (h1), linear)/; s/out, h2/out, sum/' \
    test/support/three_threads.h > "$tmp/branch.h"
}
check "a net with a branch" eval 'branch && compile "$tmp/branch.h"'
not_a_chain() {
  local said
  sed 's/kfac, ref/kfac_tridiag, ref/' "$tmp/user.c" > "$tmp/chain.c"
  said=$("$CC" -std=c11 -I. -Ilib -DKFIX_CONFIG="\"$tmp/branch.h\"" -fsyntax-only "$tmp/chain.c" 2>&1) && return 1
  case $said in *this_method_takes_a_chain_of_layers_only_so_take_kfac_or_ekfac*) ;; *) echo "$said"; return 1 ;; esac
}
check "a method that takes no branches" not_a_chain

# one SED TEXT: as wrong, and with gcc and clang that is the only error.
one() {
  local CC said
  for CC in gcc $(command -v clang); do
    wrong "$1" "config: $2" || return 1
    said=$(compile "$tmp/wrong.h" 2>&1)
    same 1 "$(grep -c 'error:' <<< "$said")" || { echo "$CC: $said"; return 1; }
  done
}
check "no name" one "/KFIX_NAME/d" "KFIX_NAME is missing"
check "no inputs named" one "/KFIX_INPUT/d" "KFIX_INPUT is missing"
check "no nodes" one "/N(x/d; /NODES/d" "KFIX_NODES is missing"
check "the list of 0.1.0" one "/N(x/d; s/NODES(N, x).*/LAYERS(LAYER) LAYER(1, 3, softmax)/" "KFIX_LAYERS is of kfix 0.1.0"
check "an empty list of nodes" one "/N(x/d; s/\(NODES(N, x)\).*/\1/" "KFIX_NODES lists no node"
check "no loss" one "/KFIX_LOSS/d" "KFIX_LOSS is missing"
check "no target" one "/KFIX_TARGET/d" "KFIX_TARGET is missing"
check "a node without activation" one "s/(20), relu/(20)/" "each node of KFIX_NODES is six things"
check "a node of seven things" one "s/(20), relu/(20), relu, 1/" "each node of KFIX_NODES is six things"
check "a geometry of two numbers" one "s/(20), relu/(20, 3), relu/" "a node has too much or too little in brackets"
check "a geometry without brackets" one "s/(20), relu/20, relu/" "the geometry of a node stands in brackets"
check "a comma between nodes" one "s/relu)/relu),/" "KFIX_NODES has a comma between two"
check "a comma after the nodes" one "s/softmax)/softmax),/" "KFIX_NODES has a comma between two"
check "a comma between settings" one "s/1) SET/1), SET/" "KFIX_SETTINGS has a comma between two"
check "a setting without a value" one "s/(lambda, 1)/(lambda)/" "each setting of KFIX_SETTINGS is two things"
of=normed
check "a norm with something in its brackets" one "s/conv1, ()/conv1, (4)/" "node bn1: a norm takes nothing in its brackets"
check "a norm with more" one "s/conv1, ()/conv1, (4, 1)/" "a node has too much or too little in brackets"
check "a group that is no multiple" wrong "s/\(KFIX_GROUP *\)16/\112/" "KFIX_GROUP (rows behind the moments of a norm) must be"
check "a chunk of no whole groups" one "s/\(KFIX_CHUNK *\)32/\140/" "KFIX_CHUNK must be a multiple of KFIX_GROUP"
check "statistics of no whole groups" one "s/#define KFIX_GROUP .*/&\n#define KFIX_STATS_ROWS 24/" \
  "KFIX_STATS_ROWS must be a multiple of KFIX_GROUP"
unset of
# deep BLOCKS NODES: so many dense nodes, then sums of the last two.
deep() {
  local i
  printf '%s\n' '#define KFIX_NAME "deep"' '#define KFIX_INPUT 3' '#define KFIX_LOSS mse' '#define KFIX_TARGET values'
  printf '#define KFIX_NODES(N, x) N(x, dense, n1, input, (3), tanh)'
  for ((i = 2; i <= $1; i++)); do printf ' N(x, dense, n%d, n%d, (3), tanh)' $i $((i - 1)); done
  for ((; i <= $2; i++)); do printf ' N(x, add, n%d, n%d, (n%d), linear)' $i $((i - 1)) $((i - 2)); done
  echo
}
most_nodes() {
  deep 256 1024 > "$tmp/most.h"
  grep -q 'add, n1024' "$tmp/most.h" && compile "$tmp/most.h"
}
check "256 blocks, 1024 nodes" most_nodes
too_many() {
  local said
  deep "$1" "$2" > "$tmp/wrong.h"
  said=$(compile "$tmp/wrong.h" 2>&1) && return 1
  case $said in *"$3"*) ;; *) echo "$said" | tail -5; return 1 ;; esac
}
check "257 blocks" too_many 257 257 "more than 256 nodes have parameters"
check "1025 nodes" too_many 20 1025 "KFIX_NODES lists more than 1024 nodes"
check "a word that is no setting's value" wrong "s/(lambda, 1)/(driver, fixed)/" \
  "VALUE_IS_A_NUMBER_OR_A_NAME_SUCH_AS_KFIX_FIXED"

no_such_config() {
  local said
  said=$(make --no-print-directory BUILD="$KFIX_BUILD" CONFIG=no_such_net 2>&1) && return 1
  case $said in *"there is no config/no_such_net.h"*) ;; *) echo "$said"; return 1 ;; esac
}
check "a config that is not there" no_such_config

# A regression, from outside the tree.
cat > "$tmp/my_regression.h" << 'END'
#define KFIX_NAME  "my_regression"
#define KFIX_INPUT 3
#define KFIX_NODES(N, x) N(x, dense, hidden, input, (8), tanh) N(x, dense, top, hidden, (1), linear)
#define KFIX_LOSS   mse
#define KFIX_TARGET values
#define KFIX_THREADS 1000
END
awk 'BEGIN { srand(3); for (i = 0; i < 100; i++) { a = rand(); b = rand(); c = rand()
  printf "%.5f,%.5f,%.5f,%.5f\n", a, b, c, a * b + c } }' > "$tmp/values.csv"
outside() {
  build "$tmp/my_regression.h" train size || return 1
  local folder=$KFIX_BUILD/my_regression
  "$folder/kfix-train" --data "$tmp/values.csv" --batch 0 --epochs 30 --lambda 1 \
    --log "$tmp/log.csv" > "$tmp/out" || return 1
  grep -q '^config    my_regression' "$tmp/out" || return 1
  awk -F, 'NR == 2 { first = $5 } END { exit !($5 < first / 2) }' "$tmp/log.csv" || return 1
  STATUS=2 says "--data is needed" "$folder/kfix-train" --steps 1 || return 1
  # The config allows more threads than the program has.
  STATUS=2 says "from 1 to 64" "$folder/kfix-train" --data "$tmp/values.csv" --steps 1 --threads 65
}
check "a config outside the tree" outside
rm -rf "${KFIX_BUILD:?}/my_regression"

# The default network, on generated data: nothing to download.
autoencoder() {
  local program=$KFIX_BUILD/curves_autoencoder/kfix-train
  [ -x "$program" ] || build curves_autoencoder train || return 1
  local one two
  one=$("$program" --data curves --limit 300 --batch 150 --steps 3 --eval-every 0 --threads 1 | last_digest)
  two=$("$program" --data curves --limit 300 --batch 150 --steps 3 --eval-every 0 --threads 2 | last_digest)
  same "$one" "$two"
}
check "curves_autoencoder: one and two threads" autoencoder
bernoulli_targets() {
  awk 'BEGIN { for (i = 0; i < 9; i++) { for (j = 0; j < 784; j++) printf "%g,", i == 6 ? 2 : 1
    print 0 } }' > "$tmp/twos.csv"
  says "line 7: 2: the bernoulli loss takes targets from 0 to 1" \
    "$KFIX_BUILD/curves_autoencoder/kfix-train" --data "$tmp/twos.csv" --steps 1
}
check "curves_autoencoder: targets that its loss is not defined for" bernoulli_targets

finish
