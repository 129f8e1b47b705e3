/* SPDX-License-Identifier: Apache-2.0
 * Weights and running moments of normalisations lie in files as BatchNorm modules of PyTorch keep them, and come in
 * again bit by bit. */
#include <stdlib.h>

#include "check.h"
#include "scratch_folder.h"
#include "weights/weights_facts.h"
#include "weights/weights_file.h"

/* A row of 3 numbers, normalised, then a dense layer. */
#define NORM_NODE(title)                                                                       \
  {                                                                                            \
    .name = (title), .kind = KFIX_KIND_norm, .activation = KFIX_TANH, .reads = 1, .units = 3,  \
    .cols = 1, .image = {1, 1, 3}, .kernel = {1, 1}, .stride = {1, 1}, .each = 2, .moments = 6 \
  }
static const kfix_node_spec nodes[] = {NORM_NODE("bn"),
                                       KFIX_DENSE_NODE("top", 1, 3, 2, KFIX_SOFTMAX)};
static const kfix_net net = {.name = "normed",
                             .nodes = nodes,
                             .node_count = 2,
                             .block_count = 2,
                             .inputs = 3,
                             .loss = KFIX_CATEGORICAL,
                             .target = KFIX_TARGET_CLASS,
                             .chunk = 16,
                             .row_block = 16,
                             .group = 16,
                             .threads = 1};
/* (scale, shift) of each channel, then (mean, variance). */
static kfix_real norm[12], dense[8];
static kfix_real *const all[] = {norm, dense};
static tool_error err;

void setUp(void) {
  scratch_begin();
  for (int i = 0; i < 12; i++) norm[i] = (kfix_real)(1 + i) / 7;
  for (int i = 0; i < 8; i++) dense[i] = -(kfix_real)(1 + i) / 3;
}

void tearDown(void) {
  scratch_end();
}

static void open_saved(weights_file *file, const char *name) {
  CHECK_INT(0, weights_save(in_folder(name), &net, all, 41, NULL, &err));
  CHECK_MSG(weights_open(file, in_folder(name), &net, &err) == 0, err.text);
}

/* `first`, and every second number behind it. */
static void check_array(const weights_file *file, const char *name, int first) {
  const tensor_view *view = safetensors_find(&file->safe, name);
  kfix_real x[3];
  CHECK_MSG(view != NULL, name);
  CHECK_INT(1, view->dims);
  CHECK_INT(3, view->shape[0]);
  CHECK_INT(0, tensor_read(view, 0, 3, x, "a", &err));
  for (int c = 0; c < 3; c++) CHECK_MEM(&norm[first + 2 * c], &x[c], sizeof *x);
}

void test_its_numbers_are_four_arrays(void) {
  weights_file file;
  kfix_real steps;
  open_saved(&file, "a.safetensors");
  check_array(&file, "layers.0.weight", 0);
  check_array(&file, "layers.0.bias", 1);
  check_array(&file, "layers.0.running_mean", 6);
  check_array(&file, "layers.0.running_var", 7);
  const tensor_view *batches = safetensors_find(&file.safe, "layers.0.num_batches_tracked");
  CHECK(batches != NULL);
  CHECK_INT(0, batches->dims);
  CHECK_INT(TENSOR_I64, batches->type);
  CHECK_INT(0, tensor_read(batches, 0, 1, &steps, "a", &err));
  CHECK_NEAR(0, 41, (double)steps);
  CHECK(safetensors_find(&file.safe, "layers.1.running_mean") == NULL);
  CHECK(safetensors_find(&file.safe, "layers.1.num_batches_tracked") == NULL);
  weights_close(&file);
}

void test_they_come_in_again_bit_by_bit(void) {
  static const char *const names[] = {"a.npz", "a.safetensors"};
  for (int i = 0; i < 2; i++) {
    weights_file file;
    kfix_real back[12];
    CHECK_INT(12, weights_reals(&net, 0));
    open_saved(&file, names[i]);
    CHECK_INT(0, weights_read(&file, &net, 0, back, &err));
    CHECK_MEM(norm, back, sizeof norm);
    CHECK_INT(0, weights_read(&file, &net, 1, back, &err));
    CHECK_MEM(dense, back, sizeof dense);
    weights_close(&file);
  }
}

void test_a_variance_below_zero_is_refused(void) {
  weights_file file;
  kfix_real back[12];
  norm[11] = -norm[11];
  open_saved(&file, "a.npz");
  CHECK_INT(-1, weights_read(&file, &net, 0, back, &err));
  CHECK_MSG(strstr(err.text, "running_var' holds -1.7") != NULL, err.text);
  weights_close(&file);
}

/* The weights of a dense layer for a normalisation, and the other way about. */
void test_another_kind_is_refused(void) {
  const kfix_node_spec dense_first[] = {KFIX_DENSE_NODE("bn", 0, 3, 3, KFIX_TANH), nodes[1]};
  kfix_net other = net;
  weights_file file;
  kfix_real back[12], *const of_other[] = {back, dense};
  other.nodes = dense_first;
  open_saved(&file, "a.npz");
  CHECK_INT(-1, weights_read(&file, &other, 0, back, &err));
  CHECK_MSG(strstr(err.text, "than this network's 3 x 3 (out x in)") != NULL, err.text);
  weights_close(&file);
  memcpy(back, norm, sizeof back);
  CHECK_INT(0, weights_save(in_folder("b.npz"), &other, of_other, 0, NULL, &err));
  CHECK_INT(0, weights_open(&file, in_folder("b.npz"), &net, &err));
  CHECK_INT(-1, weights_read(&file, &net, 0, back, &err));
  CHECK_MSG(strstr(err.text, "than this network's 3 (out)") != NULL, err.text);
  weights_close(&file);
}

/* What an export says of it: another eps is another network, another group is not. */
void test_facts_tell_of_eps_and_group(void) {
  dataset_facts facts = {0}, read;
  char *text = NULL, *eps;
  kfix_net other = net;
  other.group = 32;
  CHECK_INT(0, facts_reserve(&facts, 3));
  CHECK_INT(0, weights_facts_write(&net, &facts, "last", &text, &err));
  CHECK(strstr(text,
               "\"kind\": \"norm\", \"reads\": [\"input\"], \"eps\": 1.0000000000000001e-05, "
               "\"group\": 16, \"activation\": \"tanh\", \"layer\": 0}") != NULL);
  CHECK(strstr(text, "{\"inputs\": 3, \"outputs\": 3, \"activation\": \"tanh\"}") != NULL);
  CHECK_INT(0, weights_facts_read("f", text, &other, &read, &err));
  facts_free(&read);
  eps = strstr(text, "e-05");
  CHECK(eps != NULL);
  eps[3] = '4';
  CHECK_INT(-1, weights_facts_read("f", text, &net, &read, &err));
  CHECK_MSG(strstr(err.text, "other nodes") != NULL, err.text);
  facts_free(&read);
  free(text);
  facts_free(&facts);
}
