/* SPDX-License-Identifier: Apache-2.0
 * Weights of examples: the objective, its gradient, its Fisher matrix and all statistics are those of
 * the weighted mean. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "net/net.h"
#include "optim/gradient.h"
#include "optim/model.h"
#include "weighted_case.h"

static const kfix_loss losses[] = {KFIX_MSE, KFIX_BERNOULLI, KFIX_CATEGORICAL};
static kfix_real weights[ROWS_MAX];

static double mass(size_t first, size_t rows) {
  double sum = 0;
  for (size_t i = 0; i < rows; i++) sum += (double)weights[first + i];
  return sum;
}

static const double *x_of(const ref_case *c, size_t row) {
  return c->xd + row * c->ref.width[0];
}
static const double *y_of(const ref_case *c, const double *y, size_t row) {
  return y + row * ref_outputs(&c->ref);
}

/* sum w_i L_i / sum w_i + (eta / 2) ||theta||^2, and the mean error. */
static double weighted_objective(const ref_case *c, const double *theta, double *error) {
  double loss = 0, wrong = 0;
  ref_pass pass;
  for (size_t i = 0; i < c->rows; i++) {
    ref_forward(&c->ref, theta, x_of(c, i), &pass);
    loss += (double)weights[i] * ref_loss(&c->ref, &pass, y_of(c, c->yd, i));
    wrong += (double)weights[i] * ref_error(&c->ref, &pass, y_of(c, c->yd, i));
  }
  if (error) *error = wrong / mass(0, c->rows);
  const size_t n = c->ref.parameters;
  return loss / mass(0, c->rows) + c->options.weight_decay / 2 * ref_dot(theta, theta, n);
}

/* By central differences in double: an error of about h^2 and eps / h. */
static void difference(const ref_case *c, double *theta, double *g) {
  const double h = 1e-5;
  for (size_t i = 0; i < c->ref.parameters; i++) {
    const double here = theta[i];
    theta[i] = here + h;
    const double after = weighted_objective(c, theta, NULL);
    theta[i] = here - h;
    g[i] = (after - weighted_objective(c, theta, NULL)) / (2 * h);
    theta[i] = here;
  }
}

/* Several chunks; soft targets of classes too, as smoothing of labels makes them. */
void test_gradient_is_that_of_the_weighted_objective(void) {
  for (int l = 0; l < 6; l++) {
    ref_case c;
    double theta[PARAMETERS_MAX], g[PARAMETERS_MAX], lib[PARAMETERS_MAX], error;
    kfix_report r;
    kfix_score score;
    weighted_begin(&c, losses[l % 3], l == 0 ? 60 : 150, weights);
    c.options.weight_decay = 1e-2;
    for (size_t i = 0; l == 2 && i < c.rows * widths[LAYERS]; i++)
      c.yd[i] = c.y[i] = (kfix_real)(0.875 * c.yd[i] + 0.125 / widths[LAYERS]);
    weighted_create(&c, KFIX_METHOD_sgd, theta);
    const double h = weighted_objective(&c, theta, &error), slack = 200 * KFIX_REAL_EPS;
    CHECK_INT(KFIX_OK, kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, &score));
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    CHECK_NEAR(slack * h, h, r.objective);
    CHECK_NEAR(slack * error, error, r.error);
    CHECK_NEAR(slack * h, h, score.objective);
    CHECK_NEAR(slack * error, error, score.error);
    difference(&c, theta, g);
    CHECK_INT(KFIX_OK, case_view(&c, "grad", lib));
    CHECK_NEAR(slack + 1e-8, 0, relative_distance(lib, g, c.ref.parameters));
    case_end(&c);
  }
}

/* u^T F u of the exact Fisher, over S2: in the last chunk, a part of it, several chunks. */
static void check_form(kfix_loss loss, size_t rows, double tau2) {
  ref_case c;
  double theta[PARAMETERS_MAX], u[PARAMETERS_MAX], v[PARAMETERS_MAX], fuu = 0, fuv = 0, fvv = 0;
  kfix_model m;
  uint64_t state = 5;
  weighted_begin(&c, loss, rows, weights);
  c.options.fisher_fraction = tau2;
  weighted_create(&c, KFIX_METHOD_kfac, theta);
  kfix_real *direction = kfix_spare(c.k, &c.k->buffer[KFIX_NET_THETA]);
  kfix_real *previous = kfix_spare(c.k, &c.k->own[KFIX_OWN_UPDATE]);
  for (size_t i = 0; i < c.ref.parameters; i++) {
    u[i] = (kfix_real)case_normal(&state);
    v[i] = (kfix_real)case_normal(&state);
  }
  case_vector(&c, u, direction);
  case_vector(&c, v, previous);
  CHECK_INT(KFIX_OK, kfix_take_weights(c.k, &c.batch));
  CHECK_INT(KFIX_OK,
            kfix_gradient(c.k, kfix_current(c.k, &c.k->buffer[KFIX_NET_THETA]), &c.batch, 0));
  CHECK_INT(KFIX_OK, kfix_model_measure(c.k, &c.batch, direction, previous, 0, &m));
  const size_t first = c.k->report.fisher_first, s2 = c.k->report.fisher_rows;
  for (size_t i = first; i < first + s2; i++) {
    const double w = (double)weights[i] / mass(first, s2);
    fuu += w * ref_fisher_form(&c.ref, theta, x_of(&c, i), 1, u, u);
    fuv += w * ref_fisher_form(&c.ref, theta, x_of(&c, i), 1, u, v);
    fvv += w * ref_fisher_form(&c.ref, theta, x_of(&c, i), 1, v, v);
  }
  const double eps = 128 * KFIX_REAL_EPS;
  CHECK_NEAR(eps * fuu, fuu, m.fuu);
  CHECK_NEAR(eps * fvv, fvv, m.fvv);
  CHECK_NEAR(eps * sqrt(fuu * fvv), fuv, m.fuv);
  /* Another direction against the same v, whose tangent stands already. */
  if (kfix_model_resident(c.k, rows)) {
    CHECK_INT(KFIX_OK, kfix_model_measure(c.k, &c.batch, previous, previous, 1, &m));
    CHECK_NEAR(eps * fvv, fvv, m.fuu);
    CHECK_NEAR(eps * fvv, fvv, m.fuv);
  }
  case_end(&c);
}

void test_quadratic_model_is_that_of_the_weighted_fisher(void) {
  for (int l = 0; l < 3; l++) {
    check_form(losses[l], 37, 1);
    check_form(losses[l], 150, 0.1);
    check_form(losses[l], 150, 0.7);
  }
}

/* Factors, and the scalings of EKFAC in its own basis, from sampled targets by brute force. */
static void check_statistics(kfix_loss loss, kfix_method method, size_t rows) {
  ref_case c;
  double theta[PARAMETERS_MAX], a[64], g[64], s[64], ua[64], ug[64], lib[64];
  weighted_begin(&c, loss, rows, weights);
  weighted_create(&c, method, theta);
  case_watch(&c);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  for (size_t l = 0; l < LAYERS; l++) {
    const size_t in = widths[l] + 1, out = widths[l + 1];
    const int scalings = method == KFIX_METHOD_ekfac;
    memset(a, 0, sizeof a);
    memset(g, 0, sizeof g);
    memset(s, 0, sizeof s);
    if (scalings) CHECK_INT(KFIX_OK, case_matrix(&c, "UA", l, ua));
    if (scalings) CHECK_INT(KFIX_OK, case_matrix(&c, "UG", l, ug));
    for (size_t r = 0; r < rows; r++) {
      ref_pass pass;
      const double w = (double)weights[r] / mass(0, rows);
      ref_forward(&c.ref, theta, x_of(&c, r), &pass);
      ref_backward(&c.ref, theta, y_of(&c, c.sampled, r), &pass);
      for (size_t i = 0; i < in; i++)
        for (size_t j = 0; j < in; j++) a[i * in + j] += w * pass.a[l][i] * pass.a[l][j];
      for (size_t i = 0; i < out; i++)
        for (size_t j = 0; j < out; j++) g[i * out + j] += w * pass.g[l][i] * pass.g[l][j];
      for (size_t i = 0; scalings && i < in; i++)
        for (size_t j = 0; j < out; j++) {
          double along_a = 0, along_g = 0;
          for (size_t t = 0; t < in; t++) along_a += ua[t * in + i] * pass.a[l][t];
          for (size_t t = 0; t < out; t++) along_g += ug[t * out + j] * pass.g[l][t];
          s[i * out + j] += w * along_a * along_a * along_g * along_g;
        }
    }
    CHECK_INT(KFIX_OK, case_matrix(&c, "A", l, lib));
    CHECK_NEAR(64 * KFIX_REAL_EPS, 0, relative_distance(lib, a, in * in));
    CHECK_INT(KFIX_OK, case_matrix(&c, "G", l, lib));
    CHECK_NEAR(256 * KFIX_REAL_EPS, 0, relative_distance(lib, g, out * out));
    if (!scalings) continue;
    CHECK_INT(KFIX_OK, case_matrix(&c, "s", l, lib));
    CHECK_NEAR(512 * KFIX_REAL_EPS, 0, relative_distance(lib, s, in * out));
  }
  case_end(&c);
}

void test_statistics_are_weighted(void) {
  for (int l = 0; l < 3; l++) {
    check_statistics(losses[l], KFIX_METHOD_kfac, 50);
    check_statistics(losses[l], KFIX_METHOD_kfac_tridiag, 150);
    check_statistics(losses[l], KFIX_METHOD_ekfac, 150);
  }
}
