/* SPDX-License-Identifier: Apache-2.0
 * A step of a direction on a net of images, and F of its examples as a dense matrix over all parameters. */
#ifndef KFIX_TEST_GRAPH_DIRECTION_H
#define KFIX_TEST_GRAPH_DIRECTION_H

#include <string.h>

#include "graph_case.h"
#include "reference_direction.h"

enum { FIRST_OF_IMAGES = 4, GRAPH_OUTPUTS = 10, KNOWN_NETS = 8 };

/* Systems of up to 245 unknowns whose condition is below 1e4 here, and products of that length: 4e6 eps is
 * 1e-9 in double. */
static const double slack = 4e6 * KFIX_REAL_EPS;

/* What the last step has shown; F with damping on its diagonal. */
static seen_direction seen;
static double seen_targets[ROWS * GRAPH_UNITS], seen_delta[DIR_PARAMETERS];
static double fisher[DIR_PARAMETERS * DIR_PARAMETERS];

static inline size_t parameters(void) {
  return c.g.w[c.g.net.block_count];
}

static inline double size_of(size_t n, const double *x) {
  return sqrt(ref_dot(x, x, n));
}

/* ---- what a step shows ---- */

static inline void graph_on_vector(void *context, const char *name, uint32_t layer, size_t row,
                                   const kfix_real *values, size_t cols) {
  double *out = strcmp(name, "zeta_block") == 0 ? seen.zeta_block
                : strcmp(name, "zeta") == 0     ? seen.zeta
                : strcmp(name, "r") == 0        ? seen.r
                : name[0] == 'V'                ? seen.v[name[1] - '0']
                                                : NULL;
  (void)context;
  if (!out) return;
  for (size_t j = 0; j < cols; j++) out[c.g.w[layer - 1] + row * cols + j] = values[j];
}

static inline void graph_on_number(void *context, const char *name, size_t row, size_t col,
                                   double value) {
  (void)context;
  if (row >= DIR_COLUMNS || col >= DIR_COLUMNS) abort();
  *(strcmp(name, "beta") == 0 ? &seen.beta[col] : &seen.f_coarse[row][col]) = value;
  if (col + 1 > seen.n) seen.n = col + 1;
}

static inline void graph_on_targets(void *context, size_t first, size_t rows, const kfix_real *y,
                                    size_t ldy) {
  const size_t out = kfix_net_outputs(&c.g.net);
  (void)context;
  for (size_t i = 0; i < rows * out; i++)
    seen_targets[first * out + i] = y[i / out * ldy + i % out];
}

static inline void graph_on_direction(void *context, uint32_t layer, size_t row,
                                      const kfix_real *delta, size_t cols) {
  (void)context;
  for (size_t j = 0; j < cols; j++) seen_delta[c.g.w[layer - 1] + row * cols + j] = delta[j];
}

static inline void graph_watch(void) {
  memset(&seen, 0, sizeof seen);
  kfix_observe(c.k, &(kfix_observer){graph_on_targets, graph_on_direction, NULL, graph_on_vector,
                                     graph_on_number});
}

/* ---- a step, and dense ---- */

/* A step of the fixed driver whose update is Delta itself, of so many examples at most. */
static inline void ask_for_direction(uint32_t most) {
  kfix_options *o = &c.options;
  o->driver = KFIX_FIXED;
  o->learning_rate = 1;
  o->momentum = o->kl_clip = 0;
  o->damping = 0.3;
  o->weight_decay = 0.01;
  o->stats_fraction = 0.5;
  o->taylor_order = 3;
  c.g.net.coarse = 3;
  c.g.net.stats_rows = most;
  c.g.net.slice = 24;
}

/* Net i, with examples in one chunk of 64, or aside. */
static inline int begin_direction(int i, size_t rows, uint32_t most) {
  if (!begin(i, rows)) return 0;
  ask_for_direction(most);
  return 1;
}

/* Some of none. */
static inline void weigh_examples(kfix_real *weights) {
  for (size_t e = 0; e < ROWS; e++)
    weights[e] = (kfix_real)(e % 5 == 2 ? 0 : 0.25 * (double)(e % 9));
  c.batch.weights = weights;
}

/* A vector of the library's that is shown layer by layer. */
static inline void view_all(const char *name, double *out) {
  static kfix_real w[GRAPH_PARAMETERS];
  size_t rows, cols;
  for (uint32_t b = 0; b < c.g.net.block_count; b++) {
    CHECK_INT(KFIX_OK, kfix_view(c.k, name, b + 1, w, GRAPH_PARAMETERS, &rows, &cols));
    for (size_t i = 0; i < rows * cols; i++) out[c.g.w[b] + i] = w[i];
  }
}

/* The Jacobian of an example, which takes time; the weights of a net are the same in each test. */
static inline const double *jacobian_of(size_t e) {
  static struct {
    const char *of;
    size_t count;
    double of_example[ROWS][GRAPH_OUTPUTS * DIR_PARAMETERS];
  } known[KNOWN_NETS];
  int n = 0;
  while (known[n].of && known[n].of != c.g.net.name)
    if (++n == KNOWN_NETS) abort();
  known[n].of = c.g.net.name;
  for (; known[n].count <= e; known[n].count++)
    graph_jacobian(&c.g, c.theta, c.xd + known[n].count * c.g.net.inputs, 1,
                   known[n].of_example[known[n].count]);
  return known[n].of_example[e];
}

/* vec D of an example for its sampled targets. */
static inline void example_gradient(size_t e, double *d) {
  const size_t n = parameters(), outputs = kfix_net_outputs(&c.g.net);
  const double *jacobian = jacobian_of(e), *y = seen_targets + e * outputs;
  double z[GRAPH_UNITS];
  graph_forward(&c.g, c.theta, c.xd + e * c.g.net.inputs, 1, z);
  for (size_t i = 0; i < n; i++) {
    d[i] = 0;
    for (size_t o = 0; o < outputs; o++) d[i] += (z[o] - y[o]) * jacobian[o * n + i];
  }
}

static inline double weight_of(size_t e) {
  return c.batch.weights ? (double)c.batch.weights[e] : 1;
}

/* `fisher` += weight d d^T; at last the mean over the mass, and damping. */
static inline void add_to_fisher(double weight, const double *d) {
  const size_t n = parameters();
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) fisher[i * n + j] += weight * d[i] * d[j];
}
static inline void finish_fisher(double mass, double damping) {
  const size_t n = parameters();
  for (size_t i = 0; i < n * n; i++) fisher[i] /= mass;
  for (size_t i = 0; i < n; i++) fisher[i * n + i] += damping;
}

/* `fisher` = the weighted mean of vec D vec D^T over the first rows, and damping. */
static inline void find_fisher(size_t rows, double damping) {
  double d[DIR_PARAMETERS], mass = 0;
  memset(fisher, 0, sizeof fisher);
  for (size_t e = 0; e < rows; e++) {
    example_gradient(e, d);
    mass += weight_of(e);
    add_to_fisher(weight_of(e), d);
  }
  finish_fisher(mass, damping);
}

#endif
