/* SPDX-License-Identifier: Apache-2.0
 * Nets with normalisations, for each size of group and of batch that their tests try. */
#ifndef KFIX_TEST_NORMED_CASE_H
#define KFIX_TEST_NORMED_CASE_H

#include "graph_case.h"

/* A batch smaller than the group, as large, with a last short group, of several. */
static const struct {
  uint32_t group;
  size_t rows;
} batches[] = {{32, 7}, {32, 32}, {32, 70}, {64, 50}, {64, ROWS}};
enum { BATCHES = sizeof batches / sizeof batches[0] };

/* Does `what` for each net, group and batch. */
#define EACH_CASE(number, what)                                                                   \
  for (int batch_ = 0; batch_ < BATCHES; batch_++)                                                \
    for (int net_ = 0; begin_normed(net_, batches[batch_].rows, batches[batch_].group); net_++) { \
      const size_t number = batches[batch_].rows;                                                 \
      what;                                                                                       \
    }

/* Rounding of eight nodes of at most 28 terms, each normalisation of which may enlarge it by the inverse of the least
 * deviation here, 1/8; and of a difference quotient in double. */
static inline double tolerance(double size) {
  return (64 * 8 * 8 * KFIX_REAL_EPS + 1e-7) * (1 + size);
}

/* Scales about 1, shifts about 0. */
static inline void create_normed(kfix_method method) {
  kfix_real w[GRAPH_PARAMETERS];
  create(method);
  for (uint32_t b = 0; b < c.g.net.block_count; b++) {
    double *theta = c.theta + c.g.w[b];
    if (!kfix_net_block(&c.g.net, b)->moments) continue;
    for (size_t i = 0; i < c.g.w[b + 1] - c.g.w[b]; i++) {
      w[i] = (kfix_real)(theta[i] / 4 + (i % 2 == 0));
      theta[i] = (double)w[i];
    }
    CHECK_INT(KFIX_OK, kfix_set_weights(c.k, b + 1, w));
  }
}

typedef double running_moments[GRAPH_NODES][GRAPH_MOMENTS];

#endif
