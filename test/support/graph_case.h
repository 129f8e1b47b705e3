/* SPDX-License-Identifier: Apache-2.0
 * A net with branches, its data, its trainer: what the tests of graphs start from. */
#ifndef KFIX_TEST_GRAPH_CASE_H
#define KFIX_TEST_GRAPH_CASE_H

#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "reference_case.h"
#include "reference_graph.h"

enum { ROWS = GRAPH_ROWS };

/* A graph's trainer, its data and its parameters. */
typedef struct graph_case {
  ref_graph g;
  kfix *k;
  void *arena;
  kfix_real x[ROWS * GRAPH_UNITS], y[ROWS * GRAPH_UNITS];
  double xd[ROWS * GRAPH_UNITS], yd[ROWS * GRAPH_UNITS], theta[GRAPH_PARAMETERS];
  kfix_table table;
  kfix_batch batch;
  kfix_options options;
} graph_case;

static graph_case c;

static inline void graph_fill(kfix_real *x, double *xd, size_t n, uint64_t seed) {
  for (size_t i = 0; i < n; i++) xd[i] = x[i] = (kfix_real)case_normal(&seed);
}

static inline void fill_case(size_t rows) {
  const size_t in = c.g.net.inputs, out = kfix_net_outputs(&c.g.net);
  graph_fill(c.x, c.xd, ROWS * in, 3);
  graph_fill(c.y, c.yd, ROWS * out, 4);
  c.table = (kfix_table){c.x, c.y, NULL, in, out};
  c.batch = (kfix_batch){rows, kfix_fetch_table, &c.table, NULL};
  c.options = kfix_options_default(&c.g.net);
  c.options.driver = KFIX_ADAPTIVE;
  c.options.subset_rows = 1;
}

static inline int begin(int i, size_t rows) {
  if (!graph_begin(&c.g, i)) return 0;
  fill_case(rows);
  return 1;
}

static inline int begin_normed(int i, size_t rows, uint32_t group) {
  if (!graph_begin_normed(&c.g, i, group)) return 0;
  fill_case(rows);
  return 1;
}

static inline void create_on(kfix_method method, const kfix_port *port, kfix_crew *crew) {
  const size_t bytes = kfix_bytes(&c.g.net, method, port);
  c.arena = aligned_alloc(KFIX_ALIGN, bytes);
  CHECK_INT(KFIX_OK,
            kfix_create(
                &c.k, &(kfix_setup){&c.g.net, method, &c.options, port, crew, NULL, c.arena, bytes},
                NULL));
}

/* With weights of size 1, so that no activation is near its ends. */
static inline void create(kfix_method method) {
  uint64_t seed = 5;
  kfix_real w[GRAPH_PARAMETERS];
  create_on(method, &kfix_port_ref, NULL);
  for (uint32_t b = 0; b < c.g.net.block_count; b++) {
    const size_t count = c.g.w[b + 1] - c.g.w[b];
    const double size = 1 / sqrt(kfix_net_block(&c.g.net, b)->cols);
    for (size_t i = 0; i < count; i++)
      c.theta[c.g.w[b] + i] = w[i] = (kfix_real)(size * case_normal(&seed));
    CHECK_INT(KFIX_OK, kfix_set_weights(c.k, b + 1, w));
  }
}

static inline void end(void) {
  free(c.arena);
  c.arena = NULL;
}

#endif
