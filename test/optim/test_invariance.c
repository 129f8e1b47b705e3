/* SPDX-License-Identifier: Apache-2.0
 * What K-FAC does not depend on [KFAC 10, Theorem 1]: kfac and kfac-tridiag take the same path in a net whose
 * units or inputs are transformed, from weights that are transformed likewise. Both nets see the same draws,
 * so sampled targets agree. */
#include <string.h>

#include "invariance_case.h"

enum { DEPTH = 3, ROWS = INVARIANCE_ROWS, STEPS = 5, IN = 4, OUT = 3 };
enum { PARAMETERS_MAX = INVARIANCE_PARAMETERS };

static const uint32_t widths[] = {IN, 6, 5, OUT};
static const kfix_method invariant[] = {KFIX_METHOD_kfac, KFIX_METHOD_kfac_tridiag};

static void begin(ref_case *c, kfix_loss loss, kfix_activation inner, double damping) {
  case_begin(c, loss, DEPTH, widths, inner, KFIX_LINEAR, ROWS, 3);
  invariance_options(c, damping);
}

static void predict(ref_case *c, double *p) {
  static kfix_real out[ROWS * OUT];
  CHECK_INT(KFIX_OK, kfix_predict(c->k, KFIX_ITERATE, &c->batch, out, OUT));
  for (size_t i = 0; i < ROWS * OUT; i++) p[i] = (double)out[i];
}

/* ---- Theorem 1: a net and a reparameterisation of it ---- */

/* theta of the other net, the same function of the inputs that it gets. */
typedef void transform(const ref_case *c, const double *theta, double *out);

typedef struct outcome {
  double moved, apart; /* predictions: from the first ones; of one net from the other's. Relative */
  double weights;      /* the other's weights, from the transformed ones */
  double condition;
} outcome;

static double run(ref_case *c, kfix_method method, const double *theta, double *p, double *after) {
  invariance_create(c, method, theta);
  for (int s = 0; s < STEPS; s++) CHECK_INT(KFIX_OK, kfix_step(c->k, &c->batch, NULL));
  predict(c, p);
  CHECK_INT(KFIX_OK, case_view(c, "W_after", after));
  return method == KFIX_METHOD_kfac || method == KFIX_METHOD_kfac_tridiag ? invariance_condition(c)
                                                                          : 1;
}

static void draw(const ref_case *c, double *theta) {
  uint64_t state = 9;
  for (size_t l = 0; l < DEPTH; l++)
    for (size_t i = 0; i < widths[l + 1] * (widths[l] + 1); i++)
      theta[c->ref.w[l] + i] = (double)(kfix_real)(case_normal(&state) / sqrt(widths[l] + 1.0));
}

/* c and other have begun. */
static outcome compare(ref_case *c, ref_case *other, kfix_method method, transform *to_other) {
  static double first[ROWS * OUT], p[ROWS * OUT], q[ROWS * OUT];
  double theta[PARAMETERS_MAX], start[PARAMETERS_MAX], after[PARAMETERS_MAX];
  double expected[PARAMETERS_MAX], other_after[PARAMETERS_MAX];
  outcome o;
  draw(c, theta);
  to_other(c, theta, start);
  invariance_create(c, method, theta);
  predict(c, first);
  case_destroy(c);
  invariance_create(other, method, start);
  predict(other, q);
  case_destroy(other);
  CHECK_NEAR(1e3 * KFIX_REAL_EPS, 0, relative_distance(q, first, ROWS * OUT));
  const double here = run(c, method, theta, p, after);
  const double there = run(other, method, start, q, other_after);
  to_other(c, after, expected);
  o.condition = fmax(here, there);
  o.moved = relative_distance(p, first, ROWS * OUT);
  o.apart = relative_distance(q, p, ROWS * OUT);
  o.weights = relative_distance(other_after, expected, c->ref.parameters);
  case_end(c);
  case_end(other);
  return o;
}

static void check_same(const outcome *o, double floor) {
  const double tolerance = 64 * STEPS * KFIX_REAL_EPS * o->condition / floor;
  CHECK(tolerance < 1e-3); /* below what the steps do, or nothing is shown */
  CHECK(o->moved > 0.05);
  CHECK_NEAR(tolerance, 0, o->apart);
  CHECK_NEAR(tolerance, 0, o->weights);
}

static void check_different(const outcome *o) {
  CHECK(o->moved > 0.01);
  CHECK(o->apart > 0.01);
}

/* kfac-tridiag divides by what its floor holds up, too. */
static double floor_of(const ref_case *c, kfix_method method) {
  return method == KFIX_METHOD_kfac_tridiag ? c->options.tridiag_floor : 1;
}

/* ---- tanh s = 2 sigmoid(2 s) - 1 ---- */

/* Hidden units of sigmoids: their s is twice, their a is (a + 1) / 2. */
static void to_sigmoids(const ref_case *c, const double *theta, double *out) {
  for (size_t l = 0; l < DEPTH; l++)
    for (size_t i = 0; i < widths[l + 1]; i++) {
      const size_t in = widths[l], at = c->ref.w[l] + i * (in + 1);
      const double s = l + 1 < DEPTH ? 2 : 1, a = l > 0 ? 2 : 1;
      double bias = theta[at + in];
      for (size_t j = 0; j < in; j++) out[at + j] = s * a * theta[at + j];
      for (size_t j = 0; j < in && l > 0; j++) bias -= theta[at + j];
      out[at + in] = s * bias;
    }
}

static outcome tanh_against_sigmoid(kfix_method method, kfix_loss loss, double damping) {
  ref_case c, other;
  begin(&c, loss, KFIX_TANH, damping);
  begin(&other, loss, KFIX_SIGMOID, damping);
  return compare(&c, &other, method, to_sigmoids);
}

/* ---- inputs moved and mixed: x' = B x + b ---- */

static const double mix[IN][IN] = {{3, 1, 0, 0}, {0, 0.5, -1, 0}, {0, 0, 2, 0.25}, {0, 0, 0, 10}};
static const double shift[IN] = {5, -1, 0, 2};

/* W' = (W_a B^-1, w - W_a B^-1 b): B is triangular. */
static void to_mixed(const ref_case *c, const double *theta, double *out) {
  memcpy(out, theta, c->ref.parameters * sizeof *out);
  for (size_t i = 0; i < widths[1]; i++) {
    double *row = out + i * (IN + 1);
    for (size_t j = 0; j < IN; j++) {
      for (size_t k = 0; k < j; k++) row[j] -= row[k] * mix[k][j];
      row[j] /= mix[j][j];
      row[IN] -= row[j] * shift[j];
    }
  }
}

static void mix_inputs(ref_case *c) {
  for (size_t r = 0; r < ROWS; r++) {
    double x[IN];
    for (size_t i = 0; i < IN; i++) x[i] = shift[i];
    for (size_t i = 0; i < IN; i++)
      for (size_t j = 0; j < IN; j++) x[i] += mix[i][j] * c->xd[r * IN + j];
    for (size_t i = 0; i < IN; i++) c->x[r * IN + i] = (kfix_real)x[i];
  }
}

static outcome mixed_inputs(kfix_method method, kfix_loss loss, double damping) {
  ref_case c, other;
  begin(&c, loss, KFIX_TANH, damping);
  begin(&other, loss, KFIX_TANH, damping);
  mix_inputs(&other);
  return compare(&c, &other, method, to_mixed);
}

/* ---- the theorem, and where it does not hold ---- */

typedef outcome reparameterise(kfix_method method, kfix_loss loss, double damping);

static void check_theorem(reparameterise *of) {
  static const kfix_loss losses[] = {KFIX_MSE, KFIX_BERNOULLI};
  ref_case c;
  if (KFIX_REAL_EPS > 1e-10) SKIP("the tolerance in float is above what steps do");
  begin(&c, KFIX_MSE, KFIX_TANH, 0);
  for (size_t m = 0; m < 2; m++)
    for (int l = 0; l < 2; l++) {
      const outcome o = of(invariant[m], losses[l], 0);
      check_same(&o, floor_of(&c, invariant[m]));
    }
  case_end(&c);
}

void test_tanh_or_sigmoid_is_the_same(void) {
  check_theorem(tanh_against_sigmoid);
}

void test_affine_inputs_are_the_same(void) {
  check_theorem(mixed_inputs);
}

void test_gradient_descent_depends_on_both(void) {
  const outcome a = tanh_against_sigmoid(KFIX_METHOD_sgd, KFIX_MSE, 0);
  const outcome b = mixed_inputs(KFIX_METHOD_sgd, KFIX_MSE, 0);
  check_different(&a);
  check_different(&b);
}

/* So does what is damped: gamma I is not the same in other coordinates. The diagonal alone is that of
 * these coordinates. */
void test_damping_and_diagonals_depend_on_both(void) {
  for (size_t m = 0; m < 2; m++) {
    const outcome a = tanh_against_sigmoid(invariant[m], KFIX_MSE, 0.1);
    const outcome b = mixed_inputs(invariant[m], KFIX_MSE, 0.1);
    check_different(&a);
    check_different(&b);
  }
  const outcome d = mixed_inputs(KFIX_METHOD_diagonal, KFIX_MSE, 1e-2);
  check_different(&d);
}
