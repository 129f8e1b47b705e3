/* SPDX-License-Identifier: Apache-2.0
 * The gradient of the objective, by every activation and loss, against a dense reference network;
 * the reference and the library against finite differences. */
#include <stdlib.h>

#include "check.h"
#include "reference_case.h"

enum { PARAMETERS_MAX = 1000 };

typedef struct shape {
  size_t depth;
  uint32_t widths[5];
} shape;

static const shape shapes[] = {
    {1, {5, 3}}, {2, {7, 11, 3}}, {3, {1, 13, 1, 2}}, {4, {17, 5, 3, 7, 6}}};
enum { SHAPES = sizeof shapes / sizeof shapes[0] };

/* Rounding of a mean over examples of products through `depth` layers of at most 17 terms. */
static double tolerance(const ref_case *c) {
  return 64 * (double)(c->ref.depth + 1) * KFIX_REAL_EPS;
}

static void check_case(ref_case *c) {
  double theta[PARAMETERS_MAX], lib[PARAMETERS_MAX], expected[PARAMETERS_MAX];
  kfix_report report;
  CHECK_INT(KFIX_OK, case_create(c, KFIX_METHOD_sgd, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(c, 5, 0.9));
  CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, &report));
  CHECK_INT(KFIX_OK, case_view(c, "W", theta));
  CHECK_INT(KFIX_OK, case_view(c, "grad", lib));
  const double eta = c->options.weight_decay;
  ref_gradient(&c->ref, theta, c->xd, c->yd, c->rows, eta, expected);
  CHECK_NEAR(tolerance(c), 0, relative_distance(lib, expected, c->ref.parameters));
  const double value = ref_objective(&c->ref, theta, c->xd, c->yd, c->rows, eta);
  CHECK_NEAR(tolerance(c) * (1 + fabs(value)), value, report.objective);
  case_destroy(c);
}

static void check_combination(kfix_loss loss, kfix_activation inner, kfix_activation output) {
  static const size_t rows[] = {1, 29, 64, 131};
  for (int s = 0; s < SHAPES; s++)
    for (int r = 0; r < 4; r++) {
      ref_case c;
      case_begin(&c, loss, shapes[s].depth, shapes[s].widths, inner, output, rows[r],
                 (uint32_t)(100 * s + r));
      c.options.weight_decay = r % 2 ? 0.03 : 0;
      check_case(&c);
      case_end(&c);
    }
}

static const kfix_activation inners[] = {KFIX_LINEAR, KFIX_RELU, KFIX_SIGMOID, KFIX_TANH};

void test_gradient_of_mse_with_each_output(void) {
  static const kfix_activation outputs[] = {KFIX_LINEAR, KFIX_SIGMOID, KFIX_TANH, KFIX_RELU};
  for (int i = 0; i < 4; i++)
    for (int o = 0; o < 4; o++) check_combination(KFIX_MSE, inners[i], outputs[o]);
}

void test_gradient_of_bernoulli(void) {
  for (int i = 0; i < 4; i++) check_combination(KFIX_BERNOULLI, inners[i], KFIX_SIGMOID);
}

void test_gradient_of_categorical(void) {
  for (int i = 0; i < 4; i++) check_combination(KFIX_CATEGORICAL, inners[i], KFIX_SOFTMAX);
}

/* A converged net: every row is predicted with a probability of about 1 - 1e-7. A logit of 16 is off
 * by the roundings of its four terms, of 8 eps each, and so is what is left of the loss, relatively. */
static void check_certain(kfix_loss loss) {
  ref_case c;
  kfix_real w[3 * 4];
  case_begin(&c, loss, 1, (const uint32_t[]){3, 3}, KFIX_LINEAR, KFIX_LINEAR, 70, 12);
  c.options.weight_decay = 0;
  double theta[12], lib[12], expected[12];
  kfix_report report;
  for (size_t j = 0; j < 12; j++)
    w[j] = (kfix_real)(j % 4 == 3 ? (j == 3 ? 15.7 : -16.3) / (loss == KFIX_BERNOULLI ? 1 : 2)
                                  : 0.1 * (double)j - 0.5);
  for (size_t i = 0; i < c.rows * 3; i++) c.yd[i] = c.y[i] = i % 3 == 0;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_sgd, NULL, NULL));
  CHECK_INT(KFIX_OK, kfix_set_weights(c.k, 1, w));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, &report));
  CHECK_INT(KFIX_OK, case_view(&c, "W", theta));
  CHECK_INT(KFIX_OK, case_view(&c, "grad", lib));
  ref_gradient(&c.ref, theta, c.xd, c.yd, c.rows, 0, expected);
  const double value = ref_objective(&c.ref, theta, c.xd, c.yd, c.rows, 0);
  CHECK(value > 1e-8 && value < 1e-5);
  CHECK_NEAR(48 * KFIX_REAL_EPS * value, value, report.objective);
  CHECK_NEAR(48 * KFIX_REAL_EPS, 0, relative_distance(lib, expected, c.ref.parameters));
  case_destroy(&c);
  case_end(&c);
}

void test_a_net_that_is_all_but_certain_keeps_its_digits(void) {
  check_certain(KFIX_BERNOULLI);
  check_certain(KFIX_CATEGORICAL);
}

/* The reference must be right for the tests above to mean anything. */
void test_reference_gradient_against_its_finite_differences(void) {
  static const kfix_loss losses[] = {KFIX_MSE, KFIX_BERNOULLI, KFIX_CATEGORICAL};
  for (int l = 0; l < 3; l++)
    for (int i = 0; i < 4; i++) {
      ref_case c;
      double theta[PARAMETERS_MAX], gradient[PARAMETERS_MAX];
      uint64_t state = 9;
      case_begin(&c, losses[l], 3, (const uint32_t[]){4, 5, 3, 2}, inners[i], KFIX_TANH, 7, 3);
      for (size_t j = 0; j < c.ref.parameters; j++) theta[j] = case_normal(&state) / 2;
      ref_gradient(&c.ref, theta, c.xd, c.yd, c.rows, 0.1, gradient);
      for (size_t j = 0; j < c.ref.parameters; j++) {
        const double kept = theta[j], h = 1e-6;
        theta[j] = kept + h;
        const double up = ref_objective(&c.ref, theta, c.xd, c.yd, c.rows, 0.1);
        theta[j] = kept - h;
        const double down = ref_objective(&c.ref, theta, c.xd, c.yd, c.rows, 0.1);
        theta[j] = kept;
        CHECK_NEAR(1e-7, gradient[j], (up - down) / (2 * h));
      }
      case_end(&c);
    }
}

/* The library alone: kfix_evaluate before and after, in either direction of one weight. */
static double objective_at(ref_case *c, uint32_t layer, kfix_real *w, size_t j, double value) {
  kfix_score score;
  w[j] = (kfix_real)value;
  CHECK_INT(KFIX_OK, kfix_set_weights(c->k, layer, w));
  CHECK_INT(KFIX_OK, kfix_evaluate(c->k, KFIX_ITERATE, &c->batch, &score));
  return score.objective;
}

void test_gradient_against_finite_differences_of_evaluate(void) {
  ref_case c;
  kfix_real w[100], gradient[100];
  size_t rows, cols;
  case_begin(&c, KFIX_BERNOULLI, 3, (const uint32_t[]){3, 5, 4, 2}, KFIX_TANH, KFIX_SIGMOID, 70, 8);
  c.options.weight_decay = 0.1;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_sgd, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(&c, 2, 1));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  for (uint32_t layer = 1; layer <= 3; layer++) {
    CHECK_INT(KFIX_OK, kfix_view(c.k, "grad", layer, gradient, 100, &rows, &cols));
    CHECK_INT(KFIX_OK, kfix_view(c.k, "W", layer, w, 100, &rows, &cols));
    CHECK_INT(KFIX_OK, kfix_set_weights(c.k, layer, w));
  }
  /* Truncation h^2, rounding eps / h: least at h = eps^(1/3), where both are about h^2. */
  const double h = cbrt(KFIX_REAL_EPS), bound = 4 * h * h;
  for (uint32_t layer = 1; layer <= 3; layer++) {
    CHECK_INT(KFIX_OK, kfix_get_weights(c.k, KFIX_ITERATE, layer, w));
    CHECK_INT(KFIX_OK, kfix_view(c.k, "grad", layer, gradient, 100, &rows, &cols));
    for (size_t j = 0; j < rows * cols; j++) {
      const kfix_real kept = w[j];
      const double up = objective_at(&c, layer, w, j, kept + h);
      const double down = objective_at(&c, layer, w, j, kept - h);
      objective_at(&c, layer, w, j, kept);
      const double width = (double)(kfix_real)(kept + h) - (double)(kfix_real)(kept - h);
      CHECK_NEAR(bound, gradient[j], (up - down) / width);
    }
  }
  case_end(&c);
}

/* An auto-encoder's targets are its inputs, and a row order is that of the table. */
void test_autoencoder_and_row_order(void) {
  static const uint32_t order[] = {4, 0, 3, 3, 1};
  ref_case c;
  double theta[PARAMETERS_MAX], lib[PARAMETERS_MAX], expected[PARAMETERS_MAX], x[5 * 6];
  case_begin(&c, KFIX_MSE, 2, (const uint32_t[]){6, 4, 6}, KFIX_TANH, KFIX_LINEAR, 5, 1);
  c.net.target = KFIX_TARGET_INPUT;
  c.table.y = NULL;
  c.table.order = order;
  CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_sgd, NULL, NULL));
  CHECK_INT(KFIX_OK, kfix_step(c.k, &c.batch, NULL));
  CHECK_INT(KFIX_OK, case_view(&c, "W", theta));
  CHECK_INT(KFIX_OK, case_view(&c, "grad", lib));
  for (size_t r = 0; r < 5; r++) memcpy(x + r * 6, c.xd + order[r] * 6, 6 * sizeof *x);
  ref_gradient(&c.ref, theta, x, x, 5, c.options.weight_decay, expected);
  CHECK_NEAR(tolerance(&c), 0, relative_distance(lib, expected, c.ref.parameters));
  case_end(&c);
}

void test_evaluate_and_predict_against_the_reference(void) {
  static const kfix_loss losses[] = {KFIX_MSE, KFIX_BERNOULLI, KFIX_CATEGORICAL};
  for (int l = 0; l < 3; l++) {
    ref_case c;
    double theta[PARAMETERS_MAX], loss = 0, error = 0;
    kfix_real p[131 * 9];
    kfix_score score;
    ref_pass t;
    case_begin(&c, losses[l], 3, (const uint32_t[]){5, 7, 6, 7}, KFIX_RELU, KFIX_TANH, 131, 4);
    CHECK_INT(KFIX_OK, case_create(&c, KFIX_METHOD_adam, NULL, NULL));
    CHECK_INT(KFIX_OK, case_random_weights(&c, 3, 1.2));
    CHECK_INT(KFIX_OK, case_view(&c, "W_after", theta));
    CHECK_INT(KFIX_OK, kfix_evaluate(c.k, KFIX_ITERATE, &c.batch, &score));
    CHECK_INT(KFIX_OK, kfix_predict(c.k, KFIX_ITERATE, &c.batch, p, 9));
    for (size_t e = 0; e < c.rows; e++) {
      ref_forward(&c.ref, theta, c.xd + e * 5, &t);
      loss += ref_loss(&c.ref, &t, c.yd + e * 7) / (double)c.rows;
      error += ref_error(&c.ref, &t, c.yd + e * 7) / (double)c.rows;
      for (size_t j = 0; j < 7; j++)
        CHECK_NEAR(tolerance(&c) * (1 + fabs(t.p[j])), t.p[j], p[e * 9 + j]);
    }
    CHECK_NEAR(tolerance(&c) * (1 + loss), loss, score.loss);
    CHECK_NEAR(tolerance(&c) * (1 + error), error, score.error);
    case_end(&c);
  }
}
