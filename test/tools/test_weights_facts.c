/* SPDX-License-Identifier: Apache-2.0
 * What an export says about its weights goes out and in again; damaged text is refused. */
#include <stdlib.h>

#include "check.h"
#include "scratch_folder.h"
#include "weights/weights_facts.h"
#include "weights/weights_file.h"

static const kfix_node_spec nodes[] = {KFIX_DENSE_NODE("a", 0, 2, 3, KFIX_TANH),
                                       KFIX_DENSE_NODE("b", 1, 3, 2, KFIX_SOFTMAX)};
static const kfix_net net = {.name = "facts",
                             .nodes = nodes,
                             .node_count = 2,
                             .block_count = 2,
                             .inputs = 2,
                             .loss = KFIX_CATEGORICAL,
                             .target = KFIX_TARGET_CLASS,
                             .chunk = 16,
                             .row_block = 16,
                             .threads = 1};

#define ADD_NODE(title, x, y)                                                                 \
  {                                                                                           \
    .name = (title), .kind = KFIX_KIND_add, .activation = KFIX_RELU, .reads = 2, .from = (x), \
    .other = (y), .units = 2                                                                  \
  }
/* Places 1 to 4: a, b, a sum, and what reads it. */
static const kfix_node_spec residual[] = {
    KFIX_DENSE_NODE("a", 0, 2, 2, KFIX_TANH), KFIX_DENSE_NODE("b", 1, 2, 2, KFIX_LINEAR),
    ADD_NODE("sum", 2, 1), KFIX_DENSE_NODE("out", 3, 2, 2, KFIX_SOFTMAX)};
static const kfix_net branched = {.name = "branched",
                                  .nodes = residual,
                                  .node_count = 4,
                                  .block_count = 3,
                                  .inputs = 2,
                                  .loss = KFIX_CATEGORICAL,
                                  .target = KFIX_TARGET_CLASS,
                                  .chunk = 16,
                                  .row_block = 16,
                                  .threads = 1};
static dataset_facts facts;
static tool_error err;

void setUp(void) {
  scratch_begin();
}

void tearDown(void) {
  scratch_end();
}

static void fill_facts(void) {
  facts = (dataset_facts){.pixels = 0};
  CHECK_INT(0, facts_reserve(&facts, 2));
  facts.mean[0] = 1.0 / 3;
  facts.scale[0] = 1e-300;
  facts.mean[1] = -2e17;
  facts.scale[1] = 0;
  CHECK_INT(0, words_add(&facts.names, "a \"b\"", 5) | words_add(&facts.names, "\xc3\xa9", 2) |
                   words_add(&facts.names, "kind", 4));
  CHECK_INT(0, words_add(&facts.classes, "no", 2) | words_add(&facts.classes, "yes\n", 4));
  facts.validation = malloc(4);
  CHECK(facts.validation != NULL);
  memcpy(facts.validation, "0.2", 4);
}

static char *text_of(const kfix_net *of) {
  char *text = NULL;
  CHECK_INT(0, weights_facts_write(of, &facts, "last", &text, &err));
  return text;
}

static void check_same(const dataset_facts *read) {
  CHECK_MEM(facts.mean, read->mean, 3 * sizeof *facts.mean);
  CHECK_MEM(facts.scale, read->scale, 3 * sizeof *facts.scale);
  CHECK_INT(facts.names.count, read->names.count);
  for (size_t i = 0; i < facts.names.count; i++)
    CHECK_STR(facts.names.word[i], read->names.word[i]);
  CHECK_INT(facts.classes.count, read->classes.count);
  for (size_t i = 0; i < facts.classes.count; i++)
    CHECK_STR(facts.classes.word[i], read->classes.word[i]);
  CHECK_STR(facts.validation, read->validation);
}

void test_facts_go_out_and_in_again(void) {
  dataset_facts read;
  fill_facts();
  char *text = text_of(&net);
  CHECK_INT(0, weights_facts_read("f", text, &net, &read, &err));
  check_same(&read);
  free(text);
  facts_free(&read);
  facts_free(&facts);
}

void test_both_files_carry_them(void) {
  static const char *const names[] = {"a.npz", "a.safetensors"};
  kfix_real w1[9] = {1, 2, 3, 4, 5, 6, 7, 8, 9}, w2[8] = {9, 8, 7, 6, 5, 4, 3, 2}, back[9];
  kfix_real *const all[] = {w1, w2};
  fill_facts();
  char *text = text_of(&net);
  for (int i = 0; i < 2; i++) {
    weights_file file;
    CHECK_INT(0, weights_save(in_folder(names[i]), &net, all, 0, text, &err));
    CHECK_INT(0, weights_open(&file, in_folder(names[i]), &net, &err));
    CHECK_STR(text, file.text);
    CHECK_INT(0, weights_read(&file, &net, 0, back, &err));
    CHECK_MEM(w1, back, sizeof w1);
    CHECK_INT(0, weights_read(&file, &net, 1, back, &err));
    CHECK_MEM(w2, back, sizeof w2);
    weights_close(&file);
    CHECK_INT(0, weights_save(in_folder(names[i]), &net, all, 0, NULL, &err));
    CHECK_INT(0, weights_open(&file, in_folder(names[i]), &net, &err));
    CHECK(file.text == NULL);
    weights_close(&file);
  }
  free(text);
  facts_free(&facts);
}

/* Every text that is cut off is refused, and none reads past its end. */
static void check_cuts(const kfix_net *of) {
  fill_facts();
  char *text = text_of(of);
  for (size_t length = strlen(text) - 2; length-- > 0;) {
    dataset_facts read;
    char *cut = malloc(length + 1);
    CHECK(cut != NULL);
    memcpy(cut, text, length);
    cut[length] = '\0';
    CHECK_INT(-1, weights_facts_read("f", cut, of, &read, &err));
    facts_free(&read);
    free(cut);
  }
  free(text);
  facts_free(&facts);
}

void test_cut_text_is_refused(void) {
  check_cuts(&net);
  check_cuts(&branched);
}

static void refused_by(const kfix_net *of, const char *text, const char *part) {
  dataset_facts read;
  CHECK_INT(-1, weights_facts_read("f", text, of, &read, &err));
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
  facts_free(&read);
}

static void refused(const char *text, const char *part) {
  refused_by(&net, text, part);
}

static void accepted_by(const kfix_net *of, const char *text) {
  dataset_facts read;
  CHECK_MSG(weights_facts_read("f", text, of, &read, &err) == 0, err.text);
  facts_free(&read);
}

/* A net like `branched` but for one node. */
static void check_other_node(uint32_t place, kfix_node_spec node, int same) {
  kfix_node_spec nodes_now[4];
  kfix_net now = branched;
  char *text = text_of(&branched);
  memcpy(nodes_now, residual, sizeof nodes_now);
  nodes_now[place - 1] = node;
  now.nodes = nodes_now;
  if (same)
    accepted_by(&now, text);
  else
    refused_by(&now, text, "other nodes");
  free(text);
}

void test_nodes_are_those_of_the_network(void) {
  fill_facts();
  check_other_node(1, residual[0], 1);
  check_other_node(3, (kfix_node_spec)ADD_NODE("another_name", 2, 1), 1);
  check_other_node(3, (kfix_node_spec)ADD_NODE("sum", 1, 2), 0);
  check_other_node(3, (kfix_node_spec)ADD_NODE("sum", 2, 0), 0);
  check_other_node(2, (kfix_node_spec)KFIX_DENSE_NODE("b", 0, 2, 2, KFIX_LINEAR), 0);
  check_other_node(4, (kfix_node_spec)KFIX_DENSE_NODE("out", 2, 2, 2, KFIX_SOFTMAX), 0);
  check_other_node(3, (kfix_node_spec)KFIX_DENSE_NODE("sum", 2, 2, 2, KFIX_RELU), 0);
  facts_free(&facts);
}

/* Weights of a chain say nothing of nodes. */
void test_a_chain_is_no_net_with_branches(void) {
  fill_facts();
  char *chain = text_of(&net), *graph = text_of(&branched);
  CHECK(strstr(chain, "\"nodes\"") == NULL);
  CHECK(strstr(graph,
               "{\"name\": \"sum\", \"kind\": \"add\", \"reads\": [\"b\", \"a\"], "
               "\"activation\": \"relu\", \"layer\": null}") != NULL);
  refused_by(&net, graph, "other");
  refused_by(&branched, "{}", "other nodes");
  free(chain);
  free(graph);
  facts_free(&facts);
}

void test_what_does_not_fit_is_refused(void) {
  dataset_facts read;
  refused("{\"loss\": \"mse\"}", "another loss");
  refused("{\"layers\": [{\"activation\": \"relu\"}]}", "other activations");
  refused("{\"input\": {\"mean\": [1]}}", "cannot be read");
  refused("{\"input\": {\"mean\": [1, 2, 3]}}", "cannot be read");
  refused("{\"input\": {\"mean\": [1, null]}}", "cannot be read");
  refused("{\"input\": {\"names\": [\"a\"]}}", "cannot be read");
  refused("{\"target\": {\"classes\": [\"a\", \"b\", \"c\"]}}", "cannot be read");
  refused("{\"nodes\": [{\"name\": \"a\", \"name\": \"b\"}]}", "cannot be read");
  refused("{\"nodes\": [{}, {}, {}]}", "other nodes");
  refused("[]", "cannot be read");
  refused("{} {}", "cannot be read");
  CHECK_INT(0, weights_facts_read("f", "{\"later\": [1, {}], \"input\": {\"new\": 1}}", &net, &read,
                                  &err));
  facts_free(&read);
}
