/* SPDX-License-Identifier: Apache-2.0
 * Kernels on a matrix and a vector, and those of the secular equation: the order of rounding that
 * port.h prescribes, written down once more, and the same bits on every CPU port. */
#include "check.h"
#include "core/elementary.h"
#include "port_cases.h"

#define LARGEST 513
#define LD      523

static const size_t sizes[] = {1,  2,  3,  7,   8,   9,   15,  16,  17,  31,     63,
                               64, 65, 79, 127, 128, 255, 256, 257, 300, LARGEST};
#define SIZES (sizeof sizes / sizeof *sizes)

static kfix_real a[ROOM], x[LD], y[LD], start[LD], want[LD], work[KFIX_SYMV_BANDS * LARGEST];

void setUp(void) {
  port_crews_start();
  port_numbers(1, 4, ROOM, a);
  port_numbers(2, 4, LD, x);
  port_numbers(3, 1, LD, start);
}

void tearDown(void) {
  port_crews_stop();
}

static kfix_real dot(size_t n, const kfix_real *row) {
  kfix_real lane[8] = {0};
  for (size_t j = 0; j < n; j++) lane[j % 8] = kfix_fma(row[j], x[j], lane[j % 8]);
  for (size_t j = 0; j < 4; j++) lane[j] += lane[j + 4];
  return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

/* ---- symv ---- */

static void expect_symv(size_t n) {
  const size_t bands = n < 128 ? 1 : n < 256 ? 2 : n < 512 ? 4 : 8;
  for (size_t j = 0; j < n; j++) {
    want[j] = dot(j + 1, a + j * LD);
    for (size_t b = 0; b < bands; b++) {
      size_t i = 8 * (size_t)((double)n * sqrt((double)b / (double)bands) / 8);
      const size_t next = 8 * (size_t)((double)n * sqrt((double)(b + 1) / (double)bands) / 8);
      const size_t end = b + 1 < bands ? next : n;
      kfix_real sum = 0;
      if (end <= j) continue;
      for (i = i > j ? i : j + 1; i < end; i++) sum = kfix_fma(a[i * LD + j], x[i], sum);
      want[j] += sum;
    }
  }
}

void test_symv_rounds_as_prescribed(void) {
  for (size_t i = 0; i < LARGEST; i++)
    for (size_t j = i + 1; j < LD; j++) a[i * LD + j] = (kfix_real)NAN;
  for (size_t s = 0; s < SIZES; s++) {
    expect_symv(sizes[s]);
    for (size_t i = 0; i < PORT_CASES; i++) {
      if (!port_is_here(i)) continue;
      for (unsigned threads = 1; threads <= CREW_MAX; threads++) {
        const kfix_device d = port_device(i, threads);
        memcpy(y, start, sizeof y);
        CHECK_INT(KFIX_OK, d.port->eigen->symv(&d, sizes[s], a, LD, x, y, work));
        CHECK_INT(sizes[s], port_differs(want, y, sizes[s]));
        CHECK_MEM(start + sizes[s], y + sizes[s], (LD - sizes[s]) * sizeof *y);
      }
    }
  }
}

/* ---- gemv ---- */

static void expect_gemv(kfix_op op, size_t rows, size_t cols, kfix_real alpha, kfix_real beta) {
  memcpy(want, start, sizeof want);
  if (op == KFIX_N) {
    for (size_t i = 0; i < rows; i++) {
      const kfix_real sum = alpha * dot(cols, a + i * LD);
      want[i] = beta == 0 ? sum : want[i] + sum;
    }
    return;
  }
  for (size_t j = 0; j < cols; j++) {
    if (beta == 0) want[j] = 0;
    for (size_t i = 0; i < rows; i++) want[j] = kfix_fma(a[i * LD + j], alpha * x[i], want[j]);
  }
}

static void check_gemv(const kfix_device *d, kfix_op op, size_t rows, size_t cols, kfix_real alpha,
                       kfix_real beta) {
  expect_gemv(op, rows, cols, alpha, beta);
  memcpy(y, start, sizeof y);
  CHECK_INT(KFIX_OK, d->port->eigen->gemv(d, op, rows, cols, alpha, a, LD, x, beta, y));
  CHECK_INT(LD, port_differs(want, y, LD));
}

void test_gemv_rounds_as_prescribed(void) {
  for (size_t i = 0; i < PORT_CASES; i++) {
    if (!port_is_here(i)) continue;
    for (unsigned threads = 1; threads <= CREW_MAX; threads++) {
      const kfix_device d = port_device(i, threads);
      for (size_t s = 0; s < SIZES; s++)
        for (size_t t = s % 3; t < SIZES; t += 3)
          for (int k = 0; k < 4; k++)
            check_gemv(&d, k % 2 ? KFIX_T : KFIX_N, sizes[s], sizes[t], k < 2 ? 1 : (kfix_real)-0.7,
                       (kfix_real)(k / 2));
    }
  }
}

void test_gemv_refuses_what_it_does_not_know(void) {
  const kfix_device d = port_device(0, 1);
  CHECK_INT(KFIX_PORT, d.port->eigen->gemv(&d, KFIX_S, 3, 3, 1, a, LD, x, 0, y));
  CHECK_INT(KFIX_PORT, d.port->eigen->gemv(&d, KFIX_N, 3, 3, 1, a, LD, x, (kfix_real)0.5, y));
}

/* ---- the secular equation ---- */

static double pole[LD], z[LD], origin[LD], offset[LD], weight[LD];

/* Poles from 0 to 1, some of them very close, z from 1 down to 1e-6. */
static kfix_secular equation(size_t n, double rho) {
  double square = 0, at = 0;
  for (size_t i = 0; i < n; i++) {
    const double u = fabs((double)x[i]) / 4;
    at += (i % 5 == 2 ? 1e-9 : 1) * (u + 1e-3) / (double)n;
    pole[i] = at;
    z[i] = (i % 2 ? 1 : -1) * (u + 1e-6);
    square += z[i] * z[i];
  }
  for (size_t i = n; i % 4 != 0; i++) {
    pole[i] = INFINITY;
    z[i] = 0;
  }
  return (kfix_secular){n, 1 / rho, rho * square, 4 * 2.2e-16, pole, z, origin, offset, weight};
}

/* f is increasing between poles, so a root is right if f changes its sign around it. */
static long double value_at(const kfix_secular *s, size_t root, long double shift) {
  long double sum = s->inverse_weight;
  for (size_t j = 0; j < s->n; j++) {
    const long double distance =
        ((long double)pole[j] - origin[root]) - (long double)offset[root] * (1 + shift);
    sum += (long double)z[j] * z[j] / distance;
  }
  return sum;
}

static void check_roots(const kfix_secular *s) {
  for (size_t i = 0; i < s->n; i++) {
    const double tolerance = 64 * 2.2e-16 * sqrt((double)s->n) * (s->n > 1 ? 1 : 4);
    const long double side = offset[i] < 0 ? -1 : 1;
    CHECK(offset[i] != 0);
    CHECK(value_at(s, i, -side * tolerance) < 0);
    CHECK(value_at(s, i, side * tolerance) > 0);
  }
}

/* The rows are orthonormal, which is what the weights are for. A weight is a product of n factors,
 * each rounded three times. */
static void check_rows(size_t n, const kfix_real *rows) {
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k <= i; k++) {
      double sum = 0;
      for (size_t j = 0; j < n; j++) sum += (double)rows[i * LD + j] * (double)rows[k * LD + j];
      CHECK_NEAR(8 * (double)KFIX_REAL_EPS + 3 * 2.2e-16 * (double)n, i == k, sum);
    }
}

static void solve(const kfix_device *d, const kfix_secular *s, kfix_real *rows) {
  CHECK_INT(KFIX_OK, d->port->eigen->secular_roots(d, s));
  CHECK_INT(KFIX_OK, d->port->eigen->secular_weights(d, s));
  CHECK_INT(KFIX_OK, d->port->eigen->secular_vectors(d, s, rows, LD));
}

void test_secular_roots_and_vectors(void) {
  static kfix_real expected[ROOM];
  static const double rho[] = {1e-6, 1, 1e3};
  for (size_t k = 0; k < 3 * SIZES; k++) {
    const kfix_secular s = equation(sizes[k / 3], rho[k % 3]);
    const kfix_device ref = port_device(0, 1);
    solve(&ref, &s, expected);
    check_roots(&s);
    if (s.n <= 257) check_rows(s.n, expected);
    for (size_t i = 0; i < PORT_CASES; i++) {
      if (!port_is_here(i)) continue;
      for (unsigned threads = 1; threads <= CREW_MAX; threads++) {
        const kfix_device d = port_device(i, threads);
        memcpy(a, expected, sizeof a);
        for (size_t r = 0; r < s.n; r++) memset(a + r * LD, 0, s.n * sizeof *a);
        solve(&d, &s, a);
        CHECK_INT(ROOM, port_differs(expected, a, ROOM));
      }
    }
  }
}
