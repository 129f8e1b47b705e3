/* SPDX-License-Identifier: Apache-2.0
 * exact: (F + damping I)^-1 gradient against a dense F over all parameters; what a step promises along it. */
#include <math.h>

#include "check.h"
#include "reference_direction.h"

enum { ROWS = 131 };

static const uint32_t widths[] = {6, 5, 4, 3};
static double f[DIR_PARAMETERS * DIR_PARAMETERS];

/* A difference of vectors 1 / damping times as large as the gradient, and a system of up to 96 unknowns whose
 * condition is below 1e3 here: 4e6 eps is 1e-9 in double. */
static const double slack = 4e6 * KFIX_REAL_EPS;

static void begin(ref_case *c, kfix_loss loss, size_t rows) {
  case_begin(c, loss, 3, widths, KFIX_TANH, KFIX_LINEAR, rows, 3);
  c->options.driver = KFIX_FIXED;
  c->options.learning_rate = 1;
  c->options.momentum = c->options.kl_clip = 0;
  c->options.damping = 0.3;
  c->options.weight_decay = 0.01;
}

static void check_exact(kfix_loss loss, size_t rows, uint32_t most, const kfix_real *weights) {
  ref_case c;
  direction_watch w;
  kfix_report report;
  double theta[DIR_PARAMETERS], gradient[DIR_PARAMETERS], zeta[DIR_PARAMETERS];
  begin(&c, loss, rows);
  c.net.stats_rows = most;
  c.batch.weights = weights;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_exact, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
  direction_watch_begin(&w, &c);
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  CHECK_INT(KFIX_OK, case_view(&c, "grad", gradient));
  CHECK_INT(rows < most ? rows : most, report.made.rows);
  dir_fisher(&c, theta, c.sampled, report.made.rows, weights, 0.31, f);
  dir_solve(c.ref.parameters, f, gradient, zeta);
  const double size = sqrt(ref_dot(zeta, zeta, c.ref.parameters));
  for (size_t i = 0; i < c.ref.parameters; i++) CHECK_NEAR(slack * size, -zeta[i], c.delta[i]);
  case_end(&c);
}

/* Rows in one chunk of 64, in several, fewer than the batch; held aside where the chunk is smaller. */
void test_against_dense_fisher(void) {
  static const size_t rows[] = {1, 5, 32, 64, 97, ROWS};
  static const uint32_t most[] = {32, 64, 96, 300};
  for (kfix_loss loss = 0; loss < KFIX_LOSS_COUNT; loss++)
    for (int r = 0; r < 6; r++)
      for (int m = 0; m < 4; m++) check_exact(loss, rows[r], most[m], NULL);
}

void test_weights_of_examples(void) {
  kfix_real weights[ROWS];
  uint64_t state = 5;
  for (size_t i = 0; i < ROWS; i++)
    weights[i] = (kfix_real)(i % 7 == 3 ? 0 : 1.5 * (case_uniform(&state) + 1));
  check_exact(KFIX_BERNOULLI, 40, 64, weights);
  check_exact(KFIX_CATEGORICAL, ROWS, 96, weights);
}

/* Without damping F is singular: the step is refused, and nothing has changed. */
void test_no_damping(void) {
  ref_case c;
  begin(&c, KFIX_MSE, 20);
  c.options.damping = c.options.weight_decay = 0;
  c.options.retries = 2;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_exact, NULL, NULL));
  const uint64_t before = kfix_digest(c.k);
  CHECK_INT(KFIX_NOT_POSITIVE, kfix_step(c.k, &c.batch, NULL));
  CHECK_U64(before, kfix_digest(c.k));
  case_end(&c);
}

/* With the adaptive driver each step promises a fall, and they add up. */
void test_adaptive_falls(void) {
  ref_case c;
  kfix_report report;
  double first = 0;
  begin(&c, KFIX_BERNOULLI, 64);
  c.options.driver = KFIX_ADAPTIVE;
  c.options.lambda = 1;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_exact, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 1, 1.5));
  for (int step = 0; step < 30; step++) {
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
    CHECK(report.m_delta < 0);
    if (step == 0) first = report.objective;
  }
  CHECK(report.objective < first);
  case_end(&c);
}

/* A trainer of another method takes a step; one of exact says how far its direction was. */
static void check_distance(kfix_method method, size_t rows, const kfix_real *weights) {
  ref_case c, exact;
  kfix_report report;
  kfix_distance d;
  double theta[DIR_PARAMETERS], gradient[DIR_PARAMETERS], zeta[DIR_PARAMETERS], e[DIR_PARAMETERS];
  kfix_real delta[DIR_PARAMETERS];
  begin(&c, KFIX_BERNOULLI, rows);
  begin(&exact, KFIX_BERNOULLI, rows);
  c.batch.weights = exact.batch.weights = weights;
  CHECK_INT(KFIX_OK, case_create(&c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_create(&exact, KFIX_METHOD_exact, NULL, NULL));
  for (uint32_t seed = 1; seed <= 2; seed++) {
    CHECK_INT(KFIX_OK, case_random_weights(&c, seed, 1.5));
    CHECK_INT(KFIX_OK, case_random_weights(&exact, seed, 1.5));
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
    case_watch(&c);
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  }
  const size_t n = c.ref.parameters;
  for (size_t i = 0; i < n; i++) delta[i] = (kfix_real)c.delta[i];
  const uint64_t before = kfix_digest(exact.k);
  direction_watch w;
  direction_watch_begin(&w, &exact);
  CHECK_INT(KFIX_OK, kfix_distance_from_exact(exact.k, &exact.batch, report.step,
                                              report.made.damping, delta, &d));
  CHECK_U64(before, kfix_digest(exact.k));
  CHECK_INT(KFIX_OK, case_view(&c, "grad", gradient));
  CHECK_NEAR(1e-12, 0.31, report.made.damping);
  dir_fisher(&c, theta, exact.sampled, d.rows, weights, 0.31, f);
  dir_solve(n, f, gradient, zeta);
  for (size_t i = 0; i < n; i++) e[i] = c.delta[i] + zeta[i];
  const double size = sqrt(ref_dot(zeta, zeta, n)), length = sqrt(ref_dot(c.delta, c.delta, n));
  CHECK_NEAR(slack, sqrt(ref_dot(e, e, n)) / size, d.euclidean);
  CHECK_NEAR(slack, sqrt(dir_form(n, f, e, e) / dir_form(n, f, zeta, zeta)), d.fisher);
  CHECK_NEAR(slack, -ref_dot(zeta, c.delta, n) / (size * length), d.cosine);
  /* The targets were those of the step: its own statistics saw the same ones. */
  for (size_t i = 0; i < report.stats_rows * ref_outputs(&c.ref); i++)
    CHECK_NEAR(0, c.sampled[i], exact.sampled[i]);
  case_end(&c);
  case_end(&exact);
}

void test_distance(void) {
  kfix_real weights[ROWS];
  uint64_t state = 5;
  for (size_t i = 0; i < ROWS; i++)
    weights[i] = (kfix_real)(i % 7 == 3 ? 0 : 1.5 * (case_uniform(&state) + 1));
  check_distance(KFIX_METHOD_kfac, ROWS, NULL);
  check_distance(KFIX_METHOD_kfac, 30, NULL);
  check_distance(KFIX_METHOD_diagonal, ROWS, weights);
  check_distance(KFIX_ALONG(two_level, ekfac), 64, NULL);
}

void test_distance_refuses(void) {
  ref_case c;
  kfix_distance d;
  kfix_real delta[DIR_PARAMETERS] = {0};
  begin(&c, KFIX_MSE, 20);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_kfac, NULL, NULL));
  CHECK_INT(KFIX_ARGUMENT, kfix_distance_from_exact(c.k, &c.batch, 1, 0.1, delta, &d));
  case_destroy(&c);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_exact, NULL, NULL));
  CHECK_INT(KFIX_ARGUMENT, kfix_distance_from_exact(c.k, &c.batch, 1, 0, delta, &d));
  CHECK_INT(KFIX_ARGUMENT, kfix_distance_from_exact(c.k, &c.batch, 0, 0.1, delta, &d));
  CHECK_INT(KFIX_ARGUMENT, kfix_distance_from_exact(NULL, &c.batch, 1, 0.1, delta, &d));
  CHECK_INT(KFIX_ARGUMENT, kfix_distance_from_exact(c.k, &c.batch, 1, 0.1, NULL, &d));
  case_end(&c);
}
