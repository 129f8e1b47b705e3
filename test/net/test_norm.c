/* SPDX-License-Identifier: Apache-2.0
 * Nets with normalisations against graphs in double: gradient, tangents through the moments, examples; descriptions
 * that are refused. Groups smaller and larger than the batch, and short ones. */
#include <math.h>
#include <string.h>

#include "net/net.h"
#include "normed_case.h"
#include "optim/gradient.h"
#include "optim/model.h"

static void check_gradient(size_t rows, double eta) {
  const size_t count = c.g.w[c.g.net.block_count];
  double expected[GRAPH_PARAMETERS];
  kfix_report report;
  c.options.weight_decay = eta;
  create_normed(KFIX_METHOD_sgd);
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
      CHECK_NEAR(tolerance(length(expected, count)), expected[c.g.w[b] + j], (double)g[j]);
  }
  end();
}

void test_gradient_by_differences(void) {
  EACH_CASE(rows, check_gradient(rows, rows % 2 ? 0.03 : 0))
}

/* ---- tangents ---- */

static void put(const double *v, kfix_real *out) {
  memset(out, 0, c.k->parameters * sizeof *out);
  for (uint32_t b = 0; b < c.g.net.block_count; b++)
    for (size_t j = c.g.w[b]; j < c.g.w[b + 1]; j++)
      out[c.k->block[b].w + j - c.g.w[b]] = (kfix_real)v[j];
}

static void draw(double *v, uint64_t seed) {
  for (size_t i = 0; i < c.g.w[c.g.net.block_count]; i++) v[i] = (kfix_real)case_normal(&seed);
}

/* u^T F u of S2 = mean |J u|^2 over rows whose groups are whole. */
static void check_form(size_t rows, double fraction) {
  const size_t out = kfix_net_outputs(&c.g.net);
  static double ju[ROWS * GRAPH_UNITS], jv[ROWS * GRAPH_UNITS];
  double u[GRAPH_PARAMETERS], v[GRAPH_PARAMETERS], fuu = 0, fuv = 0, fvv = 0;
  kfix_model m;
  c.options.fisher_fraction = fraction;
  create_normed(KFIX_METHOD_kfac);
  kfix *k = c.k;
  kfix_real *direction = kfix_loan(k, KFIX_LOAN_CANDIDATE);
  kfix_real *previous = kfix_spare(k, &k->own[KFIX_OWN_UPDATE]);
  draw(u, 21);
  draw(v, 22);
  put(u, direction);
  put(v, previous);
  CHECK_INT(KFIX_OK, kfix_gradient(k, kfix_current(k, &k->buffer[KFIX_NET_THETA]), &c.batch, 0));
  CHECK_INT(KFIX_OK, kfix_model_measure(k, &c.batch, direction, previous, 0, &m));
  CHECK_INT(rows, k->report.fisher_first + k->report.fisher_rows);
  CHECK_INT(0, k->report.fisher_first % c.g.net.group);
  graph_tangent(&c.g, c.theta, u, c.xd, rows, ju);
  graph_tangent(&c.g, c.theta, v, c.xd, rows, jv);
  for (size_t i = k->report.fisher_first * out; i < rows * out; i++) {
    fuu += ju[i] * ju[i] / (double)k->report.fisher_rows;
    fuv += ju[i] * jv[i] / (double)k->report.fisher_rows;
    fvv += jv[i] * jv[i] / (double)k->report.fisher_rows;
  }
  CHECK_NEAR(tolerance(fuu), fuu, m.fuu);
  CHECK_NEAR(tolerance(sqrt(fuu * fvv)), fuv, m.fuv);
  CHECK_NEAR(tolerance(fvv), fvv, m.fvv);
  end();
}

void test_the_exact_fisher_form(void) {
  EACH_CASE(rows, check_form(rows, 1))
  EACH_CASE(rows, check_form(rows, 0.3))
}

/* ---- what examples there are ---- */

/* With the training targets the mean of an example's g is the gradient, for abar is 1. */
static void check_examples(size_t rows) {
  static kfix_real abar[ROWS], g[ROWS * GRAPH_MOMENTS];
  double expected[GRAPH_PARAMETERS];
  c.options.fisher = KFIX_FISHER_EMPIRICAL;
  create_normed(KFIX_METHOD_sgd);
  graph_gradient(&c.g, c.theta, c.xd, c.yd, rows, 0, expected);
  for (uint32_t b = 0; b < c.g.net.block_count; b++) {
    const uint32_t count = kfix_net_block(&c.g.net, b)->moments;
    if (!count) continue;
    CHECK_INT(KFIX_OK, kfix_examples(c.k, &c.batch, b + 1, abar, g));
    for (size_t e = 0; e < rows; e++) CHECK(abar[e] == 1);
    for (size_t j = 0; j < count; j++) {
      double mean = 0;
      for (size_t e = 0; e < rows; e++) mean += (double)g[e * count + j] / (double)rows;
      CHECK_NEAR(tolerance(length(expected, c.g.w[c.g.net.block_count])), expected[c.g.w[b] + j],
                 mean);
    }
  }
  end();
}

void test_examples_make_the_gradient(void) {
  EACH_CASE(rows, check_examples(rows))
}

/* ---- descriptions that are not sound ---- */

static void refused(const char *what) {
  CHECK_MSG(!kfix_net_is_sound(&c.g.net), what);
  CHECK_INT(0, kfix_bytes(&c.g.net, KFIX_METHOD_kfac, &kfix_port_ref));
  begin_normed(1, ROWS, 32);
  CHECK(kfix_net_is_sound(&c.g.net));
}

void test_descriptions_that_are_refused(void) {
  begin_normed(1, ROWS, 32);
  c.g.net.group = 0;
  refused("no group");
  c.g.net.group = 48;
  refused("a group that is no whole row blocks");
  c.g.net.group = 128;
  refused("a group larger than the chunk");
  c.g.net.stats_rows = 80;
  refused("rows at once that are no whole groups");
  c.g.nodes[1].cols = 2;
  refused("a matrix of another width");
  c.g.nodes[1].each = 1;
  refused("one number for each channel");
  c.g.nodes[1].moments = 4;
  refused("fewer moments than channels have");
  c.g.nodes[1].image.channels = 2;
  refused("a normalisation that loses channels");
  c.g.nodes[1].kernel[0] = 2;
  refused("one that looks at more than a pixel");
}
