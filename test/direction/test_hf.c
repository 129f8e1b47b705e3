/* SPDX-License-Identifier: Apache-2.0
 * Hessian-free: conjugate gradients against the solution by elimination with the exact F; one iteration against
 * the rescaled update of [KFAC 6.4]; and the pair (alpha, mu) of [KFAC 7] against conjugate gradients. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "reference_direction.h"

enum { ROWS = 131 };

static const uint32_t widths[] = {6, 5, 4, 3};
static double f[DIR_PARAMETERS * DIR_PARAMETERS];
static const double slack = 4e6 * KFIX_REAL_EPS;

static void begin(ref_case *c, kfix_loss loss, size_t rows) {
  case_begin(c, loss, 3, widths, KFIX_TANH, KFIX_LINEAR, rows, 3);
  kfix_options *o = &c->options;
  o->driver = KFIX_FIXED;
  o->learning_rate = 1;
  o->momentum = o->kl_clip = 0;
  o->damping = 0.3;
  o->weight_decay = 0.01;
  o->stats_fraction = 1;
  o->hf_tolerance = 0;
  o->hf_iterations = 250;
  o->hf_decay = 0;
}

static kfix_method below(kfix_method curvature) {
  return (kfix_method)((int)curvature + KFIX_METHOD_STRIDE * (int)KFIX_ALONG_hf);
}

/* The exact F of the first rows, with the expectation over targets, damped; weighted where w is. */
static void exact_fisher(const ref_case *c, const double *theta, size_t rows, const kfix_real *w,
                         double damping) {
  static double one[DIR_PARAMETERS * DIR_PARAMETERS];
  const size_t n = c->ref.parameters;
  double mass = 0;
  memset(f, 0, sizeof f);
  for (size_t e = 0; e < rows; e++) {
    const double weight = w ? (double)w[e] : 1;
    ref_fisher(&c->ref, theta, c->xd + e * c->ref.width[0], 1, one);
    mass += weight;
    for (size_t i = 0; i < n * n; i++) f[i] += weight * one[i];
  }
  for (size_t i = 0; i < n * n; i++) f[i] /= mass;
  for (size_t i = 0; i < n; i++) f[i * n + i] += damping;
}

/* In float the residual cannot fall below eps times the condition: the solution is held to that. */
static void check_solution(kfix_loss loss, kfix_method method, size_t rows, double fraction,
                           const kfix_real *weights) {
  ref_case c;
  kfix_report report;
  double theta[DIR_PARAMETERS], gradient[DIR_PARAMETERS], zeta[DIR_PARAMETERS];
  begin(&c, loss, rows);
  c.options.direction_fraction = fraction;
  c.batch.weights = weights;
  CHECK_INT(KFIX_OK, case_create(&c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
  case_watch(&c);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  CHECK_INT(KFIX_OK, case_view(&c, "grad", gradient));
  const double part = fraction * (double)rows;
  CHECK_INT((size_t)ceil(part), report.made.rows);
  exact_fisher(&c, theta, report.made.rows, weights, 0.31);
  dir_solve(c.ref.parameters, f, gradient, zeta);
  const double size = sqrt(ref_dot(zeta, zeta, c.ref.parameters));
  for (size_t i = 0; i < c.ref.parameters; i++) CHECK_NEAR(slack * size, -zeta[i], c.delta[i]);
  case_end(&c);
}

void test_converged(void) {
  static const size_t rows[] = {1, 32, 64, ROWS};
  for (kfix_loss loss = 0; loss < KFIX_LOSS_COUNT; loss++)
    for (int r = 0; r < 4; r++) {
      check_solution(loss, KFIX_METHOD_hf, rows[r], 1, NULL);
      check_solution(loss, below(KFIX_METHOD_kfac), rows[r], 0.5, NULL);
    }
}

void test_any_preconditioner(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    if (kfix_method_of((kfix_method)m)->curvature)
      check_solution(KFIX_BERNOULLI, below((kfix_method)m), ROWS, 1, NULL);
}

void test_weights_of_examples(void) {
  kfix_real weights[ROWS];
  uint64_t state = 5;
  for (size_t i = 0; i < ROWS; i++)
    weights[i] = (kfix_real)(i % 7 == 3 ? 0 : 1.5 * (case_uniform(&state) + 1));
  check_solution(KFIX_CATEGORICAL, below(KFIX_METHOD_kfac), ROWS, 1, weights);
  check_solution(KFIX_MSE, KFIX_METHOD_hf, 50, 1, weights);
}

/* One iteration from zero is alpha Delta, Delta the curvature's own direction and alpha the best by the exact
 * F [KFAC 6.4]. */
void test_one_iteration(void) {
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) {
    ref_case c, alone;
    double theta[DIR_PARAMETERS], gradient[DIR_PARAMETERS];
    if (!kfix_method_of((kfix_method)m)->curvature) continue;
    begin(&c, KFIX_BERNOULLI, ROWS);
    begin(&alone, KFIX_BERNOULLI, ROWS);
    c.options.hf_iterations = 1;
    CHECK_INT(KFIX_OK, case_create(&c, below((kfix_method)m), NULL, NULL));
    CHECK_INT(KFIX_OK, case_create(&alone, (kfix_method)m, NULL, NULL));
    CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
    CHECK_INT(KFIX_OK, case_random_weights(&alone, 1, 1.5));
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
    case_watch(&c);
    case_watch(&alone);
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
    CHECK_INT(KFIX_OK, kfix_step(alone.k, &alone.batch, NULL));
    CHECK_INT(KFIX_OK, case_view(&c, "grad", gradient));
    exact_fisher(&c, theta, ROWS, NULL, 0.31);
    const size_t n = c.ref.parameters;
    const double alpha =
        -ref_dot(gradient, alone.delta, n) / dir_form(n, f, alone.delta, alone.delta);
    const double size = alpha * sqrt(ref_dot(alone.delta, alone.delta, n));
    for (size_t i = 0; i < n; i++) CHECK_NEAR(slack * size, alpha * alone.delta[i], c.delta[i]);
    case_end(&c);
    case_end(&alone);
  }
}

/* It begins from part of the last update: where that is the solution, there is nothing to do. */
void test_warm_start(void) {
  ref_case c;
  kfix_report report;
  begin(&c, KFIX_BERNOULLI, ROWS);
  c.options.hf_tolerance = 5e-4;
  c.options.hf_decay = 0.95;
  c.options.learning_rate = 1e-3; /* the net hardly moves, but its update is not the solution */
  CHECK_INT(KFIX_OK, case_create(&c, below(KFIX_METHOD_kfac), NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  const uint32_t cold = report.made.iterations;
  case_destroy(&c);
  c.options.learning_rate = 1;
  CHECK_INT(KFIX_OK, case_create(&c, below(KFIX_METHOD_kfac), NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  CHECK_INT(cold, report.made.iterations);
  CHECK(cold > 10 && cold < 250); /* Martens's rule has ended it, not the limit */
  case_end(&c);
}

/* ---- [KFAC 7] is preconditioned conjugate gradients on a quadratic ---- */

enum { STEPS = 6 };

/* Conjugate gradients from zero on a x = b, preconditioned by the diagonal matrix of size `scale`: x after
 * each iteration. */
static void conjugate_gradients(size_t n, const double *a, const double *b, ref_case *c,
                                double gamma, double x[STEPS][DIR_PARAMETERS]) {
  double r[DIR_PARAMETERS], z[DIR_PARAMETERS], p[DIR_PARAMETERS], q[DIR_PARAMETERS];
  double now[DIR_PARAMETERS] = {0}, rz = 0;
  memcpy(r, b, n * sizeof *r);
  for (int i = 0; i < STEPS; i++) {
    dir_precondition(c, gamma, r, z);
    const double next = ref_dot(r, z, n), beta = i > 0 ? next / rz : 0;
    rz = next;
    for (size_t j = 0; j < n; j++) p[j] = z[j] + (i > 0 ? beta * p[j] : 0);
    dir_times(n, a, p, q);
    const double alpha = rz / ref_dot(p, q, n);
    for (size_t j = 0; j < n; j++) {
      now[j] += alpha * p[j];
      r[j] -= alpha * q[j];
    }
    memcpy(x[i], now, n * sizeof *now);
  }
}

/* A linear layer with squared error is a quadratic, F its Hessian, the same everywhere. With S2 the whole
 * batch, no lambda, and a curvature that is made once, the adaptive driver's iterates are those of
 * conjugate gradients. */
void test_pair_is_conjugate_gradients(void) {
  ref_case c;
  static double x[STEPS][DIR_PARAMETERS];
  double theta[DIR_PARAMETERS], start[DIR_PARAMETERS], gradient[DIR_PARAMETERS];
  kfix_report report;
  case_begin(&c, KFIX_MSE, 1, (const uint32_t[]){9, 7}, KFIX_LINEAR, KFIX_LINEAR, ROWS, 3);
  kfix_options *o = &c.options;
  o->lambda = o->lambda_floor = 0;
  o->weight_decay = 0.02;
  o->fisher_fraction = 1;
  o->stats_fraction = 0.1;
  o->stats_every = o->lambda_every = 1000000;
  o->inverse_every = o->gamma_every = 1000000;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  CHECK_INT(KFIX_OK, case_view(&c, "W_after", start));
  const size_t n = c.ref.parameters;
  exact_fisher(&c, start, ROWS, NULL, 0.02);
  ref_gradient(&c.ref, start, c.xd, c.yd, ROWS, 0.02, gradient);
  for (size_t i = 0; i < n; i++) gradient[i] = -gradient[i];
  double largest = 0;
  for (int i = 0; i < STEPS; i++) {
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
    if (i == 0) conjugate_gradients(n, f, gradient, &c, report.gamma, x);
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
    const double size = sqrt(ref_dot(x[i], x[i], n));
    if (i > 0) largest = fmax(largest, fabs(report.mu));
    /* In float each step's pair has the rounding of a 2 x 2 system, and later ones have it summed up. */
    for (size_t j = 0; j < n; j++)
      CHECK_NEAR((KFIX_REAL_BYTES == 4 ? 10 : 1) * slack * size, x[i][j], theta[j] - start[j]);
  }
  CHECK(largest > 0.01); /* it is the momentum that makes them so */
  case_end(&c);
}
