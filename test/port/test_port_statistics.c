/* SPDX-License-Identifier: Apache-2.0
 * The reference port's predictions and vector kernels against the formulas of port.h in long double. */
#include "check.h"
#include "port_cases.h"

#define ROWS 41
#define COLS 37
#define LD   40
#define N    ((size_t)ROWS * LD)

static const long double eps = KFIX_REAL_EPS;
static kfix_real x[N], y[N], z[N], p[N], out[N];
static double scratch[3 * ROWS];
static const kfix_device device = {&kfix_port_ref, NULL, scratch, sizeof scratch, 1, NULL};
#define PORT (&kfix_port_ref)

/* p: each row positive with sum 1. */
void setUp(void) {
  port_numbers(1, 3, N, x);
  port_numbers(2, 3, N, y);
  port_numbers(3, 6, N, z);
  port_numbers(4, 1, N, out);
  CHECK_INT(KFIX_OK, PORT->predict(&device, KFIX_CATEGORICAL, ROWS, COLS, z, LD, p, LD));
}

static void near(long double tolerance, long double expected, long double actual) {
  CHECK_NEAR(tolerance, expected, actual);
}

static long double log_sum_exp(const kfix_real *row) {
  long double sum = 0;
  for (size_t j = 0; j < COLS; j++) sum += expl(row[j]);
  return logl(sum);
}

/* Odds, their sum rounded to kfix_real, a quotient: 4 eps (test_port_losses.c). */
void test_predict(void) {
  for (size_t r = 0; r < ROWS; r++) {
    const long double all = log_sum_exp(z + r * LD);
    for (size_t j = 0; j < COLS; j++) {
      const long double exact = expl(z[r * LD + j] - all);
      near(4 * eps * exact, exact, p[r * LD + j]);
    }
  }
  CHECK_INT(KFIX_OK, PORT->predict(&device, KFIX_BERNOULLI, ROWS, COLS, z, LD, out, LD));
  for (size_t r = 0; r < ROWS; r++)
    for (size_t j = 0; j < COLS; j++)
      near(3 * eps, 1 / (1 + expl(-z[r * LD + j])), out[r * LD + j]);
  CHECK_INT(KFIX_OK, PORT->predict(&device, KFIX_MSE, ROWS, COLS, z, LD, out, LD));
  for (size_t r = 0; r < ROWS; r++) CHECK_MEM(z + r * LD, out + r * LD, COLS * sizeof *z);
}

void test_softmax_of_large_numbers_is_finite(void) {
  const kfix_real large[3] = {1000, 1000, -1000};
  kfix_real q[3];
  CHECK_INT(KFIX_OK, PORT->predict(&device, KFIX_CATEGORICAL, 1, 3, large, 3, q, 3));
  CHECK(q[0] == (kfix_real)0.5 && q[1] == (kfix_real)0.5 && q[2] == 0);
}

/* ---- sampling ---- */

static const kfix_draw_key key = {99, KFIX_DRAW_TARGETS, 5, 0};

static uint32_t word(size_t index, size_t row, size_t which) {
  uint32_t w[4];
  kfix_draw(&key, (uint32_t)index, (uint32_t)row, w);
  return w[which];
}

void test_sample_draws_as_documented(void) {
  const size_t first = 1000;
  CHECK_INT(KFIX_OK, PORT->sample(&device, KFIX_MSE, &key, first, ROWS, COLS, p, LD, out, LD));
  for (size_t r = 0; r < ROWS; r++)
    for (size_t j = 0; j < COLS; j++) {
      const kfix_real noise =
          kfix_normal(word(j / 2, first + r, 2 * (j % 2)), word(j / 2, first + r, 2 * (j % 2) + 1));
      CHECK(out[r * LD + j] == p[r * LD + j] + noise);
    }
  CHECK_INT(KFIX_OK,
            PORT->sample(&device, KFIX_BERNOULLI, &key, first, ROWS, COLS, p, LD, out, LD));
  for (size_t r = 0; r < ROWS; r++)
    for (size_t j = 0; j < COLS; j++)
      CHECK(out[r * LD + j] == (kfix_uniform(word(j / 4, first + r, j % 4)) < p[r * LD + j]));
}

void test_categorical_samples_are_one_hot_and_follow_p(void) {
  CHECK_INT(KFIX_OK, PORT->sample(&device, KFIX_CATEGORICAL, &key, 3, ROWS, COLS, p, LD, out, LD));
  for (size_t r = 0; r < ROWS; r++) {
    const kfix_real u = kfix_uniform(word(0, 3 + r, 0));
    kfix_real below = 0;
    size_t drawn = 0;
    for (; drawn < COLS && !(u < below + p[r * LD + drawn]); drawn++) below += p[r * LD + drawn];
    for (size_t j = 0; j < COLS; j++) CHECK(out[r * LD + j] == (j == drawn));
  }
}

/* Frequencies over many rows: within 5 standard deviations, the seed being fixed. */
void test_sample_frequencies(void) {
  enum { DRAWS = 20000 };
  static kfix_real many[DRAWS * 3], drawn[DRAWS * 3];
  static const kfix_real q[3] = {(kfix_real)0.2, (kfix_real)0.7, (kfix_real)0.1};
  for (size_t i = 0; i < DRAWS * 3; i++) many[i] = q[i % 3];
  for (int loss = KFIX_BERNOULLI; loss <= KFIX_CATEGORICAL; loss++) {
    double count[3] = {0};
    CHECK_INT(KFIX_OK,
              PORT->sample(&device, (kfix_loss)loss, &key, 0, DRAWS, 3, many, 3, drawn, 3));
    for (size_t i = 0; i < DRAWS * 3; i++) count[i % 3] += drawn[i];
    for (int j = 0; j < 3; j++)
      CHECK_NEAR(5 * sqrt(DRAWS * q[j] * (1 - q[j])), DRAWS * q[j], count[j]);
  }
}

/* ---- vectors ---- */

void test_dot_follows_lanes_and_blocks(void) {
  enum { LENGTH = KFIX_SUM_BLOCK + 777 };
  static kfix_real u[LENGTH], v[LENGTH];
  double block[2][KFIX_LANES_IN_SUM] = {{0}}, actual = 5;
  port_numbers(6, 3, LENGTH, u);
  port_numbers(7, 3, LENGTH, v);
  /* Of many sizes, so that every order of summation gives other bits. */
  for (int i = 0; i < LENGTH; i++) u[i] *= (kfix_real)ldexp(1, i * 7 % 61 - 30);
  for (size_t i = 0; i < LENGTH; i++)
    block[i / KFIX_SUM_BLOCK][i % KFIX_SUM_BLOCK % KFIX_LANES_IN_SUM] +=
        (double)u[i] * (double)v[i];
  for (int b = 0; b < 2; b++)
    for (int half = KFIX_LANES_IN_SUM / 2; half > 0; half /= 2)
      for (int j = 0; j < half; j++) block[b][j] += block[b][j + half];
  CHECK_INT(KFIX_OK, PORT->dot(&device, LENGTH, u, v, &actual));
  const double expected = 0 + block[0][0] + block[1][0];
  CHECK_MEM(&expected, &actual, sizeof actual);
  CHECK_INT(KFIX_OK, PORT->dot(&device, 0, u, v, &actual));
  CHECK(actual == 0);
}

void test_axpby_and_adam(void) {
  const kfix_real a = (kfix_real)0.3, b = (kfix_real)-1.7, b1 = (kfix_real)0.9;
  const kfix_real b2 = (kfix_real)0.99, rate = (kfix_real)0.1, scale = 2, tiny = (kfix_real)1e-3;
  static kfix_real m[N], v[N];
  CHECK_INT(KFIX_OK, PORT->axpby(&device, N, a, x, b, y, out));
  for (size_t i = 0; i < N; i++)
    near(12 * eps, (long double)a * x[i] + (long double)b * y[i], out[i]);
  CHECK_INT(KFIX_OK, PORT->adam(&device, N, b1, b2, rate, scale, tiny, x, y, z, p, m, v, out));
  for (size_t i = 0; i < N; i++) {
    const long double g = x[i], mean = (long double)b1 * z[i] + (1 - (long double)b1) * g;
    const long double square = (long double)b2 * p[i] + (1 - (long double)b2) * g * g;
    const long double step = rate * (long double)m[i] / (sqrtl(v[i]) * scale + tiny);
    near(9 * eps, mean, m[i]);
    near(2 * eps + 4 * eps * square, square, v[i]);
    near(6 * eps * (fabsl(step) + fabsl(y[i])), y[i] - step, out[i]);
  }
}

void test_add_multiply_divide_scale_rows(void) {
  const kfix_real shift = (kfix_real)0.25;
  CHECK_INT(KFIX_OK, PORT->add(&device, ROWS, COLS, x, LD, y, LD, out, LD));
  for (size_t i = 0; i < ROWS; i++)
    for (size_t j = 0; j < COLS; j++) CHECK(out[i * LD + j] == x[i * LD + j] + y[i * LD + j]);
  CHECK_INT(KFIX_OK, PORT->multiply(&device, ROWS, COLS, x, LD, y, LD, out, LD));
  for (size_t i = 0; i < ROWS; i++)
    for (size_t j = 0; j < COLS; j++) CHECK(out[i * LD + j] == x[i * LD + j] * y[i * LD + j]);
  CHECK_INT(KFIX_OK, PORT->divide(&device, ROWS, COLS, x, LD, p, LD, shift, out, LD));
  for (size_t i = 0; i < ROWS; i++)
    for (size_t j = 0; j < COLS; j++) {
      const long double quotient =
          (long double)x[i * LD + j] / ((long double)p[i * LD + j] + shift);
      near(2 * eps * fabsl(quotient), quotient, out[i * LD + j]);
    }
  CHECK_INT(KFIX_OK, PORT->scale_rows(&device, ROWS, COLS, z, x, LD, out, LD));
  for (size_t i = 0; i < ROWS; i++)
    for (size_t j = 0; j < COLS; j++) CHECK(out[i * LD + j] == z[i] * x[i * LD + j]);
}

void test_nonfinite_fill_copy(void) {
  double count = 2;
  port_sprinkle(0, 10, N, x);
  for (size_t r = 0; r < ROWS; r++)
    for (size_t j = 0; j < COLS; j++) count -= !isfinite(x[r * LD + j]);
  CHECK_INT(KFIX_OK, PORT->nonfinite(&device, ROWS, COLS, x, LD, &count));
  CHECK(count == 2);
  CHECK_INT(KFIX_OK, PORT->fill(&device, 2, 3, 4, out, LD));
  CHECK(out[0] == 4 && out[LD + 2] == 4 && out[3] != 4 && out[2 * LD] != 4);
  CHECK_INT(KFIX_OK, PORT->copy(&device, 2, 3, y, LD, out, 5));
  CHECK(out[0] == y[0] && out[5 + 2] == y[LD + 2]);
}
