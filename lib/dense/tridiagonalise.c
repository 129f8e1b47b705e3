/* SPDX-License-Identifier: Apache-2.0
 * Householder's reduction of a symmetric matrix, from the last row to the first. */
#include <math.h>

#include "core/elementary.h"
#include "dense/tridiagonal.h"

/* x[0 .. n) becomes v (its last element 1, not stored) and beta = (H x)[n - 1], the only element of
 * H x that is not zero; x[n - 1] becomes beta. Returns tau, 0 where nothing has to be done. */
static kfix_real reflector(size_t n, kfix_real *x) {
  double sum = 0;
  for (size_t i = 0; i + 1 < n; i++) sum += (double)x[i] * (double)x[i];
  if (!(sum > 0)) return 0;
  const double alpha = (double)x[n - 1], norm = sqrt(alpha * alpha + sum);
  const double beta = alpha > 0 ? -norm : norm;
  const double scale = 1 / (alpha - beta);
  for (size_t i = 0; i + 1 < n; i++) x[i] = (kfix_real)((double)x[i] * scale);
  x[n - 1] = (kfix_real)beta;
  return (kfix_real)((beta - alpha) / beta);
}

/* p = A v for the lower triangle of a. */
static void multiply(size_t n, const kfix_real *a, size_t lda, const kfix_real *v, kfix_real *p) {
  for (size_t i = 0; i < n; i++) {
    const kfix_real *row = a + i * lda;
    kfix_real sum = row[i] * v[i];
    for (size_t j = 0; j < i; j++) {
      sum += row[j] * v[j];
      p[j] += row[j] * v[i];
    }
    p[i] = sum;
  }
}

/* A -= v w^T + w v^T with w = tau A v - (tau / 2)(tau v^T A v) v. */
static void update(size_t n, kfix_real *a, size_t lda, kfix_real tau, const kfix_real *v,
                   kfix_real *w) {
  double dot = 0;
  multiply(n, a, lda, v, w);
  for (size_t i = 0; i < n; i++) dot += (double)w[i] * (double)v[i];
  const kfix_real half = (kfix_real)(dot * (double)tau / 2);
  for (size_t i = 0; i < n; i++) w[i] = tau * (w[i] - half * v[i]);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) a[i * lda + j] -= v[i] * w[j] + w[i] * v[j];
}

void kfix_tridiagonalise(size_t n, kfix_real *a, size_t lda, kfix_real *tau, kfix_real *work,
                         kfix_tridiagonal *t) {
  for (size_t i = n; i-- > 1;) {
    kfix_real *row = a + i * lda;
    tau[i] = reflector(i, row);
    t->d[i] = (double)row[i];
    t->e[i - 1] = (double)row[i - 1];
    row[i - 1] = 1;
    if (tau[i] != 0) update(i, a, lda, tau[i], row, work);
  }
  t->d[0] = (double)a[0];
}

void kfix_apply_reflectors(size_t n, const kfix_real *a, size_t lda, const kfix_real *tau,
                           kfix_real *c, size_t ldc, kfix_real *work) {
  for (size_t i = 1; i < n; i++) {
    const kfix_real *v = a + i * lda;
    for (size_t j = 0; j < n; j++) work[j] = 0;
    for (size_t k = 0; k < i; k++)
      for (size_t j = 0; j < n; j++) work[j] += v[k] * c[k * ldc + j];
    for (size_t k = 0; k < i; k++)
      for (size_t j = 0; j < n; j++) c[k * ldc + j] -= tau[i] * v[k] * work[j];
  }
}
