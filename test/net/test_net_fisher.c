/* SPDX-License-Identifier: Apache-2.0
 * J v and u^T F v, by the linearised forward pass, against the dense Jacobian and Fisher matrix. */
#include <stdlib.h>

#include "check.h"
#include "net/net.h"
#include "optim/gradient.h"
#include "optim/model.h"
#include "reference_case.h"

enum { PARAMETERS_MAX = 1000, OUTPUTS_MAX = 8 };

static const kfix_activation inners[] = {KFIX_LINEAR, KFIX_RELU, KFIX_SIGMOID, KFIX_TANH};
static const kfix_loss losses[] = {KFIX_MSE, KFIX_BERNOULLI, KFIX_CATEGORICAL};
static const uint32_t widths[] = {5, 7, 3, 11, 4};

static void random_vector(ref_case *c, uint64_t seed, double *v) {
  for (size_t i = 0; i < c->ref.parameters; i++) v[i] = (kfix_real)case_normal(&seed);
}

static double norm(const double *v, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += v[i] * v[i];
  return sqrt(sum);
}

static void start(ref_case *c, double *theta) {
  CHECK_INT(KFIX_OK, case_create(c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(c, 5, 1));
  CHECK_INT(KFIX_OK, case_view(c, "W_after", theta));
}

/* Rows `first` and on of the chunk: their J v against the product with the dense Jacobian. */
static void check_tangent(ref_case *c, size_t first) {
  const size_t n = c->ref.parameters, out = ref_outputs(&c->ref);
  double theta[PARAMETERS_MAX], v[PARAMETERS_MAX], jacobian[OUTPUTS_MAX * PARAMETERS_MAX];
  start(c, theta);
  kfix *k = c->k;
  kfix_real *direction = kfix_spare(k, &k->buffer[KFIX_NET_THETA]);
  random_vector(c, 11, v);
  case_vector(c, v, direction);
  CHECK_INT(KFIX_OK, kfix_load_rows(k, &c->batch, 0, c->rows, 1));
  const kfix_real *weights = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  CHECK_INT(KFIX_OK, kfix_forward(k, weights, c->rows));
  const kfix_rows jv = kfix_outputs(k, &k->own[KFIX_OWN_TANGENT_U]);
  CHECK_INT(KFIX_OK, kfix_tangent(k, weights, direction, first, c->rows - first, jv));
  for (size_t e = first; e < c->rows; e++) {
    ref_jacobian(&c->ref, theta, c->xd + e * c->ref.width[0], jacobian);
    for (size_t o = 0; o < out; o++) {
      const double *row = jacobian + o * n;
      double expected = 0;
      for (size_t i = 0; i < n; i++) expected += row[i] * v[i];
      CHECK_NEAR(64 * KFIX_REAL_EPS * (1 + norm(row, n) * norm(v, n)), expected,
                 jv.at[(e - first) * jv.ld + o]);
    }
  }
  case_destroy(c);
}

void test_tangent_against_the_dense_jacobian(void) {
  for (size_t depth = 1; depth <= 4; depth++)
    for (int l = 0; l < 3; l++)
      for (int i = 0; i < 4; i++) {
        ref_case c;
        case_begin(&c, losses[l], depth, widths, inners[i], inners[3 - i], 9, 2);
        check_tangent(&c, i % 2 ? 4 : 0);
        case_end(&c);
      }
}

/* The reference's two ways to u^T F v agree: through dense F and through J. */
void test_reference_form_is_that_of_the_dense_fisher(void) {
  for (int l = 0; l < 3; l++) {
    ref_case c;
    double theta[100], u[100], v[100], form = 0;
    uint64_t state = 3;
    case_begin(&c, losses[l], 2, (const uint32_t[]){3, 4, 3}, KFIX_TANH, KFIX_TANH, 5, 2);
    const size_t n = c.ref.parameters;
    double *f = malloc(n * n * sizeof *f);
    for (size_t i = 0; i < n; i++) theta[i] = case_normal(&state) / 2;
    random_vector(&c, 1, u);
    random_vector(&c, 2, v);
    ref_fisher(&c.ref, theta, c.xd, c.rows, f);
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++) {
        form += u[i] * f[i * n + j] * v[j];
        CHECK_NEAR(1e-12, f[j * n + i], f[i * n + j]);
      }
    CHECK_NEAR(1e-12 * (1 + norm(u, n) * norm(v, n) * norm(f, n * n)), form,
               ref_fisher_form(&c.ref, theta, c.xd, c.rows, u, v));
    free(f);
    case_end(&c);
  }
}

/* All eight numbers of the model on the last tau2 of the rows. */
static void check_model(ref_case *c, double tau2) {
  const size_t n = c->ref.parameters;
  double theta[PARAMETERS_MAX], u[PARAMETERS_MAX], v[PARAMETERS_MAX], g[PARAMETERS_MAX];
  kfix_model m;
  c->options.fisher_fraction = tau2;
  start(c, theta);
  kfix *k = c->k;
  kfix_real *direction = kfix_spare(k, &k->buffer[KFIX_NET_THETA]);
  kfix_real *previous = kfix_spare(k, &k->own[KFIX_OWN_UPDATE]);
  random_vector(c, 21, u);
  random_vector(c, 22, v);
  case_vector(c, u, direction);
  case_vector(c, v, previous);
  CHECK_INT(KFIX_OK, kfix_gradient(k, kfix_current(k, &k->buffer[KFIX_NET_THETA]), &c->batch, 0));
  CHECK_INT(KFIX_OK, kfix_model_measure(k, &c->batch, direction, previous, 0, &m));
  size_t s2 = (size_t)ceil(tau2 * (double)c->rows);
  if (s2 == 0) s2 = 1;
  CHECK_INT(s2, k->report.fisher_rows);
  CHECK_INT(c->rows - s2, k->report.fisher_first);
  const double *x = c->xd + (c->rows - s2) * c->ref.width[0];
  const double fuu = ref_fisher_form(&c->ref, theta, x, s2, u, u);
  const double fvv = ref_fisher_form(&c->ref, theta, x, s2, v, v);
  const double eps = 128 * KFIX_REAL_EPS;
  CHECK_NEAR(eps * fuu, fuu, m.fuu);
  CHECK_NEAR(eps * fvv, fvv, m.fvv);
  CHECK_NEAR(eps * sqrt(fuu * fvv), ref_fisher_form(&c->ref, theta, x, s2, u, v), m.fuv);
  ref_gradient(&c->ref, theta, c->xd, c->yd, c->rows, c->options.weight_decay, g);
  CHECK_NEAR(eps * norm(u, n) * norm(g, n), ref_dot(u, g, n), m.gu);
  CHECK_NEAR(eps * norm(v, n) * norm(g, n), ref_dot(v, g, n), m.gv);
  CHECK_NEAR(1e-13 * ref_dot(u, u, n), ref_dot(u, u, n), m.uu);
  CHECK_NEAR(1e-13 * ref_dot(v, v, n), ref_dot(v, v, n), m.vv);
  CHECK_NEAR(1e-13 * ref_dot(u, u, n), ref_dot(u, v, n), m.uv);
  case_destroy(c);
}

/* S2 in the chunk that still stands, in a part of it, over several chunks, one row. */
void test_model_against_the_dense_fisher(void) {
  static const struct {
    size_t rows;
    double tau2;
  } cases[] = {{1, 0.25}, {37, 1}, {37, 0.25}, {129, 0.25}, {150, 0.6}, {64, 0}};
  for (int l = 0; l < 3; l++)
    for (int i = 0; i < 4; i++)
      for (size_t j = 0; j < sizeof cases / sizeof cases[0]; j++) {
        ref_case c;
        case_begin(&c, losses[l], 3, widths, inners[i], inners[3 - i], cases[j].rows, 4);
        check_model(&c, cases[j].tau2);
        case_end(&c);
      }
}

/* The minimiser against a search, and its value against M. */
static double model_at(const kfix_model *m, double damping, double alpha, double mu) {
  const double quu = m->fuu + damping * m->uu, quv = m->fuv + damping * m->uv;
  const double qvv = m->fvv + damping * m->vv;
  return (alpha * alpha * quu + 2 * alpha * mu * quv + mu * mu * qvv) / 2 + alpha * m->gu +
         mu * m->gv;
}

void test_minimiser_is_a_minimum_of_the_model(void) {
  const kfix_model m = {2, 0.7, 3, 1.5, -0.4, 0.9, -0.8, 0.3, 0};
  for (int with_v = 0; with_v < 2; with_v++) {
    kfix_best best;
    CHECK_INT(KFIX_OK, kfix_model_minimise(&m, 0.3, with_v, 100, &best));
    const double least = model_at(&m, 0.3, best.alpha, best.mu);
    CHECK_NEAR(1e-14, least, best.change);
    CHECK(best.change < 0);
    CHECK(with_v ? best.mu != 0 : best.mu == 0);
    for (int s = -1; s <= 1; s += 2) {
      CHECK(model_at(&m, 0.3, best.alpha + s * 1e-3, best.mu) > least);
      if (with_v) CHECK(model_at(&m, 0.3, best.alpha, best.mu + s * 1e-3) > least);
    }
  }
}

void test_parallel_directions_and_hopeless_models(void) {
  kfix_best best;
  /* v = 2 u: the 2 x 2 system is singular, u alone decides. */
  const kfix_model parallel = {1, 2, 4, 1, 2, 4, -3, -6, 0};
  CHECK_INT(KFIX_OK, kfix_model_minimise(&parallel, 0.5, 1, 100, &best));
  CHECK_NEAR(1e-14, 2, best.alpha);
  CHECK(best.mu == 0);
  const kfix_model still = {0, 0, 0, 0, 0, 0, 0, 0, 0};
  CHECK_INT(KFIX_OK, kfix_model_minimise(&still, 0.5, 0, 100, &best));
  CHECK(best.alpha == 0 && best.change == 0);
  const kfix_model concave = {-2, 0, 0, 1, 0, 0, 1, 0, 0};
  CHECK_INT(KFIX_REFUSED, kfix_model_minimise(&concave, 0.5, 0, 100, &best));
  const kfix_model broken = {NAN, 0, 0, 1, 0, 0, 1, 0, 0};
  CHECK_INT(KFIX_REFUSED, kfix_model_minimise(&broken, 0.5, 0, 100, &best));
}

/* The objective is not negative, so a model that promises to go below zero is wrong. */
void test_promise_of_more_than_the_objective_is_refused(void) {
  kfix_best best;
  const kfix_model m = {1, 0, 0, 1, 0, 0, -3, 0, 0};
  CHECK_INT(KFIX_OK, kfix_model_minimise(&m, 0.5, 0, 3, &best));
  CHECK_NEAR(1e-15, -3, best.change);
  CHECK_INT(KFIX_REFUSED, kfix_model_minimise(&m, 0.5, 0, 2.99, &best));
}

/* A number about v, or a resolution, that is not finite must not pass in silence. */
void test_model_refuses_what_is_not_finite_about_v(void) {
  kfix_best best;
  const kfix_model broken = {2, NAN, 3, 1, 0, 1, -1, 1, 0};
  CHECK_INT(KFIX_REFUSED, kfix_model_minimise(&broken, 0.5, 1, 100, &best));
  const kfix_model blind = {1, 0, 0, 1, 0, 0, -3, 0, NAN};
  CHECK_INT(KFIX_REFUSED, kfix_model_minimise(&blind, 0.5, 0, 100, &best));
}
