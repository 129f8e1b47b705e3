/* SPDX-License-Identifier: Apache-2.0
 * Nets with normalisations against graphs in double: gradient, tangents through the moments, examples; descriptions
 * that are refused. Groups smaller and larger than the batch, and short ones. */
#include "graph_checks.h"
#include "normed_case.h"

static void check_gradient(double eta) {
  c.options.weight_decay = eta;
  create_normed(KFIX_METHOD_sgd);
  graph_check_gradient(tolerance);
  end();
}

void test_gradient_by_differences(void) {
  EACH_CASE(rows, check_gradient(rows % 2 ? 0.03 : 0))
}

/* ---- tangents ---- */

/* Over rows whose groups are whole. */
static void check_form(size_t rows, double fraction) {
  c.options.fisher_fraction = fraction;
  create_normed(KFIX_METHOD_kfac);
  graph_check_form(tolerance);
  CHECK_INT(rows, c.k->report.fisher_first + c.k->report.fisher_rows);
  CHECK_INT(0, c.k->report.fisher_first % c.g.net.group);
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
      CHECK_NEAR(tolerance(graph_length(expected, c.g.w[c.g.net.block_count])),
                 expected[c.g.w[b] + j], mean);
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
