/* SPDX-License-Identifier: Apache-2.0
 * Weights of layers that look at images lie in files as PyTorch keeps them, and come in again bit by bit. */
#include <stdlib.h>

#include "check.h"
#include "scratch_folder.h"
#include "weights/weights_facts.h"
#include "weights/weights_file.h"

/* A 2 x 3 image of 2 channels; windows of 1 x 2 with a bias; windows of 2 x 1 without; a dense layer. */
#define CONV(title, source, rows, columns, shown)                                                 \
  .name = (title), .kind = KFIX_KIND_conv, .activation = KFIX_TANH, .reads = 1, .from = (source), \
  .units = (rows), .cols = (columns), .image = shown, .stride = {1, 1}
#define SHAPE(...) \
  { __VA_ARGS__ }
static const kfix_node_spec nodes[] = {{CONV("wide", 0, 12, 5, SHAPE(2, 2, 3)), .kernel = {1, 2}},
                                       {CONV("tall", 1, 4, 6, SHAPE(1, 2, 2)), .kernel = {2, 1}},
                                       KFIX_DENSE_NODE("top", 2, 4, 2, KFIX_SOFTMAX)};
static const kfix_net net = {.name = "images",
                             .nodes = nodes,
                             .node_count = 3,
                             .block_count = 3,
                             .inputs = 12,
                             .image = {2, 3, 2},
                             .loss = KFIX_CATEGORICAL,
                             .target = KFIX_TARGET_CLASS,
                             .chunk = 16,
                             .row_block = 16,
                             .threads = 1};
static kfix_real w1[3 * 5], w2[2 * 6], w3[2 * 5];
static kfix_real *const all[] = {w1, w2, w3};
static tool_error err;

void setUp(void) {
  scratch_begin();
  for (int i = 0; i < 15; i++) w1[i] = (kfix_real)(1 + i) / 7;
  for (int i = 0; i < 12; i++) w2[i] = -(kfix_real)(1 + i) / 3;
  for (int i = 0; i < 10; i++) w3[i] = (kfix_real)(100 + i) / 9;
}

void tearDown(void) {
  scratch_end();
}

static tensor_view found(const weights_file *file, const char *name) {
  const tensor_view *view = safetensors_find(&file->safe, name);
  CHECK_MSG(view != NULL, name);
  return *view;
}

static void open_saved(weights_file *file, const char *name) {
  CHECK_INT(0, weights_save(in_folder(name), &net, all, 0, NULL, &err));
  CHECK_MSG(weights_open(file, in_folder(name), &net, &err) == 0, err.text);
}

static void check_shape(const tensor_view *view, size_t dims, const size_t *shape) {
  CHECK_INT(dims, view->dims);
  for (size_t i = 0; i < dims; i++) CHECK_INT(shape[i], view->shape[i]);
}

/* Element (o, c, i, j) of a file is column (i, j, c) of row o of W. */
void test_a_convolution_is_out_channel_row_column(void) {
  weights_file file;
  kfix_real x[12];
  open_saved(&file, "a.safetensors");
  const tensor_view wide = found(&file, "layers.0.weight"), bias = found(&file, "layers.0.bias"),
                    tall = found(&file, "layers.1.weight");
  check_shape(&wide, 4, (const size_t[]){3, 2, 1, 2});
  check_shape(&bias, 1, (const size_t[]){3});
  check_shape(&tall, 4, (const size_t[]){2, 3, 2, 1});
  CHECK_INT(0, tensor_read(&wide, 0, 12, x, "a", &err));
  for (int o = 0; o < 3; o++)
    for (int c = 0; c < 2; c++)
      for (int j = 0; j < 2; j++)
        CHECK_MEM(&w1[o * 5 + j * 2 + c], &x[(o * 2 + c) * 2 + j], sizeof *x);
  CHECK_INT(0, tensor_read(&bias, 0, 3, x, "a", &err));
  for (int o = 0; o < 3; o++) CHECK_MEM(&w1[o * 5 + 4], &x[o], sizeof *x);
  CHECK_INT(0, tensor_read(&tall, 0, 12, x, "a", &err));
  for (int o = 0; o < 2; o++)
    for (int c = 0; c < 3; c++)
      for (int i = 0; i < 2; i++)
        CHECK_MEM(&w2[o * 6 + i * 3 + c], &x[(o * 3 + c) * 2 + i], sizeof *x);
  CHECK(safetensors_find(&file.safe, "layers.1.bias") == NULL);
  weights_close(&file);
}

/* (channel, row, column) of what it reads, (1, 2, 2), is (row, column, channel) in W. */
void test_a_dense_layer_reads_what_flatten_makes(void) {
  weights_file file;
  kfix_real x[8];
  open_saved(&file, "a.safetensors");
  const tensor_view top = found(&file, "layers.2.weight");
  check_shape(&top, 2, (const size_t[]){2, 4});
  CHECK_INT(0, tensor_read(&top, 0, 8, x, "a", &err));
  for (int o = 0; o < 2; o++)
    for (int c = 0; c < 2; c++)
      for (int j = 0; j < 2; j++)
        CHECK_MEM(&w3[o * 5 + j * 2 + c], &x[o * 4 + c * 2 + j], sizeof *x);
  weights_close(&file);
}

void test_they_come_in_again_bit_by_bit(void) {
  static const char *const names[] = {"a.npz", "a.safetensors"};
  for (int i = 0; i < 2; i++) {
    weights_file file;
    kfix_real back[15];
    open_saved(&file, names[i]);
    for (uint32_t layer = 0; layer < 3; layer++) {
      CHECK_INT(0, weights_read(&file, &net, layer, back, &err));
      CHECK_MEM(all[layer], back, weights_reals(&net, layer) * sizeof *back);
    }
    weights_close(&file);
  }
}

/* The weights of `net` for one like it but for a node. */
static void refused(uint32_t layer, kfix_node_spec node, const char *part) {
  kfix_node_spec now[3];
  kfix_net other = net;
  weights_file file;
  kfix_real back[32];
  memcpy(now, nodes, sizeof now);
  now[layer] = node;
  other.nodes = now;
  open_saved(&file, "a.npz");
  CHECK_INT(-1, weights_read(&file, &other, layer, back, &err));
  CHECK_MSG(strstr(err.text, part) != NULL, err.text);
  weights_close(&file);
}

void test_another_shape_is_refused(void) {
  refused(0, (kfix_node_spec){CONV("wide", 0, 12, 5, SHAPE(2, 2, 3)), .kernel = {2, 1}},
          "than this network's 3 x 2 x 2 x 1 (out x in x kernel rows x kernel columns)");
  refused(1, (kfix_node_spec)KFIX_DENSE_NODE("tall", 1, 6, 2, KFIX_TANH), "2 x 12 (out x in)");
  refused(1, (kfix_node_spec){CONV("tall", 1, 4, 7, SHAPE(1, 2, 2)), .kernel = {2, 1}},
          "has no 'layers.1.bias'");
}

void test_a_bias_without_a_place_is_refused(void) {
  refused(0, (kfix_node_spec){CONV("wide", 0, 12, 4, SHAPE(2, 2, 3)), .kernel = {1, 2}},
          "has 'layers.0.bias', but this network's layer has none");
}

/* What an export says of windows. */
static void check_windows(kfix_node_spec node, kfix_image image, int same) {
  kfix_node_spec now[3];
  kfix_net other = net;
  dataset_facts facts = {0}, read;
  char *text = NULL;
  CHECK_INT(0, facts_reserve(&facts, 12));
  CHECK_INT(0, weights_facts_write(&net, &facts, "last", &text, &err));
  memcpy(now, nodes, sizeof now);
  now[0] = node;
  other.nodes = now;
  other.image = image;
  CHECK_INT(same ? 0 : -1, weights_facts_read("f", text, &other, &read, &err));
  if (!same) CHECK_MSG(strstr(err.text, "other nodes") != NULL, err.text);
  free(text);
  facts_free(&read);
  facts_free(&facts);
}

void test_windows_are_those_of_the_network(void) {
  kfix_node_spec node = nodes[0];
  check_windows(node, net.image, 1);
  check_windows(node, (kfix_image){3, 2, 2}, 0);
  check_windows(node, (kfix_image){0, 0, 0}, 0);
  node.stride[1] = 2;
  check_windows(node, net.image, 0);
  node = nodes[0];
  node.pad[0] = 1;
  check_windows(node, net.image, 0);
  node = nodes[0];
  node.kernel[0] = 2;
  check_windows(node, net.image, 0);
}

/* Two channels, each by itself, 1 x 2 and a bias: channels x 1 x kernel rows x kernel columns, as rows of W are. */
void test_a_convolution_of_each_channel_by_itself(void) {
  const kfix_node_spec deep[] = {{.name = "deep",
                                  .kind = KFIX_KIND_depthwise,
                                  .activation = KFIX_TANH,
                                  .reads = 1,
                                  .units = 8,
                                  .cols = 1,
                                  .each = 3,
                                  .image = {2, 2, 2},
                                  .kernel = {1, 2},
                                  .stride = {1, 1}},
                                 KFIX_DENSE_NODE("top", 1, 8, 1, KFIX_SOFTMAX)};
  kfix_net other = net;
  kfix_real x[6], *const both[] = {w1, w2};
  weights_file file;
  other.nodes = deep;
  other.node_count = other.block_count = 2;
  CHECK_INT(6, weights_reals(&other, 0));
  CHECK_INT(0, weights_save(in_folder("a.safetensors"), &other, both, 0, NULL, &err));
  CHECK_MSG(weights_open(&file, in_folder("a.safetensors"), &other, &err) == 0, err.text);
  const tensor_view weight = found(&file, "layers.0.weight"), bias = found(&file, "layers.0.bias");
  check_shape(&weight, 4, (const size_t[]){2, 1, 1, 2});
  check_shape(&bias, 1, (const size_t[]){2});
  CHECK_INT(0, tensor_read(&weight, 0, 4, x, "a", &err));
  for (int i = 0; i < 4; i++) CHECK_MEM(&w1[i / 2 * 3 + i % 2], &x[i], sizeof *x);
  CHECK_INT(0, tensor_read(&bias, 0, 2, x, "a", &err));
  for (int c = 0; c < 2; c++) CHECK_MEM(&w1[c * 3 + 2], &x[c], sizeof *x);
  CHECK_INT(0, weights_read(&file, &other, 0, x, &err));
  CHECK_MEM(w1, x, sizeof x);
  weights_close(&file);
}
