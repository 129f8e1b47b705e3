/* SPDX-License-Identifier: Apache-2.0
 * Vectors in host memory: inner products in double, in a fixed order. */
#ifndef KFIX_FACTOR_KRON_VECTOR_H
#define KFIX_FACTOR_KRON_VECTOR_H

#include "core/real.h"

/* x . y over four interleaved sums. */
static inline double kfix_kron_dot(size_t n, const kfix_real *x, const kfix_real *y) {
  double sum[4] = {0};
  for (size_t j = 0; j < n; j++) sum[j % 4] += (double)x[j] * (double)y[j];
  return (sum[0] + sum[2]) + (sum[1] + sum[3]);
}

/* The same of two symmetric matrices of order n in packed storage, as full matrices. */
static inline double kfix_kron_dot_packed(size_t n, const kfix_real *x, const kfix_real *y) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    const kfix_real *a = x + KFIX_TRIANGLE(i), *b = y + KFIX_TRIANGLE(i);
    sum += 2 * kfix_kron_dot(i, a, b) + (double)a[i] * (double)b[i];
  }
  return sum;
}

/* y += a x */
static inline void kfix_kron_axpy(size_t n, double a, const kfix_real *x, kfix_real *y) {
  for (size_t j = 0; j < n; j++) y[j] = (kfix_real)((double)y[j] + a * (double)x[j]);
}

static inline void kfix_kron_scale(size_t n, double a, kfix_real *x) {
  for (size_t j = 0; j < n; j++) x[j] = (kfix_real)(a * (double)x[j]);
}

#endif
