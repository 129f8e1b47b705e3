/* SPDX-License-Identifier: Apache-2.0
 * A step of kfac is one of gradient descent in a net whose activities and gradients are centred and
 * whitened [KFAC 10, Corollary 3]: that net is built, with its transformations as layers of their own. */
#include <string.h>

#include "invariance_case.h"

enum { ROWS = INVARIANCE_ROWS, IN = 4, OUT = 3, SIDE = INVARIANCE_SIDE };
enum { PARAMETERS_MAX = INVARIANCE_PARAMETERS };

/* A = L L^T. */
static void cholesky(size_t n, const double *a, double *l) {
  memset(l, 0, n * n * sizeof *l);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      double sum = a[i * n + j];
      for (size_t k = 0; k < j; k++) sum -= l[i * n + k] * l[j * n + k];
      l[i * n + j] = i == j ? sqrt(sum) : sum / l[j * n + j];
    }
}

/* out (m x n) = op(x) op(y), inner dimension k. */
static void product(size_t m, size_t n, size_t k, const double *x, int xt, const double *y,
                    double *out) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (size_t t = 0; t < k; t++) sum += (xt ? x[t * m + i] : x[i * k + t]) * y[t * n + j];
      out[i * n + j] = sum;
    }
}

/* Of one layer: with A = L_A L_A^T and G = L_G L_G^T, Omega = L_A^-1 and Phi = L_G^-T. So the new inputs
 * Omega abar and gradients Phi^T g have second moments I, and W = Phi W' Omega. */
typedef struct whitener {
  size_t a, g;
  double la[SIDE * SIDE], lg[SIDE * SIDE], omega[SIDE * SIDE], phi[SIDE * SIDE];
} whitener;

static whitener whitener_of(ref_case *c, size_t layer) {
  whitener w = {.a = c->ref.width[layer] + 1, .g = c->ref.width[layer + 1]};
  double m[SIDE * SIDE], inverse[SIDE * SIDE];
  CHECK_INT(KFIX_OK, case_matrix(c, "A", layer, m));
  cholesky(w.a, m, w.la);
  CHECK(ref_inverse(w.a, w.la, w.omega));
  CHECK_INT(KFIX_OK, case_matrix(c, "G", layer, m));
  cholesky(w.g, m, w.lg);
  CHECK(ref_inverse(w.g, w.lg, inverse));
  for (size_t i = 0; i < w.g; i++)
    for (size_t j = 0; j < w.g; j++) w.phi[i * w.g + j] = inverse[j * w.g + i];
  return w;
}

/* W' = L_G^T W L_A, and back. */
static void whitened(const whitener *w, const double *v, double *out) {
  double half[SIDE * SIDE];
  product(w->g, w->a, w->g, w->lg, 1, v, half);
  product(w->g, w->a, w->a, half, 0, w->la, out);
}

static void restored(const whitener *w, const double *v, double *out) {
  double half[SIDE * SIDE];
  product(w->g, w->a, w->g, w->phi, 0, v, half);
  product(w->g, w->a, w->a, half, 0, w->omega, out);
}

/* The net of two layers {4, 6, 3}, and the whitened one as a chain: Omega_0, W'_1, Phi_1 and tanh, Omega_1,
 * W'_2, Phi_2. Where a layer has no homogeneous coordinate its last column is zero. */
enum { PAIRS = 2, CHAIN = 3 * PAIRS };
static const uint32_t plain_widths[] = {IN, 6, OUT};
static const uint32_t chain_widths[] = {IN, IN + 1, 6, 6, 7, OUT, OUT};

static void put(double *out, size_t rows, size_t cols, size_t ld, const double *m) {
  memset(out, 0, rows * ld * sizeof *out);
  for (size_t i = 0; i < rows; i++) memcpy(out + i * ld, m + i * cols, cols * sizeof *out);
}

static void begin_chain(ref_case *chain, const ref_case *plain, const whitener *w,
                        const double *theta, double *start) {
  case_begin(chain, KFIX_MSE, CHAIN, chain_widths, KFIX_LINEAR, KFIX_LINEAR, ROWS, 3);
  chain->nodes[2].activation = KFIX_TANH;
  invariance_options(chain, 1e-2);
  for (size_t l = 0; l < PAIRS; l++) {
    double own[SIDE * SIDE];
    const size_t *at = chain->ref.w + 3 * l;
    whitened(&w[l], theta + plain->ref.w[l], own);
    put(start + at[0], w[l].a, w[l].a, w[l].a, w[l].omega);
    put(start + at[1], w[l].g, w[l].a, w[l].a + 1, own);
    put(start + at[2], w[l].g, w[l].g, w[l].g + 1, w[l].phi);
  }
}

/* The moments of what W' reads and of its g are I: with the same draws, those of the same targets. */
static void check_whitened(ref_case *chain, const double *start, double tolerance) {
  invariance_create(chain, KFIX_METHOD_kfac, start);
  CHECK_INT(KFIX_OK, kfix_step(chain->k, &chain->batch, NULL));
  for (size_t l = 0; l < PAIRS; l++)
    for (int out = 0; out < 2; out++) {
      const size_t used = plain_widths[l + (size_t)out] + !out, n = out ? used : used + 1;
      double m[SIDE * SIDE * 2];
      CHECK_INT(KFIX_OK, case_matrix(chain, out ? "G" : "A", 3 * l + 1, m));
      for (size_t i = 0; i < used; i++)
        for (size_t j = 0; j < used; j++) CHECK_NEAR(tolerance, i == j, m[i * n + j]);
    }
  case_destroy(chain);
}

/* The step of W' by gradient descent, in the coordinates of W. */
static void descend(ref_case *chain, const ref_case *plain, const whitener *w, const double *start,
                    double *update) {
  double step[PARAMETERS_MAX];
  invariance_create(chain, KFIX_METHOD_sgd, start);
  CHECK_INT(KFIX_OK, kfix_step(chain->k, &chain->batch, NULL));
  CHECK_INT(KFIX_OK, case_view(chain, "update", step));
  for (size_t l = 0; l < PAIRS; l++) {
    double own[SIDE * SIDE];
    const double *from = step + chain->ref.w[3 * l + 1];
    for (size_t i = 0; i < w[l].g; i++)
      memcpy(own + i * w[l].a, from + i * (w[l].a + 1), w[l].a * sizeof *own);
    restored(&w[l], own, update + plain->ref.w[l]);
  }
  case_destroy(chain);
}

void test_kfac_is_gradient_descent_in_the_whitened_net(void) {
  ref_case plain, chain;
  whitener w[PAIRS];
  double theta[PARAMETERS_MAX], start[PARAMETERS_MAX], update[PARAMETERS_MAX];
  double by_kfac[PARAMETERS_MAX], by_sgd[PARAMETERS_MAX];
  if (KFIX_REAL_EPS > 1e-10) SKIP("the tolerance in float is above what a step does");
  case_begin(&plain, KFIX_MSE, PAIRS, plain_widths, KFIX_TANH, KFIX_LINEAR, ROWS, 3);
  invariance_options(&plain, 0);
  CHECK_INT(KFIX_OK, case_create(&plain, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&plain, 5, 1));
  CHECK_INT(KFIX_OK, case_view(&plain, "W_after", theta));
  CHECK_INT(KFIX_OK, kfix_step(plain.k, &plain.batch, NULL));
  CHECK_INT(KFIX_OK, case_view(&plain, "update", by_kfac));
  const double tolerance = 64 * KFIX_REAL_EPS * invariance_condition(&plain);
  CHECK(tolerance < 1e-3);
  for (size_t l = 0; l < PAIRS; l++) w[l] = whitener_of(&plain, l);
  case_destroy(&plain);
  begin_chain(&chain, &plain, w, theta, start);
  check_whitened(&chain, start, tolerance);
  descend(&chain, &plain, w, start, update);
  CHECK_NEAR(tolerance, 0, relative_distance(update, by_kfac, plain.ref.parameters));
  /* Gradient descent in the net as it is goes elsewhere. */
  invariance_create(&plain, KFIX_METHOD_sgd, theta);
  CHECK_INT(KFIX_OK, kfix_step(plain.k, &plain.batch, NULL));
  CHECK_INT(KFIX_OK, case_view(&plain, "update", by_sgd));
  CHECK(relative_distance(by_sgd, by_kfac, plain.ref.parameters) > 0.3);
  case_end(&plain);
  case_end(&chain);
}
