/* SPDX-License-Identifier: Apache-2.0
 * A graph's trainer (graph_case.h), which is there, against the graph in double; errors are bounded by the caller's
 * tolerance, of a size. */
#ifndef KFIX_TEST_GRAPH_CHECKS_H
#define KFIX_TEST_GRAPH_CHECKS_H

#include <string.h>

#include "graph_case.h"
#include "net/net.h"
#include "optim/gradient.h"
#include "optim/model.h"

typedef double graph_tolerance(double size);

static inline double graph_length(const double *v, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += v[i] * v[i];
  return sqrt(sum);
}

/* ---- the gradient ---- */

/* Of a step, by differences; and the objective before it. */
static inline void graph_check_gradient(graph_tolerance *tolerance) {
  const size_t count = c.g.w[c.g.net.block_count], rows = c.batch.rows;
  const double eta = c.options.weight_decay;
  double expected[GRAPH_PARAMETERS];
  kfix_report report;
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  graph_gradient(&c.g, c.theta, c.xd, c.yd, rows, eta, expected);
  const double objective = graph_objective(&c.g, c.theta, c.xd, c.yd, rows, eta);
  CHECK_NEAR(tolerance(objective), objective, report.objective);
  for (uint32_t b = 0; b < c.g.net.block_count; b++) {
    kfix_real g[GRAPH_PARAMETERS];
    size_t n, m;
    CHECK_INT(KFIX_OK, kfix_view(c.k, "grad", b + 1, g, GRAPH_PARAMETERS, &n, &m));
    CHECK_INT(c.g.w[b + 1] - c.g.w[b], n * m);
    for (size_t j = 0; j < n * m; j++)
      CHECK_NEAR(tolerance(graph_length(expected, count)), expected[c.g.w[b] + j], (double)g[j]);
  }
}

/* ---- the exact Fisher form ---- */

/* A vector in the library's layout, where blocks are padded. */
static inline void graph_put(const double *v, kfix_real *out) {
  memset(out, 0, c.k->parameters * sizeof *out);
  for (uint32_t b = 0; b < c.g.net.block_count; b++)
    for (size_t j = c.g.w[b]; j < c.g.w[b + 1]; j++)
      out[c.k->block[b].w + j - c.g.w[b]] = (kfix_real)v[j];
}

static inline void graph_draw(double *v, uint64_t seed) {
  for (size_t i = 0; i < c.g.w[c.g.net.block_count]; i++) v[i] = (kfix_real)case_normal(&seed);
}

/* u^T F u of S2 = the mean of |J u|^2, u^T F v and v^T F v likewise; the trainer's report says what S2 was. */
static inline void graph_check_form(graph_tolerance *tolerance) {
  static double ju[ROWS * GRAPH_UNITS], jv[ROWS * GRAPH_UNITS];
  double u[GRAPH_PARAMETERS], v[GRAPH_PARAMETERS], fuu = 0, fuv = 0, fvv = 0;
  kfix *k = c.k;
  const size_t out = kfix_net_outputs(&c.g.net), rows = c.batch.rows;
  kfix_real *direction = kfix_loan(k, KFIX_LOAN_CANDIDATE);
  kfix_real *previous = kfix_spare(k, &k->own[KFIX_OWN_UPDATE]);
  kfix_model m;
  graph_draw(u, 21);
  graph_draw(v, 22);
  graph_put(u, direction);
  graph_put(v, previous);
  CHECK_INT(KFIX_OK, kfix_gradient(k, kfix_current(k, &k->buffer[KFIX_NET_THETA]), &c.batch, 0));
  CHECK_INT(KFIX_OK, kfix_model_measure(k, &c.batch, direction, previous, 0, &m));
  graph_tangent(&c.g, c.theta, u, c.xd, rows, ju);
  graph_tangent(&c.g, c.theta, v, c.xd, rows, jv);
  const size_t first = k->report.fisher_first, count = k->report.fisher_rows;
  for (size_t i = first * out; i < (first + count) * out; i++) {
    fuu += ju[i] * ju[i] / (double)count;
    fuv += ju[i] * jv[i] / (double)count;
    fvv += jv[i] * jv[i] / (double)count;
  }
  CHECK_NEAR(tolerance(fuu), fuu, m.fuu);
  CHECK_NEAR(tolerance(sqrt(fuu * fvv)), fuv, m.fuv);
  CHECK_NEAR(tolerance(fvv), fvv, m.fvv);
}

/* ---- predictors ---- */

/* With the trainer's weights, and moments where there are any: its bits, for any number of rows in flight. */
static inline void graph_check_predictors(void) {
  static _Alignas(KFIX_ALIGN) unsigned char arena[1 << 20];
  static kfix_real weights[GRAPH_NODES][GRAPH_PARAMETERS];
  static kfix_real expected[ROWS * GRAPH_UNITS], found[ROWS * GRAPH_UNITS];
  const size_t out = kfix_net_outputs(&c.g.net);
  const kfix_real *all[GRAPH_NODES];
  kfix_predictor *p;
  for (uint32_t b = 0; b < c.g.net.block_count; b++) {
    const uint32_t moments = kfix_net_block(&c.g.net, b)->moments;
    all[b] = weights[b];
    CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE, b + 1, weights[b]));
    if (moments) CHECK_INT(KFIX_OK, kfix_get_moments(c.k, b + 1, weights[b] + moments));
  }
  CHECK_INT(KFIX_OK, kfix_predict(c.k, KFIX_ITERATE, &c.batch, expected, out));
  for (size_t rows = 1; rows < 200; rows = rows * 3 + 1) {
    const size_t bytes = kfix_predictor_bytes(&c.g.net, rows, &kfix_port_ref);
    CHECK(bytes <= sizeof arena);
    CHECK_INT(KFIX_OK,
              kfix_predictor_create(&p, &c.g.net, rows, all, &kfix_port_ref, arena, bytes, NULL));
    memset(found, 0, sizeof found);
    CHECK_INT(KFIX_OK, kfix_predictor_run(p, &c.batch, found, out));
    CHECK_MEM(expected, found, c.batch.rows * out * sizeof *found);
  }
}

#endif
