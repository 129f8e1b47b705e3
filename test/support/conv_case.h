/* SPDX-License-Identifier: Apache-2.0
 * A small net of convolutions, pools and a dense layer, others with normalisations and with convolutions
 * of each channel by itself, and data for them. */
#ifndef KFIX_TEST_CONV_CASE_H
#define KFIX_TEST_CONV_CASE_H

#include "check.h"
#include "reference_case.h"

enum { CONV_ROWS = 70, CONV_INPUTS = 6 * 5 * 2, CONV_CLASSES = 4, CONV_WEIGHTS_MAX = 5 * 25 };

/* out: height, width, channels; kernel, stride and pad: both ways. */
#define CONV_NODE(which, source, function, columns, height, width, channels, ...)    \
  {                                                                                  \
    .name = #which, .kind = KFIX_KIND_##which, .activation = (function), .reads = 1, \
    .from = (source), .units = (height) * (width) * (channels), .cols = (columns),   \
    .image = {(height), (width), (channels)}, __VA_ARGS__                            \
  }
#define CONV_WINDOWS(kr, kc, sr, sc, pr, pc) \
  .kernel = {(kr), (kc)}, .stride = {(sr), (sc)}, .pad = {(pr), (pc)}
#define CONV_PIXELS CONV_WINDOWS(1, 1, 1, 1, 0, 0)

/* list: an array of nodes, the last of which puts out classes. */
#define CONV_NET(title, list, blocks, grouped)                                                   \
  {                                                                                              \
    .name = (title), .nodes = (list), .node_count = sizeof(list) / sizeof *(list),               \
    .block_count = (blocks), .inputs = CONV_INPUTS, .loss = KFIX_CATEGORICAL,                    \
    .target = KFIX_TARGET_CLASS, .chunk = 64, .row_block = 32, .threads = 1, .image = {6, 5, 2}, \
    .group = (grouped)                                                                           \
  }

/* Padding, strides, windows that overlap and that do not, a convolution of pixels, a mean over all. */
static const kfix_node_spec conv_nodes[] = {
    CONV_NODE(conv, 0, KFIX_TANH, 19, 6, 5, 6, CONV_WINDOWS(3, 3, 1, 1, 1, 1)),
    CONV_NODE(max_pool, 1, KFIX_LINEAR, 0, 4, 3, 6, CONV_WINDOWS(3, 3, 1, 1, 0, 0)),
    CONV_NODE(conv, 2, KFIX_RELU, 25, 2, 2, 5, CONV_WINDOWS(2, 2, 2, 1, 0, 0)),
    CONV_NODE(conv, 3, KFIX_TANH, 5, 2, 2, 3, CONV_PIXELS),
    CONV_NODE(mean_pool, 4, KFIX_LINEAR, 0, 1, 1, 3, CONV_WINDOWS(2, 2, 1, 1, 0, 0)),
    KFIX_DENSE_NODE("out", 5, 3, CONV_CLASSES, KFIX_SOFTMAX)};
static const kfix_net conv_net = CONV_NET("conv_case", conv_nodes, 4, 0);

/* Of images, and of a single position. */
#define NORM_NODE(source, function, height, width, channels)                            \
  CONV_NODE(norm, source, function, 1, height, width, channels, CONV_PIXELS, .each = 2, \
            .moments = 2 * (channels))
static const kfix_node_spec normed_nodes[] = {
    CONV_NODE(conv, 0, KFIX_LINEAR, 18, 6, 5, 6, CONV_WINDOWS(3, 3, 1, 1, 1, 1)),
    NORM_NODE(1, KFIX_TANH, 6, 5, 6),
    CONV_NODE(mean_pool, 2, KFIX_LINEAR, 0, 1, 1, 6, CONV_WINDOWS(6, 5, 1, 1, 0, 0)),
    NORM_NODE(3, KFIX_LINEAR, 1, 1, 6), KFIX_DENSE_NODE("out", 4, 6, CONV_CLASSES, KFIX_SOFTMAX)};
static const kfix_net normed_net = CONV_NET("normed_case", normed_nodes, 4, 32);

/* Each channel by itself: after a convolution, padded, and with strides, without biases. */
#define DEEP_NODE(source, function, height, width, channels, numbers, ...)                      \
  CONV_NODE(depthwise, source, function, 1, height, width, channels, CONV_WINDOWS(__VA_ARGS__), \
            .each = (numbers))
static const kfix_node_spec deep_nodes[] = {
    CONV_NODE(conv, 0, KFIX_TANH, 3, 6, 5, 6, CONV_PIXELS),
    DEEP_NODE(1, KFIX_TANH, 6, 5, 6, 10, 3, 3, 1, 1, 1, 1),
    DEEP_NODE(2, KFIX_LINEAR, 3, 2, 6, 6, 2, 3, 2, 2, 0, 0),
    CONV_NODE(mean_pool, 3, KFIX_LINEAR, 0, 1, 1, 6, CONV_WINDOWS(3, 2, 1, 1, 0, 0)),
    KFIX_DENSE_NODE("out", 4, 6, CONV_CLASSES, KFIX_SOFTMAX)};
static const kfix_net deep_net = CONV_NET("deep_case", deep_nodes, 4, 0);

/* Not moved once it has begun: its parts point to one another. */
typedef struct conv_case {
  kfix_real x[CONV_ROWS * CONV_INPUTS], y[CONV_ROWS * CONV_CLASSES];
  kfix_table table;
  kfix_batch batch;
  kfix_options options;
  kfix *k;
} conv_case;

/* Data and default options but for `conv`, steps that move the weights, and S1 and S2 of a few rows. */
static inline void conv_begin(conv_case *c, kfix_choice conv) {
  uint64_t seed = 3;
  for (size_t i = 0; i < CONV_ROWS * CONV_INPUTS; i++) c->x[i] = (kfix_real)case_normal(&seed);
  for (size_t i = 0; i < CONV_ROWS * CONV_CLASSES; i++)
    c->y[i] = i % CONV_CLASSES == i / CONV_CLASSES * 7 % 3 + (i / CONV_CLASSES % 5 == 0);
  c->table = (kfix_table){c->x, c->y, NULL, CONV_INPUTS, CONV_CLASSES};
  c->batch = (kfix_batch){CONV_ROWS, kfix_fetch_table, &c->table, NULL};
  c->options = kfix_options_default(&conv_net);
  c->options.driver = KFIX_ADAPTIVE;
  c->options.lambda = 1;
  c->options.learning_rate = 0.05;
  c->options.hf_iterations = 8; /* as in cuda_trainer.h */
  c->options.subset_rows = 1;
  c->options.conv = conv;
}

static inline void conv_steps(conv_case *c, int count) {
  for (int i = 0; i < count; i++) CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, NULL));
}

#endif
