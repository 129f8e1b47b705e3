/* SPDX-License-Identifier: Apache-2.0
 * The diagonal of the Fisher matrix: its running average by brute force, with and without weights of
 * examples, and the directions made of it. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "reference_case.h"

enum { LAYERS = 4, PARAMETERS_MAX = 200, ROWS = 70, STEPS = 6 };

static const uint32_t widths[] = {5, 7, 1, 4, 3};

/* D of one batch: the mean over rows of (g_i abar_j)^2, weighted, in the reference's layout. */
static void batch_diagonal(const ref_case *c, const double *theta, const double *y, size_t rows,
                           double *out) {
  double mass = 0;
  memset(out, 0, c->ref.parameters * sizeof *out);
  for (size_t r = 0; r < rows; r++) {
    const double w = c->batch.weights ? (double)c->batch.weights[r] : 1;
    ref_pass pass;
    ref_forward(&c->ref, theta, c->xd + r * widths[0], &pass);
    ref_backward(&c->ref, theta, y + r * ref_outputs(&c->ref), &pass);
    for (size_t l = 0; l < LAYERS; l++)
      for (size_t i = 0; i < widths[l + 1]; i++)
        for (size_t j = 0; j <= widths[l]; j++)
          out[c->ref.w[l] + i * (widths[l] + 1) + j] += w * pow(pass.g[l][i] * pass.a[l][j], 2);
    mass += w;
  }
  for (size_t i = 0; i < c->ref.parameters; i++) out[i] /= mass;
}

static void begin(ref_case *c, kfix_loss loss, kfix_choice driver, const kfix_real *weights) {
  case_begin(c, loss, LAYERS, widths, KFIX_TANH, KFIX_LINEAR, ROWS, 3);
  c->options.driver = driver;
  c->options.lambda = 1;
  c->options.decay = 0.7; /* reached at the fourth update */
  c->options.stats_fraction = 0.6;
  c->options.inverse_every = c->options.gamma_every = 4;
  c->batch.weights = weights;
  CHECK_INT(KFIX_OK, case_create(c, KFIX_METHOD_diagonal, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(c, 1, 1));
  case_watch(c);
}

/* Each step's D, and its direction -gradient / (D + gamma^2). */
static void check_steps(kfix_loss loss, kfix_choice driver, const kfix_real *weights) {
  ref_case c;
  kfix_report r;
  double theta[PARAMETERS_MAX], d[PARAMETERS_MAX] = {0}, batch[PARAMETERS_MAX];
  double lib[PARAMETERS_MAX], grad[PARAMETERS_MAX], expected[PARAMETERS_MAX];
  begin(&c, loss, driver, weights);
  for (int s = 0; s < STEPS; s++) {
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
    CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &r));
    CHECK_NEAR(1e-15, s < 3 ? 1 - 1.0 / (s + 1) : 0.7, r.decay);
    batch_diagonal(&c, theta, c.sampled, r.stats_rows, batch);
    for (size_t i = 0; i < c.ref.parameters; i++) d[i] = r.decay * d[i] + (1 - r.decay) * batch[i];
    for (size_t l = 0; l < LAYERS; l++) {
      CHECK_INT(KFIX_OK, case_matrix(&c, "D", l, lib + c.ref.w[l]));
      CHECK_NEAR(
          256 * KFIX_REAL_EPS, 0,
          relative_distance(lib + c.ref.w[l], d + c.ref.w[l], widths[l + 1] * (widths[l] + 1)));
    }
    CHECK_INT(KFIX_OK, case_view(&c, "grad", grad));
    for (size_t i = 0; i < c.ref.parameters; i++)
      expected[i] = -grad[i] / (lib[i] + r.gamma * r.gamma);
    CHECK_NEAR(16 * KFIX_REAL_EPS, 0, relative_distance(c.delta, expected, c.ref.parameters));
  }
  case_end(&c);
}

void test_steps_of_every_loss_and_driver(void) {
  static const kfix_loss losses[] = {KFIX_MSE, KFIX_BERNOULLI, KFIX_CATEGORICAL};
  for (int l = 0; l < 3; l++)
    for (kfix_choice driver = 0; driver < 2; driver++) check_steps(losses[l], driver, NULL);
}

void test_examples_have_weights(void) {
  kfix_real weights[ROWS];
  for (int i = 0; i < ROWS; i++) weights[i] = (kfix_real)(0.5 * (i % 5));
  check_steps(KFIX_CATEGORICAL, KFIX_FIXED, weights);
  check_steps(KFIX_MSE, KFIX_ADAPTIVE, weights);
}

/* Where neither curvature nor damping holds a coordinate there is no direction. */
void test_undamped_zeros_are_refused(void) {
  ref_case c;
  kfix_report report;
  case_begin(&c, KFIX_MSE, LAYERS, widths, KFIX_TANH, KFIX_LINEAR, 2, 3);
  c.options.driver = KFIX_FIXED;
  c.options.damping = c.options.weight_decay = 0;
  memset(c.x, 0, 2 * widths[0] * sizeof *c.x);
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_diagonal, NULL, NULL));
  const uint64_t before = kfix_digest(c.k);
  CHECK(kfix_step(c.k, &c.batch, &report) != KFIX_OK);
  CHECK_INT(c.options.retries, report.retries);
  CHECK_U64(before, kfix_digest(c.k));
  case_end(&c);
}
