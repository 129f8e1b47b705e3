/* SPDX-License-Identifier: Apache-2.0
 * Nets with branches, and of images: outputs, gradient, tangents and the exact Fisher form against graphs in double;
 * predictors; descriptions that are refused. */
#include <math.h>

#include "graph_checks.h"

/* Rounding of eight nodes of at most 37 terms, and of a difference quotient in double. */
static double tolerance(double size) {
  return (64 * 8 * KFIX_REAL_EPS + 1e-8) * (1 + size);
}

void test_outputs(void) {
  for (int i = 0; begin(i, ROWS); i++) {
    const size_t in = c.g.net.inputs, out = kfix_net_outputs(&c.g.net);
    static kfix_real p[ROWS * GRAPH_UNITS];
    double z[GRAPH_UNITS];
    create(KFIX_METHOD_sgd);
    CHECK_INT(KFIX_OK, kfix_predict(c.k, KFIX_ITERATE, &c.batch, p, out));
    for (size_t e = 0; e < ROWS; e++) {
      graph_forward(&c.g, c.theta, c.xd + e * in, 1, z);
      for (size_t o = 0; o < out; o++) CHECK_NEAR(tolerance(fabs(z[o])), z[o], p[e * out + o]);
    }
    end();
  }
}

void test_gradient_by_differences(void) {
  static const size_t rows[] = {1, 29, 64, ROWS};
  for (int i = 0; begin(i, 1); i++)
    for (int r = 0; r < 4; r++) {
      begin(i, rows[r]);
      c.options.weight_decay = r % 2 ? 0.03 : 0;
      create(KFIX_METHOD_sgd);
      graph_check_gradient(tolerance);
      end();
    }
}

/* Where the whole batch or a part of it is S2, in one chunk or several. */
static void check_form(double fraction) {
  c.options.fisher_fraction = fraction;
  create(KFIX_METHOD_kfac);
  graph_check_form(tolerance);
  end();
}

void test_the_exact_fisher_form(void) {
  for (int i = 0; begin(i, 40); i++) {
    check_form(1);
    begin(i, ROWS);
    check_form(1);
    begin(i, ROWS);
    check_form(0.3);
  }
}

/* abar and g are those of the gradient: its mean is that of g abar^T with the training targets. Where a block
 * looks through windows an example has more of them than the pair that is shown. */
void test_examples_make_the_gradient(void) {
  for (int i = 0; begin(i, ROWS); i++) {
    double expected[GRAPH_PARAMETERS];
    c.options.fisher = KFIX_FISHER_EMPIRICAL;
    create(KFIX_METHOD_sgd);
    graph_gradient(&c.g, c.theta, c.xd, c.yd, ROWS, 0, expected);
    for (uint32_t b = 0; b < c.g.net.block_count; b++) {
      const kfix_node_spec *n = kfix_net_block(&c.g.net, b);
      static kfix_real abar[ROWS * (GRAPH_UNITS + 1)], g[ROWS * GRAPH_UNITS];
      if (kfix_node_positions(n) > 1) continue;
      CHECK_INT(KFIX_OK, kfix_examples(c.k, &c.batch, b + 1, abar, g));
      const uint32_t out = kfix_node_rows(n);
      for (size_t j = 0; j < (size_t)out * n->cols; j++) {
        double mean = 0;
        for (size_t e = 0; e < ROWS; e++)
          mean += (double)g[e * out + j / n->cols] * (double)abar[e * n->cols + j % n->cols] / ROWS;
        CHECK_NEAR(tolerance(graph_length(expected, c.g.w[c.g.net.block_count])),
                   expected[c.g.w[b] + j], mean);
      }
    }
    end();
  }
}

/* ---- predictors ---- */

void test_predictors_have_the_trainers_bits(void) {
  for (int i = 0; begin(i, ROWS); i++) {
    create(KFIX_METHOD_sgd);
    graph_check_predictors();
    end();
  }
}

/* ---- descriptions that are not sound ---- */

static int first; /* the net that is made unsound */

static void refused(const char *what) {
  CHECK_MSG(!kfix_net_is_sound(&c.g.net), what);
  CHECK_INT(0, kfix_bytes(&c.g.net, KFIX_METHOD_kfac, &kfix_port_ref));
  begin(first, ROWS);
  CHECK(kfix_net_is_sound(&c.g.net));
}

void test_descriptions_that_are_refused(void) {
  first = 0;
  begin(first, ROWS);
  c.g.nodes[2].other = 2;
  refused("a sum of a node with itself");
  c.g.nodes[2].other = 3;
  refused("a node that reads itself");
  c.g.nodes[0].from = 2;
  refused("a node that reads a later one");
  c.g.nodes[2].units = 6;
  refused("a sum of another width");
  c.g.nodes[2].other = 0;
  refused("a sum of two widths");
  c.g.nodes[3].from = 1;
  refused("a node that nobody reads");
  c.g.nodes[1].cols = 7;
  refused("a matrix of another width");
  c.g.nodes[2].reads = 1;
  refused("a sum that reads one");
  c.g.nodes[1].reads = 2;
  refused("a dense node that reads two");
  c.g.nodes[1].kind = KFIX_KIND_COUNT;
  refused("a kind that is not there");
  c.g.net.block_count = 2;
  refused("fewer blocks than there are");
  c.g.nodes[2].activation = KFIX_SOFTMAX;
  refused("softmax inside");
  c.g.net.node_count = KFIX_NODES_MAX + 1;
  refused("too many nodes");
}

void test_windows_that_are_refused(void) {
  first = 4;
  begin(first, ROWS);
  c.g.nodes[0].kernel[0] = 8;
  refused("a kernel larger than the padded image");
  c.g.nodes[0].kernel[1] = 0;
  refused("a convolution without a kernel");
  c.g.nodes[1].stride[0] = 0;
  refused("a stride of nothing");
  c.g.nodes[1].stride[1] = 1;
  refused("more windows than the image that is put out");
  c.g.nodes[1].pad[0] = 2;
  refused("windows of padding alone");
  c.g.nodes[0].cols = 20;
  refused("a matrix of another width than the patch");
  c.g.nodes[1].cols = 19;
  refused("a pool with parameters");
  c.g.nodes[1].image.channels = 2;
  refused("a pool that loses channels");
  c.g.net.image.height = 4;
  refused("an input that is another image");
  c.g.nodes[2].reads = 2;
  refused("a convolution of two images");
  c.g.nodes[0].pad[0] = UINT32_MAX;
  refused("padding past what can be counted");
}
