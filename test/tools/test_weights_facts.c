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

static char *text_of(void) {
  char *text = NULL;
  CHECK_INT(0, weights_facts_write(&net, &facts, "last", &text, &err));
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
  char *text = text_of();
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
  char *text = text_of();
  for (int i = 0; i < 2; i++) {
    weights_file file;
    CHECK_INT(0, weights_save(in_folder(names[i]), &net, all, text, &err));
    CHECK_INT(0, weights_open(&file, in_folder(names[i]), &net, &err));
    CHECK_STR(text, file.text);
    CHECK_INT(0, weights_read(&file, &net, 0, back, &err));
    CHECK_MEM(w1, back, sizeof w1);
    CHECK_INT(0, weights_read(&file, &net, 1, back, &err));
    CHECK_MEM(w2, back, sizeof w2);
    weights_close(&file);
    CHECK_INT(0, weights_save(in_folder(names[i]), &net, all, NULL, &err));
    CHECK_INT(0, weights_open(&file, in_folder(names[i]), &net, &err));
    CHECK(file.text == NULL);
    weights_close(&file);
  }
  free(text);
  facts_free(&facts);
}

/* Every text that is cut off is refused, and none reads past its end. */
void test_cut_text_is_refused(void) {
  fill_facts();
  char *text = text_of();
  for (size_t length = strlen(text) - 2; length-- > 0;) {
    dataset_facts read;
    char *cut = malloc(length + 1);
    CHECK(cut != NULL);
    memcpy(cut, text, length);
    cut[length] = '\0';
    CHECK_INT(-1, weights_facts_read("f", cut, &net, &read, &err));
    facts_free(&read);
    free(cut);
  }
  free(text);
  facts_free(&facts);
}

static void refused(const char *text, const char *part) {
  dataset_facts read;
  CHECK_INT(-1, weights_facts_read("f", text, &net, &read, &err));
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
  facts_free(&read);
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
  refused("[]", "cannot be read");
  refused("{} {}", "cannot be read");
  CHECK_INT(0, weights_facts_read("f", "{\"later\": [1, {}], \"input\": {\"new\": 1}}", &net, &read,
                                  &err));
  facts_free(&read);
}
