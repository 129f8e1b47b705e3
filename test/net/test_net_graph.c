/* SPDX-License-Identifier: Apache-2.0
 * Nets with branches, and of images: outputs, gradient, tangents and the exact Fisher form against graphs in double;
 * predictors; descriptions that are refused. */
#include <math.h>
#include <string.h>

#include "graph_case.h"
#include "net/net.h"
#include "optim/gradient.h"
#include "optim/model.h"

static double norm(const double *v, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += v[i] * v[i];
  return sqrt(sum);
}

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
      const size_t count = c.g.w[c.g.net.block_count];
      double expected[GRAPH_PARAMETERS];
      begin(i, rows[r]);
      c.options.weight_decay = r % 2 ? 0.03 : 0;
      create(KFIX_METHOD_sgd);
      kfix_report report;
      CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
      graph_gradient(&c.g, c.theta, c.xd, c.yd, rows[r], c.options.weight_decay, expected);
      const double objective =
          graph_objective(&c.g, c.theta, c.xd, c.yd, rows[r], c.options.weight_decay);
      CHECK_NEAR(tolerance(objective), objective, report.objective);
      for (uint32_t b = 0; b < c.g.net.block_count; b++) {
        kfix_real g[GRAPH_PARAMETERS];
        size_t n, m;
        CHECK_INT(KFIX_OK, kfix_view(c.k, "grad", b + 1, g, GRAPH_PARAMETERS, &n, &m));
        CHECK_INT(c.g.w[b + 1] - c.g.w[b], n * m);
        for (size_t j = 0; j < n * m; j++)
          CHECK_NEAR(tolerance(norm(expected, count)), expected[c.g.w[b] + j], g[j]);
      }
      end();
    }
}

/* In the library's layout, where blocks are padded. */
static void put(const double *v, kfix_real *out) {
  memset(out, 0, c.k->parameters * sizeof *out);
  for (uint32_t b = 0; b < c.g.net.block_count; b++)
    for (size_t j = c.g.w[b]; j < c.g.w[b + 1]; j++)
      out[c.k->block[b].w + j - c.g.w[b]] = (kfix_real)v[j];
}

static void draw(double *v, uint64_t seed) {
  for (size_t i = 0; i < c.g.w[c.g.net.block_count]; i++) v[i] = (kfix_real)case_normal(&seed);
}

/* u^T F u of S2 = mean |J u|^2, where the whole batch or a part of it is S2, in one chunk or several. */
static void check_form(double fraction) {
  const size_t in = c.g.net.inputs, out = kfix_net_outputs(&c.g.net);
  double u[GRAPH_PARAMETERS], v[GRAPH_PARAMETERS], ju[GRAPH_UNITS], jv[GRAPH_UNITS];
  double fuu = 0, fuv = 0, fvv = 0;
  kfix_model m;
  c.options.fisher_fraction = fraction;
  create(KFIX_METHOD_kfac);
  kfix *k = c.k;
  kfix_real *direction = kfix_loan(k, KFIX_LOAN_CANDIDATE);
  kfix_real *previous = kfix_spare(k, &k->own[KFIX_OWN_UPDATE]);
  draw(u, 21);
  draw(v, 22);
  put(u, direction);
  put(v, previous);
  CHECK_INT(KFIX_OK, kfix_gradient(k, kfix_current(k, &k->buffer[KFIX_NET_THETA]), &c.batch, 0));
  CHECK_INT(KFIX_OK, kfix_model_measure(k, &c.batch, direction, previous, 0, &m));
  const size_t first = k->report.fisher_first, rows = k->report.fisher_rows;
  for (size_t e = first; e < first + rows; e++) {
    graph_tangent(&c.g, c.theta, u, c.xd + e * in, 1, ju);
    graph_tangent(&c.g, c.theta, v, c.xd + e * in, 1, jv);
    for (size_t o = 0; o < out; o++) {
      fuu += ju[o] * ju[o] / (double)rows;
      fuv += ju[o] * jv[o] / (double)rows;
      fvv += jv[o] * jv[o] / (double)rows;
    }
  }
  CHECK_NEAR(tolerance(fuu), fuu, m.fuu);
  CHECK_NEAR(tolerance(sqrt(fuu * fvv)), fuv, m.fuv);
  CHECK_NEAR(tolerance(fvv), fvv, m.fvv);
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
        CHECK_NEAR(tolerance(norm(expected, c.g.w[c.g.net.block_count])), expected[c.g.w[b] + j],
                   mean);
      }
    }
    end();
  }
}

/* ---- predictors ---- */

void test_predictors_have_the_trainers_bits(void) {
  static _Alignas(KFIX_ALIGN) unsigned char arena[1 << 20];
  static kfix_real weights[GRAPH_NODES][GRAPH_PARAMETERS];
  static kfix_real expected[ROWS * GRAPH_UNITS], found[ROWS * GRAPH_UNITS];
  const kfix_real *all[GRAPH_NODES];
  for (int i = 0; begin(i, ROWS); i++) {
    const size_t out = kfix_net_outputs(&c.g.net);
    kfix_predictor *p;
    create(KFIX_METHOD_sgd);
    for (uint32_t b = 0; b < c.g.net.block_count; b++) {
      all[b] = weights[b];
      CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE, b + 1, weights[b]));
    }
    CHECK_INT(KFIX_OK, kfix_predict(c.k, KFIX_ITERATE, &c.batch, expected, out));
    for (size_t rows = 1; rows < 200; rows = rows * 3 + 1) {
      const size_t bytes = kfix_predictor_bytes(&c.g.net, rows, &kfix_port_ref);
      CHECK(bytes <= sizeof arena);
      CHECK_INT(KFIX_OK,
                kfix_predictor_create(&p, &c.g.net, rows, all, &kfix_port_ref, arena, bytes, NULL));
      memset(found, 0, sizeof found);
      CHECK_INT(KFIX_OK, kfix_predictor_run(p, &c.batch, found, out));
      CHECK_MEM(expected, found, ROWS * out * sizeof *found);
    }
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
