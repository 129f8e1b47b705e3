/* SPDX-License-Identifier: Apache-2.0
 * The kernels that divide by 1 +- s1 s2 against their formulas in long double. */
#include "check.h"
#include "port_cases.h"

#define ROWS 41
#define COLS 37
#define LD   40
#define N    ((size_t)ROWS * LD)

static const long double eps = KFIX_REAL_EPS;
static kfix_real x[N], y[N], z[N], out[N];
static double scratch[3 * ROWS];
static const kfix_device device = {&kfix_port_ref, NULL, scratch, sizeof scratch, 1, NULL};
#define PORT (&kfix_port_ref)

void setUp(void) {
  port_numbers(1, 3, N, x);
  port_numbers(2, 3, N, y);
  port_numbers(3, 6, N, z);
}

static void near(long double tolerance, long double expected, long double actual) {
  CHECK_NEAR(tolerance, expected, actual);
}

/* Within eps of the floor either side may be taken. */
void test_divide_kron(void) {
  for (int sign = -1; sign <= 1; sign += 2) {
    double count = 7, expected = 7;
    CHECK_INT(KFIX_OK, PORT->divide_kron(&device, ROWS, COLS, x, LD, y, z, (kfix_real)sign,
                                         (kfix_real)0.125, out, LD, &count));
    for (size_t i = 0; i < ROWS; i++)
      for (size_t j = 0; j < COLS; j++) {
        const long double d = 1 + sign * (long double)y[i] * z[j], v = x[i * LD + j];
        expected += d < 0.125L;
        near(2 * eps * fabsl(v) / fmaxl(d, 0.125L), v / fmaxl(d, 0.125L), out[i * LD + j]);
      }
    CHECK(expected > 7 && expected < 7 + ROWS * COLS);
    CHECK(count == expected);
  }
}

/* With P and Q of [KFAC App. B] hatted by the roots of y and x, Sigma^-1 and Psi of one pair give
 * (1 - c) / c P - t / c Q and t^2 / c Q - t / c P. */
void test_decouple(void) {
  kfix_real s[4][COLS], q[N];
  double count = 7, expected = 7;
  memcpy(out, x, sizeof out);
  memcpy(q, y, sizeof q);
  for (size_t j = 0; j < COLS; j++)
    for (size_t i = 0; i < 4; i++)
      s[i][j] = i % 2 == j / 3 % 2 ? 1 : (kfix_real)(1 - 0.9 * fabs((double)x[i * LD + j]) / 3);
  CHECK_INT(KFIX_OK, PORT->decouple(&device, COLS, COLS, s[0], s[1], s[2], s[3], (kfix_real)0.25,
                                    out, q, LD, &count));
  for (size_t i = 0; i < COLS; i++)
    for (size_t j = 0; j < COLS; j++) {
      const long double a = (long double)s[0][i] * s[2][j], b = (long double)s[1][i] * s[3][j];
      const long double c = fmaxl(1 - a * b, 0.25L), t = sqrtl(a * b);
      const long double p_hat = x[i * LD + j], q_hat = y[i * LD + j];
      const long double low = p_hat / sqrtl(b), up = q_hat / sqrtl(a);
      near(40 * eps, ((1 - c) / c * low - t / c * up) / sqrtl(b), out[i * LD + j]);
      near(40 * eps, (t * t / c * up - t / c * low) / sqrtl(a), q[i * LD + j]);
      expected += 1 - a * b < 0.25L;
    }
  CHECK(expected > 7 + 50 && expected < 7 + COLS * COLS - 50);
  CHECK(count == expected);
}
