/* SPDX-License-Identifier: Apache-2.0
 * The kernels of products with the net's Jacobian on the reference port against their formulas in long
 * double: F_R u, the columns of a root of F_R, scalar products of rows; with logits from undecided to
 * certain. Bounds, in eps, are those of test_port_losses.c, and
 *   F_R u       of classes: the weight 1.5 and the total 2, two operations, the rounding; the mean is
 *               of weights as far off; sums of n doubles
 *   the root    odds from half the logits 1.5, the root of the total 1 + 1/2, a quotient and a product
 *               1/2 each, beside the residual's 4.5: 9 with its rounding. */
#include <float.h>

#include "check.h"
#include "port/ref/ref.h"

#define N_MAX 37
#define LD    40
#define ROWS  7

static const long double eps = KFIX_REAL_EPS, least = KFIX_REAL_MIN * KFIX_REAL_EPS;
static double scratch[3 * ROWS];
static const kfix_device device = {&kfix_port_ref, NULL, scratch, sizeof scratch, 1, NULL};
#define PORT (&kfix_port_ref)

static kfix_real z[ROWS * LD], u[ROWS * LD], out[ROWS * LD], w[ROWS * LD];

static void ok(kfix_status status) {
  CHECK_INT(KFIX_OK, status);
}

/* The difference in long double, so that the doubles of CHECK_NEAR do not round it away. */
static void close_to(long double tolerance, long double expected, long double actual) {
  CHECK_NEAR((double)tolerance, 0, (double)(actual - expected));
}

/* p and 1 - p of each output of one row, by sums of positive terms; the likeliest class. */
typedef struct prediction {
  kfix_loss loss;
  size_t n, top;
  long double p[N_MAX], q[N_MAX];
} prediction;

static void classes_of(prediction *d) {
  long double rest = 0;
  for (size_t j = 1; j < d->n; j++)
    if (z[j] > z[d->top]) d->top = j;
  for (size_t j = 0; j < d->n; j++)
    if (j != d->top) rest += expl((long double)z[j] - z[d->top]);
  for (size_t j = 0; j < d->n; j++) {
    const long double e = expl((long double)z[j] - z[d->top]);
    d->p[j] = e / (1 + rest);
    d->q[j] = j == d->top ? rest / (1 + rest) : (1 + (rest - e)) / (1 + rest);
  }
}

static prediction prediction_of(kfix_loss loss, size_t n) {
  prediction d = {.loss = loss, .n = n};
  if (loss == KFIX_CATEGORICAL) classes_of(&d);
  for (size_t j = 0; loss == KFIX_BERNOULLI && j < n; j++) {
    d.p[j] = 1 / (1 + expl(-(long double)z[j]));
    d.q[j] = 1 / (1 + expl((long double)z[j]));
  }
  return d;
}

/* Element (i, k) of F_R. */
static long double fisher_element(const prediction *d, size_t i, size_t k) {
  if (d->loss == KFIX_MSE) return i == k;
  if (i == k) return d->p[i] * d->q[i];
  return d->loss == KFIX_CATEGORICAL ? -d->p[i] * d->p[k] : 0;
}

/* Component j of F_R u, and how large the terms are that it comes from. */
static long double exact_times(const prediction *d, size_t j, long double *size) {
  long double sum = 0, spread = 0;
  if (d->loss != KFIX_CATEGORICAL) {
    sum = fisher_element(d, j, j) * u[j];
    *size = fabsl(sum);
    return sum;
  }
  for (size_t k = 0; k < d->n; k++) {
    sum += d->p[k] * ((long double)u[j] - u[k]);
    spread += d->p[k] * fabsl((long double)u[k] - u[d->top]);
  }
  *size = d->p[j] * (fabsl((long double)u[j] - u[d->top]) + spread);
  return d->p[j] * sum;
}

static void check_times(const prediction *d) {
  const kfix_row_blocks one = {NULL, 1, 1};
  const long double share = 8 * eps + (2 * (long double)d->n + 6) * DBL_EPSILON;
  long double product = 0, tolerance = 0;
  double form = 0;
  ok(PORT->fisher_times(&device, d->loss, 1, d->n, z, LD, u, LD, out, LD));
  for (size_t j = 0; j < d->n; j++) {
    long double size, expected = exact_times(d, j, &size);
    close_to(share * size + 4 * least * (1 + fabsl((long double)u[j])), expected, out[j]);
    product += (long double)u[j] * out[j];
    tolerance += fabsl((long double)u[j]) * (share * size + 4 * least * (1 + fabsl(u[j])));
  }
  ok(PORT->fisher(&device, d->loss, 1, d->n, z, LD, u, LD, NULL, 0, w, LD, one, &form));
  close_to(tolerance + share * form, form, product);
}

static long double exact_root(const prediction *d, size_t j, size_t i) {
  if (d->loss == KFIX_MSE) return i == j;
  if (d->loss == KFIX_BERNOULLI) return i == j ? sqrtl(d->p[j] * d->q[j]) : 0;
  return sqrtl(d->p[j]) * (i == j ? -d->q[i] : d->p[i]);
}

/* Each column, and what they give together: F_R, whose elements are sums of terms of two signs. */
static void check_root(const prediction *d) {
  static long double sum[N_MAX][N_MAX], size[N_MAX][N_MAX];
  memset(sum, 0, sizeof sum), memset(size, 0, sizeof size);
  for (size_t j = 0; j < d->n; j++) {
    for (size_t i = 0; i < LD; i++) out[i] = 77;
    ok(PORT->fisher_root(&device, d->loss, 1, d->n, j, z, LD, out, LD));
    for (size_t i = 0; i < d->n; i++) {
      const long double f = exact_root(d, j, i);
      close_to(9.5L * eps * fabsl(f) + 4 * least, f, out[i]);
      for (size_t k = 0; k < d->n; k++) {
        sum[i][k] += (long double)out[i] * out[k];
        size[i][k] += fabsl((long double)out[i] * out[k]);
      }
    }
    for (size_t i = d->n; i < LD; i++) CHECK(out[i] == 77);
  }
  for (size_t i = 0; i < d->n; i++)
    for (size_t k = 0; k < d->n; k++)
      close_to(20 * eps * size[i][k] + 16 * least, fisher_element(d, i, k), sum[i][k]);
}

static const size_t sizes[] = {1, 2, 3, 10, 37};
static const double leads[] = {0, 1e-4, 0.3, 1, 9.3, 16.7, 30, 60, 100, 200};

/* The logit `which` leads the others by `lead`, or lies as far behind them. */
static void set_row(size_t n, size_t which, double lead, int behind) {
  for (size_t j = 0; j < n; j++) {
    z[j] = (kfix_real)(0.13 * (double)(j * 7 % 11) - lead / 2);
    u[j] = (kfix_real)(3 + (double)(j * 5 % 7) - 0.37 * (double)j);
  }
  z[which] = (kfix_real)(1.3 + lead / 2);
  for (size_t j = 0; behind && j < n; j++) z[j] = -z[j];
}

static void each_row(void (*check)(const prediction *d)) {
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
    for (size_t l = 0; l < sizeof leads / sizeof *leads; l++)
      for (int loss = 0; loss < KFIX_LOSS_COUNT; loss++)
        for (int behind = 0; behind < 2; behind++) {
          set_row(sizes[s], l % sizes[s], leads[l], behind);
          const prediction d = prediction_of((kfix_loss)loss, sizes[s]);
          check(&d);
        }
}

void test_fisher_times_a_vector(void) {
  each_row(check_times);
}

void test_columns_of_the_root(void) {
  each_row(check_root);
}

/* Where p has no bits left, or all but none, its root has all of them. */
void test_roots_of_what_underflows(void) {
  const double gap = KFIX_REAL_BYTES == 4 ? 160 : 1400; /* exp(-gap) is 0, its root is not */
  z[0] = (kfix_real)gap, z[1] = 0;
  ok(PORT->fisher_root(&device, KFIX_CATEGORICAL, 1, 2, 1, z, LD, out, LD));
  close_to(9.5L * eps * expl(-(long double)gap / 2), -expl(-(long double)gap / 2), out[1]);
  ok(PORT->fisher_root(&device, KFIX_BERNOULLI, 1, 1, 0, z, LD, out, LD));
  close_to(9.5L * eps * expl(-(long double)gap / 2), expl(-(long double)gap / 2), out[0]);
}

void test_fisher_times_in_place(void) {
  for (int loss = 0; loss < KFIX_LOSS_COUNT; loss++) {
    for (size_t i = 0; i < ROWS * LD; i++) {
      z[i] = (kfix_real)(0.3 * (double)(i * 7 % 23) - 3);
      u[i] = (kfix_real)(0.1 * (double)(i * 5 % 17) - 1);
    }
    memcpy(w, u, sizeof w);
    memcpy(out, u, sizeof out);
    ok(PORT->fisher_times(&device, (kfix_loss)loss, ROWS, 11, z, LD, u, LD, out, LD));
    ok(PORT->fisher_times(&device, (kfix_loss)loss, ROWS, 11, z, LD, w, LD, w, LD));
    CHECK_MEM(out, w, sizeof w);
  }
}

/* NaN goes where F_R, and u, are used: over a row of classes, to the output's own number else. */
void test_nan_reaches_what_depends_on_it(void) {
  for (int from_u = 0; from_u < 2; from_u++)
    for (int loss = 0; loss < KFIX_LOSS_COUNT; loss++) {
      const int all = loss == KFIX_CATEGORICAL, none = loss == KFIX_MSE;
      set_row(5, 1, 1, 0);
      (from_u ? u : z)[3] = (kfix_real)NAN;
      ok(PORT->fisher_times(&device, (kfix_loss)loss, 1, 5, z, LD, u, LD, out, LD));
      for (size_t j = 0; j < 5; j++)
        CHECK((out[j] != out[j]) == (all || (j == 3 && (from_u || !none))));
      for (size_t j = 0; j < 5; j++) {
        ok(PORT->fisher_root(&device, (kfix_loss)loss, 1, 5, j, z, LD, out, LD));
        for (size_t i = 0; i < 5; i++)
          CHECK((out[i] != out[i]) == (!from_u && (all || (!none && j == 3 && i == 3))));
      }
    }
}

/* Whole numbers: sums in double are exact, so that all that is rounded is the result. */
static void check_row_dots(size_t rows, size_t cols, size_t inc, kfix_real beta, int same) {
  for (size_t i = 0; i < ROWS * LD; i++) {
    z[i] = (kfix_real)((double)(i * i % 8191) - 4000);
    u[i] = (kfix_real)((double)(i * 31 % 8111) - 4055);
    out[i] = beta == 0 ? (kfix_real)NAN : (kfix_real)(0.1 * (double)i);
  }
  memcpy(w, out, sizeof w);
  const kfix_real *y = same ? z : u;
  ok(PORT->row_dots(&device, rows, cols, z, LD, y, LD, beta, out, inc));
  for (size_t r = 0; r < rows; r++) {
    double sum = 0;
    for (size_t j = 0; j < cols; j++) sum += (double)z[r * LD + j] * (double)y[r * LD + j];
    CHECK(out[r * inc] == (beta == 0 ? (kfix_real)sum : w[r * inc] + (kfix_real)sum));
    w[r * inc] = out[r * inc];
  }
  CHECK_MEM(w, out, sizeof w);
}

void test_scalar_products_of_rows(void) {
  static const size_t widths[] = {0, 1, 2, 13, 16, 17, 37};
  static const size_t strides[] = {1, 3, LD};
  for (size_t rows = 0; rows <= ROWS; rows++)
    for (size_t c = 0; c < sizeof widths / sizeof *widths; c++)
      for (size_t s = 0; s < sizeof strides / sizeof *strides; s++)
        for (int kind = 0; kind < 4; kind++)
          check_row_dots(rows, widths[c], strides[s], (kfix_real)(kind / 2), kind % 2);
}

void test_what_is_no_beta_or_no_loss_is_refused(void) {
  CHECK_INT(KFIX_PORT, PORT->row_dots(&device, 1, 1, z, LD, u, LD, 2, out, 1));
  CHECK_INT(KFIX_PORT, PORT->fisher_times(&device, KFIX_LOSS_COUNT, 1, 1, z, LD, u, LD, out, LD));
  CHECK_INT(KFIX_PORT, PORT->fisher_root(&device, KFIX_LOSS_COUNT, 1, 1, 0, z, LD, out, LD));
}
