/* SPDX-License-Identifier: Apache-2.0
 * A small net of convolutions, pools and a dense layer, and data for it. */
#ifndef KFIX_TEST_CONV_CASE_H
#define KFIX_TEST_CONV_CASE_H

#include "check.h"
#include "reference_case.h"

enum { CONV_ROWS = 70, CONV_INPUTS = 6 * 5 * 2, CONV_CLASSES = 4, CONV_WEIGHTS_MAX = 5 * 25 };

/* Padding, strides, windows that overlap and that do not, a convolution of pixels, a mean over all. */
static const kfix_node_spec conv_nodes[] = {
    {"wide", KFIX_KIND_conv, KFIX_TANH, 1, 0, 0, 180, 19, {6, 5, 6}, {3, 3}, {1, 1}, {1, 1}},
    {"max", KFIX_KIND_max_pool, KFIX_LINEAR, 1, 1, 0, 72, 0, {4, 3, 6}, {3, 3}, {1, 1}, {0, 0}},
    {"far", KFIX_KIND_conv, KFIX_RELU, 1, 2, 0, 20, 25, {2, 2, 5}, {2, 2}, {2, 1}, {0, 0}},
    {"pixels", KFIX_KIND_conv, KFIX_TANH, 1, 3, 0, 12, 5, {2, 2, 3}, {1, 1}, {1, 1}, {0, 0}},
    {"mean", KFIX_KIND_mean_pool, KFIX_LINEAR, 1, 4, 0, 3, 0, {1, 1, 3}, {2, 2}, {1, 1}, {0, 0}},
    KFIX_DENSE_NODE("out", 5, 3, CONV_CLASSES, KFIX_SOFTMAX)};
static const kfix_net conv_net = {.name = "conv_case",
                                  .nodes = conv_nodes,
                                  .node_count = 6,
                                  .block_count = 4,
                                  .inputs = CONV_INPUTS,
                                  .loss = KFIX_CATEGORICAL,
                                  .target = KFIX_TARGET_CLASS,
                                  .chunk = 64,
                                  .row_block = 32,
                                  .threads = 1,
                                  .image = {6, 5, 2}};

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
