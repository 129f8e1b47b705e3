/* SPDX-License-Identifier: Apache-2.0
 * Items of a batch of eigenproblems: small matrices are made equal in order by a diagonal below them
 * whose elements are above all eigenvalues. Neither part disturbs the other, and what was added comes
 * last: the first n eigenvalues and vectors are the matrix's own. */
#ifndef KFIX_GPU_ITEMS_EIGENS_H
#define KFIX_GPU_ITEMS_EIGENS_H

#include <math.h>

#include "items_symmetric.h"

/* `count` matrices of order x order in `a`, eigenvalues in `values`, order + 1 numbers of each in
 * `rows`, and in `bad` the first row with an element that is not finite, 0: none. */
typedef struct kfix_eigens_args {
  size_t order, count;
  kfix_real *a, *values;
  double *rows;
  int *bad;
  kfix_eigen_job jobs[KFIX_JOBS_MAX];
} kfix_eigens_args;

/* Item: a row of a matrix. Its part of the square of the Frobenius norm. */
typedef struct kfix_eigens_args kfix_eigen_rows_args;

KFIX_INLINE void kfix_eigen_rows_item(const kfix_eigens_args *t, size_t e) {
  const size_t b = e / t->order, i = e % t->order;
  const kfix_real *row = t->jobs[b].factor + KFIX_TRIANGLE(i);
  double sum = 0;
  if (i < t->jobs[b].n) {
    for (size_t j = 0; j < i; j++) sum += 2 * (double)row[j] * (double)row[j];
    sum += (double)row[i] * (double)row[i];
  }
  t->rows[b * (t->order + 1) + i] = sum;
}

/* Item: a matrix. rows[order] = what goes below it: the norm, which no eigenvalue exceeds, and an
 * eighth; 1 for a matrix of zeros. A norm out of range is counted to the last row. */
typedef struct kfix_eigens_args kfix_eigen_norm_args;

KFIX_INLINE void kfix_eigen_norm_item(const kfix_eigens_args *t, size_t b) {
  double *row = t->rows + b * (t->order + 1), sum = 0;
  int bad = 0;
  for (size_t i = t->jobs[b].n; i > 0; i--) {
    bad = row[i - 1] - row[i - 1] != 0 ? (int)i : bad;
    sum += row[i - 1];
  }
  const kfix_real above = (kfix_real)(1.125 * sqrt(sum));
  row[t->order] = above > 0 ? above : 1;
  t->bad[b] = bad == 0 && above - above != 0 ? (int)t->jobs[b].n : bad;
}

/* Item: an element of a matrix of a; in place of what is not finite comes the identity. */
typedef struct kfix_eigens_args kfix_eigen_spread_args;

KFIX_INLINE void kfix_eigen_spread_item(const kfix_eigens_args *t, size_t e) {
  const size_t size = t->order * t->order, b = e / size, i = e % size / t->order, j = e % t->order;
  const size_t high = i > j ? i : j, low = i > j ? j : i;
  const int bad = t->bad[b] != 0;
  kfix_real x = 0;
  if (high < t->jobs[b].n && !bad)
    x = t->jobs[b].factor[KFIX_TRIANGLE(high) + low];
  else if (i == j)
    x = bad ? 1 : (kfix_real)t->rows[b * (t->order + 1) + t->order];
  t->a[e] = x;
}

/* Item: an eigenvalue, and its vector with the canonical sign; vectors lie one behind another in a. */
typedef struct kfix_eigens_args kfix_eigen_gather_args;

KFIX_INLINE void kfix_eigen_gather_item(const kfix_eigens_args *t, size_t e) {
  const size_t b = e / t->order, j = e % t->order, n = t->jobs[b].n;
  const kfix_real *vector = t->a + e * t->order;
  if (j >= n) return;
  const int negative = kfix_largest(n, vector, 1) < 0;
  for (size_t i = 0; i < n; i++) t->jobs[b].vectors[i * n + j] = negative ? -vector[i] : vector[i];
  t->jobs[b].values[j] = t->values[e];
}

#endif
