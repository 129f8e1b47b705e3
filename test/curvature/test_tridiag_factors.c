/* SPDX-License-Identifier: Apache-2.0
 * Block-tridiagonal K-FAC: cross moments over a schedule of steps, what the views show, degenerate
 * layers, and the same bits from every port. */
#include <stdlib.h>

#include "check.h"
#include "reference_case.h"

enum { LAYERS = 4, UNITS = 8, ROWS = 70 };

static const uint32_t widths[] = {5, 7, 1, 4, 3};

/* Running means of abar abar'^T and g g'^T with the layer above. */
typedef struct moments {
  double a[LAYERS][UNITS * UNITS], g[LAYERS][UNITS * UNITS];
} moments;

static void add(double *m, size_t rows, size_t cols, const double *x, const double *y, double w) {
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < cols; j++) m[i * cols + j] += w * x[i] * y[j];
}

static void absorb(moments *m, const ref_net *net, const double *theta, const ref_case *c, size_t n,
                   double eps) {
  ref_pass t;
  for (size_t i = 0; i + 1 < net->depth; i++)
    for (size_t j = 0; j < UNITS * UNITS; j++) {
      m->a[i][j] *= eps;
      m->g[i][j] *= eps;
    }
  for (size_t e = 0; e < n; e++) {
    ref_forward(net, theta, c->xd + e * net->width[0], &t);
    ref_backward(net, theta, c->sampled + e * ref_outputs(net), &t);
    for (size_t i = 0; i + 1 < net->depth; i++) {
      const double w = (1 - eps) / (double)n;
      add(m->a[i], net->width[i] + 1, net->width[i + 1] + 1, t.a[i], t.a[i + 1], w);
      add(m->g[i], net->width[i + 1], net->width[i + 2], t.g[i], t.g[i + 1], w);
    }
  }
}

static void check_view(ref_case *c, const char *name, size_t layer, const double *expected,
                       size_t rows, size_t cols) {
  double m[UNITS * UNITS];
  size_t r, s;
  CHECK_INT(KFIX_OK, kfix_view(c->k, name, (uint32_t)layer + 1, NULL, 0, &r, &s));
  CHECK_INT(rows, r);
  CHECK_INT(cols, s);
  CHECK_INT(KFIX_OK, case_matrix(c, name, layer, m));
  CHECK_NEAR(64 * KFIX_REAL_EPS, 0, relative_distance(m, expected, rows * cols));
}

static void check_moments(kfix_loss loss, kfix_activation inner) {
  ref_case c;
  kfix_report report;
  static moments m;
  double theta[200];
  memset(&m, 0, sizeof m);
  case_begin(&c, loss, LAYERS, widths, inner, KFIX_LINEAR, ROWS, 3);
  c.options.driver = KFIX_FIXED;
  c.options.decay = 0.7;
  c.options.stats_fraction = 0.4;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac_tridiag, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1));
  case_watch(&c);
  for (int step = 0; step < 6; step++) {
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
    absorb(&m, &c.ref, theta, &c, 28, report.decay);
    for (size_t i = 0; i + 1 < LAYERS; i++) {
      check_view(&c, "A_cross", i, m.a[i], widths[i] + 1, widths[i + 1] + 1);
      check_view(&c, "G_cross", i, m.g[i], widths[i + 1], widths[i + 2]);
    }
  }
  case_end(&c);
}

void test_cross_moments_follow_the_decay_schedule(void) {
  check_moments(KFIX_MSE, KFIX_TANH);
  check_moments(KFIX_BERNOULLI, KFIX_RELU);
  check_moments(KFIX_CATEGORICAL, KFIX_SIGMOID);
}

void test_what_the_views_refuse(void) {
  ref_case c;
  kfix_real w[UNITS * UNITS];
  size_t rows, cols;
  double count;
  case_begin(&c, KFIX_MSE, LAYERS, widths, KFIX_TANH, KFIX_LINEAR, ROWS, 3);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac_tridiag, NULL, NULL));
  CHECK_INT(KFIX_ARGUMENT, kfix_view(c.k, "A_cross", LAYERS, w, 64, &rows, &cols));
  CHECK_INT(KFIX_ARGUMENT, kfix_view(c.k, "G_cross", LAYERS, w, 64, &rows, &cols));
  CHECK_INT(KFIX_ARGUMENT, kfix_view(c.k, "A_cross", 1, w, 6 * 8 - 1, &rows, &cols));
  CHECK_INT(KFIX_OK, kfix_view(c.k, "A_cross", 1, w, 6 * 8, &rows, &cols));
  CHECK_INT(KFIX_ARGUMENT, kfix_number(c.k, "floored", 0, &count));
  CHECK_INT(KFIX_ARGUMENT, kfix_number(c.k, "floored", LAYERS + 1, &count));
  CHECK_INT(KFIX_OK, kfix_number(c.k, "floored", LAYERS, &count));
  CHECK_NEAR(0, 0, count);
  case_destroy(&c);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_ARGUMENT, kfix_number(c.k, "floored", 1, &count));
  case_end(&c);
}

/* A unit of relu that is never on, a layer that is dead: cross moments of zero change nothing. */
void test_dead_layer(void) {
  ref_case c;
  double update[100];
  kfix_real w[7 * 6] = {0};
  case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){5, 7, 3}, KFIX_RELU, KFIX_LINEAR, 33, 3);
  c.options.weight_decay = 0;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac_tridiag, NULL, NULL));
  for (int r = 0; r < 7; r++) w[r * 6 + 5] = -1;
  CHECK_INT(KFIX_OK, kfix_set_weights(c.k, 1, w));
  for (int s = 0; s < 3; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_INT(KFIX_OK, case_view(&c, "update", update));
  for (size_t i = 0; i < c.ref.w[1]; i++) CHECK(update[i] == 0);
  CHECK(update[c.ref.parameters - 1] != 0);
  case_end(&c);
}

static uint64_t life(const kfix_port *port, uint32_t chunk, size_t rows, double decay) {
  ref_case c;
  case_begin(&c, KFIX_BERNOULLI, LAYERS, (const uint32_t[]){23, 19, 31, 17, 20}, KFIX_TANH,
             KFIX_TANH, rows, 3);
  c.net.chunk = chunk;
  c.options.weight_decay = decay;
  c.options.lambda = 1;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac_tridiag, port, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1));
  for (int s = 0; s < 6; s++) CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  const uint64_t digest = kfix_digest(c.k);
  case_end(&c);
  return digest;
}

/* With weight decay and without: there the low-rank product of [KFAC 8] is used. */
void test_bits_depend_neither_on_the_port_nor_on_the_chunk(void) {
  const kfix_port *ports[] = {&kfix_port_ref, &kfix_port_simd};
  static const size_t rows[] = {1, 31, 200};
  for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
    for (int decay = 0; decay < 2; decay++) {
      const uint64_t digest = life(&kfix_port_ref, 64, rows[r], decay * 1e-3);
      for (size_t p = 0; p < 2; p++) {
        if (ports[p]->available() != KFIX_OK) continue;
        CHECK_U64(digest, life(ports[p], 32, rows[r], decay * 1e-3));
        CHECK_U64(digest, life(ports[p], 256, rows[r], decay * 1e-3));
      }
    }
}
