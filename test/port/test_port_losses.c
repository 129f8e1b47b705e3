/* SPDX-License-Identifier: Apache-2.0
 * Losses, their gradients and Fisher products on the reference port against the formulas of port.h in
 * long double, over logits from certain to undecided: a prediction near 0 or 1 must cost no digits.
 *
 * Bounds, in eps, of a relative error. Each function is 1 ulp (exp) or 1.5 (log1p), each operation 1/2:
 *   odds        1 (Bernoulli: exact argument) or 1.5; their sum in kfix_real 2; 1 + it 2
 *   residual    quotient of those: 4.5 of p or of 1 - p; rounding of 1 - y, and of the result
 *   loss        log1p of the sum: 3.5; 1 - y, and the multiply-add: 1
 *   Bernoulli's p (1 - p): 1 + 2.5 + 1/2
 *   covariance  of a distribution whose odds are off by 1.5: 3 of sqrt(F_uu F_vv)
 * What is below the smallest normal number is off by a unit of that. */
#include <float.h>

#include "check.h"
#include "port/ref/ref.h"

#define CLASSES_MAX 37
#define CASES_MAX   64
#define LD          40

static const long double eps = KFIX_REAL_EPS, least = KFIX_REAL_MIN * KFIX_REAL_EPS;
static double scratch[3 * CASES_MAX];
static const kfix_device device = {&kfix_port_ref, NULL, scratch, sizeof scratch, 1, NULL};
#define PORT (&kfix_port_ref)
/* Rows are a block each. */
static const kfix_row_blocks one = {NULL, 1, 1};

static const double sizes[] = {0, 1e-30, 1e-8, 1e-4, 0.01, 0.3,  0.6931, 1,    2.5,
                               5, 9.3,   15.7, 16.7, 20,   36.1, 50.3,   69.9, 87};
#define SIZES (sizeof sizes / sizeof *sizes)
static const double targets[] = {0, 1, 0.5, 0.25, 0.9, 1e-3, 1 - 1e-6, 1e-7};
#define TARGETS (sizeof targets / sizeof *targets)

static kfix_real z[CASES_MAX * LD], y[CASES_MAX * LD], g[CASES_MAX * LD], w[CASES_MAX * LD];
static kfix_real u[CASES_MAX * LD], v[CASES_MAX * LD];

static void near(long double tolerance, long double expected, long double actual) {
  CHECK_NEAR((double)(tolerance + 4 * least), (double)expected, (double)actual);
}

/* The difference in long double, so that the doubles of CHECK_NEAR do not round it away. */
static void close_to(long double tolerance, long double expected, long double actual) {
  near(tolerance, 0, actual - expected);
}

static double loss_of(kfix_loss loss, size_t n, double *error) {
  double sums[2] = {0, 0};
  CHECK_INT(KFIX_OK, PORT->loss(&device, loss, 1, n, z, LD, y, LD, w, LD, one, sums));
  if (error) *error = sums[1];
  return sums[0];
}

/* ---- Bernoulli: every logit with every target ---- */

typedef struct binary {
  long double p, q, loss, residual;
} binary;

static binary exact_binary(long double s, long double t) {
  const long double e = expl(-fabsl(s)), small = e / (1 + e), large = 1 / (1 + e);
  const binary b = {s > 0 ? large : small, s > 0 ? small : large,
                    log1pl(e) + (s > 0 ? (1 - t) * s : -t * s),
                    s > 0 ? (1 - t) - small : small - t};
  return b;
}

static void check_binary(kfix_real s, kfix_real t) {
  const binary b = exact_binary(s, t);
  const long double smaller = fminl(b.p, b.q), variance = b.p * b.q;
  double error, sums[3] = {0, 0, 0};
  z[0] = s;
  y[0] = t;
  u[0] = 3;
  v[0] = -2;
  CHECK_INT(KFIX_OK, PORT->residual(&device, KFIX_BERNOULLI, 1, 1, z, LD, y, LD, g, LD));
  close_to(eps * (4.5L * smaller + fabsl(b.residual)), b.residual, g[0]);
  close_to(4.5L * eps * b.loss, b.loss, loss_of(KFIX_BERNOULLI, 1, &error));
  const long double off = eps * (4.5L * smaller + fabsl(b.residual));
  close_to(2.1L * off * (fabsl(b.residual) + off), b.residual * b.residual, error);
  CHECK_INT(KFIX_OK,
            PORT->fisher(&device, KFIX_BERNOULLI, 1, 1, z, LD, u, LD, v, LD, w, LD, one, sums));
  close_to(5 * eps * 9 * variance, 9 * variance, sums[0]);
  close_to(5 * eps * 6 * variance, -6 * variance, sums[1]);
  close_to(5 * eps * 4 * variance, 4 * variance, sums[2]);
}

void test_bernoulli_near_certainty_costs_no_digits(void) {
  for (size_t i = 0; i < SIZES; i++)
    for (size_t t = 0; t < TARGETS; t++) {
      check_binary((kfix_real)sizes[i], (kfix_real)targets[t]);
      check_binary(-(kfix_real)sizes[i], (kfix_real)targets[t]);
    }
}

/* ---- categorical ---- */

/* p of each class and 1 - p of each, by sums of positive terms; the largest logit. */
typedef struct distribution {
  size_t n;
  long double p[CLASSES_MAX], q[CLASSES_MAX], top, rest;
} distribution;

static distribution exact_distribution(size_t n) {
  distribution d = {.n = n, .top = z[0]};
  size_t best = 0;
  for (size_t j = 1; j < n; j++)
    if (z[j] > z[best]) best = j;
  d.top = z[best];
  for (size_t j = 0; j < n; j++)
    if (j != best) d.rest += expl((long double)z[j] - d.top);
  for (size_t j = 0; j < n; j++) {
    const long double e = expl((long double)z[j] - d.top);
    d.p[j] = e / (1 + d.rest);
    d.q[j] = j == best ? d.rest / (1 + d.rest) : (1 + (d.rest - e)) / (1 + d.rest);
  }
  return d;
}

static void check_residual(const distribution *d) {
  CHECK_INT(KFIX_OK, PORT->residual(&device, KFIX_CATEGORICAL, 1, d->n, z, LD, y, LD, g, LD));
  for (size_t j = 0; j < d->n; j++) {
    const long double t = y[j], r = d->p[j] > 0.5L ? (1 - t) - d->q[j] : d->p[j] - t;
    close_to(eps * (4.5L * fminl(d->p[j], d->q[j]) + fabsl(r)), r, g[j]);
  }
}

/* A sum of terms y (log p) that are all of one sign; where the targets are not one class alone, max -
 * y.z is a difference of sums in double. */
static void check_loss(const distribution *d, int one_hot) {
  long double expected = 0, largest = 0, all = 0;
  for (size_t j = 0; j < d->n; j++) {
    expected += y[j] * (d->top - z[j]);
    all += y[j];
    largest = fmaxl(largest, fabsl((long double)z[j]));
  }
  expected += log1pl(d->rest) + (1 - all) * d->top;
  const long double sums = one_hot ? 0 : ((long double)d->n + 3) * DBL_EPSILON * largest;
  close_to(4.5L * eps * expected + sums, expected, loss_of(KFIX_CATEGORICAL, d->n, NULL));
}

static long double covariance(const distribution *d, const kfix_real *a, const kfix_real *b) {
  long double sum = 0;
  for (size_t i = 0; i < d->n; i++)
    for (size_t j = 0; j < i; j++)
      sum += d->p[i] * d->p[j] * ((long double)a[i] - a[j]) * ((long double)b[i] - b[j]);
  return sum;
}

/* Its sums are of n terms, from the likeliest class on, whose share is at least 1 / n. */
static void check_fisher(const distribution *d) {
  double sums[3] = {0, 0, 0}, alone = 0;
  const long double uu = covariance(d, u, u), vv = covariance(d, v, v);
  const long double share = 4 * eps + (2 * (long double)d->n + 6) * DBL_EPSILON;
  CHECK_INT(KFIX_OK, PORT->fisher(&device, KFIX_CATEGORICAL, 1, d->n, z, LD, u, LD, v, LD, w, LD,
                                  one, sums));
  close_to(share * uu, uu, sums[0]);
  close_to(share * sqrtl(uu * vv), covariance(d, u, v), sums[1]);
  close_to(share * vv, vv, sums[2]);
  CHECK_INT(KFIX_OK, PORT->fisher(&device, KFIX_CATEGORICAL, 1, d->n, z, LD, u, LD, NULL, 0, w, LD,
                                  one, &alone));
  CHECK_MEM(sums, &alone, sizeof alone);
}

/* Class `which` leads the others by `lead`, which differ a little, or not at all; or it is tied with the
 * next. */
static void set_logits(size_t n, size_t which, double lead, double spread, int tie) {
  for (size_t j = 0; j < n; j++) {
    z[j] = (kfix_real)(spread * (double)(j * 7 % 11) - 3.3);
    u[j] = (kfix_real)(1e3 + (double)(j * 5 % 7) - 0.37 * (double)j);
    v[j] = (kfix_real)(0.1 * (double)(j * j % 13) - 0.4);
  }
  z[which] = (kfix_real)(10 * spread - 3.3 + lead);
  if (tie) z[(which + 1) % n] = z[which];
}

static void check_classes(size_t n, size_t which) {
  const distribution d = exact_distribution(n);
  check_fisher(&d);
  for (size_t target = 0; target < n; target++) {
    for (size_t j = 0; j < n; j++) y[j] = j == target;
    check_residual(&d);
    check_loss(&d, 1);
  }
  for (size_t j = 0; j < n; j++) y[j] = (kfix_real)((j == which ? 0.9 : 0) + 0.1 / (double)n);
  check_residual(&d);
  check_loss(&d, 0);
}

void test_categorical_near_certainty_costs_no_digits(void) {
  static const size_t classes[] = {1, 2, 3, 10, 37};
  for (size_t c = 0; c < 5; c++)
    for (size_t i = 0; i < SIZES; i++)
      for (int kind = 0; kind < 4; kind++) {
        const size_t n = classes[c], which = (3 * i + (size_t)kind) % n;
        set_logits(n, which, sizes[i], kind % 2 ? 0.13 : 0, kind > 1);
        check_classes(n, which);
      }
}

/* Logits far from zero: what the difference of two of them loses to rounding is put back. */
void test_odds_of_logits_that_do_not_subtract_exactly(void) {
  for (size_t i = 0; i < SIZES; i++) {
    set_logits(10, 4, sizes[i] / 3, 0.1, 0);
    for (size_t j = 0; j < 10; j++)
      z[j] = z[j] * (kfix_real)1.7 + (kfix_real)(j == 4 ? 31.7 : -1e-3);
    check_classes(10, 4);
  }
}

/* ---- all of them ---- */

void test_mse(void) {
  double sums[3] = {0, 0, 0}, error;
  long double square = 0;
  set_logits(10, 3, 1.5, 0.3, 0);
  for (size_t j = 0; j < 10; j++) {
    y[j] = (kfix_real)(0.2 * (double)j);
    square += ((long double)z[j] - y[j]) * ((long double)z[j] - y[j]);
  }
  close_to(12 * DBL_EPSILON * square / 2, square / 2, loss_of(KFIX_MSE, 10, &error));
  close_to(12 * DBL_EPSILON * square, square, error);
  CHECK_INT(KFIX_OK, PORT->residual(&device, KFIX_MSE, 1, 10, z, LD, y, LD, g, LD));
  for (size_t j = 0; j < 10; j++) CHECK(g[j] == z[j] - y[j]);
  CHECK_INT(KFIX_OK, PORT->fisher(&device, KFIX_MSE, 1, 10, z, LD, u, LD, v, LD, w, LD, one, sums));
  square = 0;
  for (size_t j = 0; j < 10; j++) square += (long double)u[j] * v[j];
  close_to(12 * DBL_EPSILON * 10 * 1.1e3, square, sums[1]);
}

/* The residual is the derivative of the loss, also where all but nothing is left of either: central
 * differences in the loss of h = eps^(1/3) are right to h^2 and to eps / h of the loss. */
void test_residuals_are_derivatives(void) {
  const double h = cbrt((double)eps);
  for (int loss = KFIX_BERNOULLI; loss < KFIX_LOSS_COUNT; loss++)
    for (size_t i = 0; i < SIZES; i++) {
      set_logits(3, 1, sizes[i] / 2, 0.05, 0);
      for (size_t j = 0; j < 3; j++) y[j] = j == 1;
      CHECK_INT(KFIX_OK, PORT->residual(&device, (kfix_loss)loss, 1, 3, z, LD, y, LD, g, LD));
      for (size_t j = 0; j < 3; j++) {
        const kfix_real at = z[j], up = at + (kfix_real)h, down = at - (kfix_real)h;
        z[j] = up;
        const double above = loss_of((kfix_loss)loss, 3, NULL);
        z[j] = down;
        const double below = loss_of((kfix_loss)loss, 3, NULL);
        z[j] = at;
        const double slope = (above - below) / ((double)up - (double)down);
        CHECK_NEAR(10 * h * h * above, (double)g[j], slope);
      }
    }
}

void test_errors_are_of_the_likeliest_class(void) {
  double error;
  set_logits(3, 2, 1e-3, 0, 0);
  for (size_t target = 0; target < 3; target++) {
    for (size_t j = 0; j < 3; j++) y[j] = j == target;
    loss_of(KFIX_CATEGORICAL, 3, &error);
    CHECK(error == (target == 2 ? 0 : 1));
  }
}

void test_sums_are_added_to_what_is_there(void) {
  double once[2] = {0, 0}, twice[2] = {10, 20}, f[3] = {0, 0, 0}, more[3] = {1, 2, 3};
  for (size_t r = 0; r < 5; r++)
    for (size_t j = 0; j < 3; j++) {
      z[r * LD + j] = (kfix_real)(0.3 * (double)(r * j) - 1);
      y[r * LD + j] = j == r % 3;
      u[r * LD + j] = (kfix_real)(r + j);
    }
  for (int loss = 0; loss < KFIX_LOSS_COUNT; loss++) {
    memset(once, 0, sizeof once), memset(f, 0, sizeof f);
    for (size_t r = 0; r < 5; r++) {
      const size_t at = r * LD;
      CHECK_INT(KFIX_OK, PORT->loss(&device, (kfix_loss)loss, 1, 3, z + at, LD, y + at, LD, w, LD,
                                    one, once));
      CHECK_INT(KFIX_OK, PORT->fisher(&device, (kfix_loss)loss, 1, 3, z + at, LD, u + at, LD,
                                      z + at, LD, w, LD, one, f));
    }
    twice[0] = 10, twice[1] = 20, more[0] = 1, more[1] = 2, more[2] = 3;
    CHECK_INT(KFIX_OK, PORT->loss(&device, (kfix_loss)loss, 5, 3, z, LD, y, LD, w, LD, one, twice));
    CHECK_INT(KFIX_OK,
              PORT->fisher(&device, (kfix_loss)loss, 5, 3, z, LD, u, LD, z, LD, w, LD, one, more));
    for (int i = 0; i < 2; i++) CHECK_NEAR(1e-14 * twice[i], 10 * (i + 1) + once[i], twice[i]);
    for (int i = 0; i < 3; i++) CHECK_NEAR(1e-14 * (fabs(more[i]) + 200), i + 1 + f[i], more[i]);
  }
}
