/* SPDX-License-Identifier: Apache-2.0
 * The tridiagonal eigenproblem by implicit QR steps (Golub and Van Loan 2013, 8.3). */
#include <math.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "factor/tridiagonal.h"

/* Steps for one eigenvalue; two or three are usual. */
#define STEPS_MAX 60

/* A coupling that may be taken for zero: an error of that size in T is within the promise. */
static double tolerance_of(const kfix_tridiagonal *t) {
  double largest = 0;
  for (size_t i = 0; i < t->n; i++) {
    const double size = fabs(t->d[i]) + (i + 1 < t->n ? fabs(t->e[i]) : 0);
    if (size > largest) largest = size;
  }
  return largest * (double)KFIX_REAL_EPS / 8;
}

/* The eigenvalue of the trailing 2 x 2 block that is closer to its last element. */
static double shift_of(const kfix_tridiagonal *t, size_t high) {
  const double e = t->e[high - 1], half = (t->d[high - 1] - t->d[high]) / 2;
  const double root = sqrt(half * half + e * e);
  const double sum = half < 0 ? half - root : half + root;
  return sum == 0 ? t->d[high] : t->d[high] - e * e / sum;
}

static void rotate_rows(size_t n, double c, double s, kfix_real *restrict x,
                        kfix_real *restrict y) {
  const kfix_real cr = (kfix_real)c, sr = (kfix_real)s;
  for (size_t j = 0; j < n; j++) {
    const kfix_real old = x[j];
    x[j] = cr * old + sr * y[j];
    y[j] = cr * y[j] - sr * old;
  }
}

/* Rows and columns k, k + 1 of T. */
static void rotate_matrix(const kfix_tridiagonal *t, size_t k, double c, double s) {
  const double a = t->d[k], b = t->e[k], g = t->d[k + 1];
  const double aa = c * a + s * b, ab = c * b + s * g;
  const double ba = c * b - s * a, bb = c * g - s * b;
  t->d[k] = c * aa + s * ab;
  t->e[k] = c * ab - s * aa;
  t->d[k + 1] = c * bb - s * ba;
}

/* One step on the block low .. high: the bulge is chased downwards. */
static void step(const kfix_tridiagonal *t, size_t low, size_t high, kfix_real *z, size_t ldz) {
  double x = t->d[low] - shift_of(t, high), bulge = t->e[low];
  for (size_t k = low; k < high; k++) {
    const double r = sqrt(x * x + bulge * bulge);
    const double c = r > 0 ? x / r : 1, s = r > 0 ? bulge / r : 0;
    if (k > low) t->e[k - 1] = r;
    rotate_matrix(t, k, c, s);
    x = t->e[k];
    if (k + 1 < high) {
      bulge = s * t->e[k + 1];
      t->e[k + 1] *= c;
    }
    rotate_rows(t->n, c, s, z + k * ldz, z + (k + 1) * ldz);
  }
}

/* Ascending; of equal values the first stays first. */
static void sort(const kfix_tridiagonal *t, kfix_real *z, size_t ldz) {
  for (size_t i = 0; i + 1 < t->n; i++) {
    size_t least = i;
    for (size_t j = i + 1; j < t->n; j++)
      if (t->d[j] < t->d[least]) least = j;
    if (least == i) continue;
    const double value = t->d[i];
    t->d[i] = t->d[least];
    t->d[least] = value;
    for (size_t j = 0; j < t->n; j++) {
      const kfix_real x = z[i * ldz + j];
      z[i * ldz + j] = z[least * ldz + j];
      z[least * ldz + j] = x;
    }
  }
}

size_t kfix_tridiagonal_qr(const kfix_tridiagonal *t, kfix_real *z, size_t ldz) {
  const double tolerance = tolerance_of(t);
  for (size_t i = 0; i < t->n; i++)
    for (size_t j = 0; j < t->n; j++) z[i * ldz + j] = (kfix_real)(i == j);
  for (size_t high = t->n; high-- > 1;) {
    for (size_t steps = 0; !(fabs(t->e[high - 1]) <= tolerance); steps++) {
      size_t low = high - 1;
      if (steps == STEPS_MAX) return high + 1;
      while (low > 0 && !(fabs(t->e[low - 1]) <= tolerance)) low--;
      step(t, low, high, z, ldz);
    }
  }
  sort(t, z, ldz);
  return 0;
}
