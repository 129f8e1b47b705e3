/* SPDX-License-Identifier: Apache-2.0
 * Symmetric matrices in double: tridiagonal form, bisection, Cholesky's factor. */
#include "symmetric_values.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

double wide_dot(size_t n, const double *x, const double *y) {
  double lane[4] = {0}, sum = 0;
  const size_t whole = n - n % 4;
  for (size_t i = 0; i < whole; i += 4)
    for (size_t j = 0; j < 4; j++) lane[j] += x[i + j] * y[i + j];
  for (size_t i = whole; i < n; i++) sum += x[i] * y[i];
  return sum + ((lane[0] + lane[2]) + (lane[1] + lane[3]));
}

static double largest(size_t n, const double *x) {
  double most = 0;
  for (size_t i = 0; i < n; i++) most = fmax(most, fabs(x[i]));
  return most;
}

/* ---- tridiagonal form, from the last row up ---- */

/* Makes v (length n) the vector of the reflection I - v v^T / h that leaves only its last entry;
 * returns h, or 0 if there is nothing to reflect. *left is that entry. */
static double reflector(size_t n, double *v, double *left) {
  const double scale = largest(n - 1, v);
  *left = v[n - 1];
  if (scale == 0) return 0;
  const double size = fmax(scale, fabs(v[n - 1]));
  for (size_t i = 0; i < n; i++) v[i] /= size;
  const double norm2 = wide_dot(n, v, v), norm = copysign(sqrt(norm2), v[n - 1]);
  const double h = norm2 + fabs(v[n - 1] * norm);
  v[n - 1] += norm;
  *left = -norm * size;
  return h;
}

/* p = A v for the leading n x n block, lower triangle, rows of length lda. */
static void multiply(size_t n, const double *a, size_t lda, const double *v, double *p) {
  for (size_t i = 0; i < n; i++) {
    const double *row = a + i * lda, factor = v[i];
    p[i] = wide_dot(i, row, v) + row[i] * factor;
    for (size_t j = 0; j < i; j++) p[j] += factor * row[j];
  }
}

/* A becomes H A H with H = I - v v^T / h; q is scratch. */
static void reflect(size_t n, double *a, size_t lda, const double *v, double h, double *q) {
  multiply(n, a, lda, v, q);
  const double shift = wide_dot(n, q, v) / (2 * h * h);
  for (size_t i = 0; i < n; i++) q[i] = q[i] / h - shift * v[i];
  for (size_t i = 0; i < n; i++) {
    double *row = a + i * lda;
    const double vi = v[i], qi = q[i];
    for (size_t j = 0; j <= i; j++) row[j] -= vi * q[j] + qi * v[j];
  }
}

static void tridiagonalise(size_t n, double *a, double *d, double *e, double *q) {
  for (size_t i = n; i-- > 1;) {
    double *row = a + i * n;
    const double h = reflector(i, row, &e[i]);
    d[i] = row[i];
    if (h > 0) reflect(i, a, n, row, h, q);
  }
  if (n > 0) d[0] = a[0];
}

/* ---- bisection ---- */

/* Eigenvalues below x: signs in the sequence of pivots of T - x I. */
static size_t count_below(size_t n, const double *d, const double *e, double x, double tiny) {
  size_t below = 0;
  double pivot = 1;
  for (size_t i = 0; i < n; i++) {
    const double beside = i > 0 ? e[i] : 0;
    pivot = d[i] - x - beside * beside / pivot;
    if (fabs(pivot) < tiny) pivot = -tiny;
    below += pivot < 0;
  }
  return below;
}

/* All lie in [-*bound, *bound]. */
static double gershgorin(size_t n, const double *d, const double *e) {
  double bound = 0;
  for (size_t i = 0; i < n; i++) {
    const double left = i > 0 ? fabs(e[i]) : 0, right = i + 1 < n ? fabs(e[i + 1]) : 0;
    bound = fmax(bound, fabs(d[i]) + left + right);
  }
  return bound;
}

void tridiagonal_values(size_t n, const double *d, const double *e, double *values) {
  const double bound = gershgorin(n, d, e) * (1 + 4 * DBL_EPSILON);
  const double tiny = fmax(bound * DBL_EPSILON * DBL_EPSILON, DBL_MIN / DBL_EPSILON);
  double high = bound;
  for (size_t i = 0; i < n; i++) {
    double low = -bound;
    while (high - low > DBL_EPSILON * bound) {
      const double middle = low + (high - low) / 2;
      if (middle <= low || middle >= high) break;
      if (count_below(n, d, e, middle, tiny) >= n - i) {
        high = middle;
      } else {
        low = middle;
      }
    }
    values[i] = low + (high - low) / 2;
  }
}

int symmetric_values(size_t n, double *a, double *values, tool_error *err) {
  if (n == 0) return 0;
  double *d = calloc(3 * n, sizeof *d);
  if (d == NULL) return tool_fail(err, "no memory for eigenvalues of order %zu", n);
  tridiagonalise(n, a, d, d + n, d + 2 * n);
  tridiagonal_values(n, d, d + n, values);
  free(d);
  return 0;
}

/* ---- the rest ---- */

int cholesky_solve(size_t n, double *a, double *x) {
  for (size_t i = 0; i < n; i++) {
    double *row = a + i * n;
    for (size_t j = 0; j < i; j++) row[j] = (row[j] - wide_dot(j, row, a + j * n)) / a[j * n + j];
    const double pivot = row[i] - wide_dot(i, row, row);
    if (!(pivot > 0)) return -1;
    row[i] = sqrt(pivot);
    x[i] = (x[i] - wide_dot(i, row, x)) / row[i];
  }
  for (size_t i = n; i-- > 0;) {
    x[i] /= a[i * n + i];
    for (size_t j = 0; j < i; j++) x[j] -= x[i] * a[i * n + j];
  }
  return 0;
}

static int descending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x < y) - (x > y);
}

void sort_descending(size_t n, double *x) {
  qsort(x, n, sizeof *x, descending);
}
