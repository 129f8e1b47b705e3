/* SPDX-License-Identifier: Apache-2.0
 * Items of the Kronecker SVD: cosines between atoms, roots of coefficients. They round as lib/factor
 * does (factor/kron_space.c). */
#ifndef KFIX_GPU_ITEMS_KRON_H
#define KFIX_GPU_ITEMS_KRON_H

#include <math.h>

#include "items.h"

KFIX_INLINE double kfix_kron_inverse(kfix_real norm) {
  return norm > 0 ? 1 / (double)norm : 0;
}

/* Item: an element of both triangles of the cosines between x_s x_s^T, from the packed x_s . x_t;
 * the diagonal also gives the norm. */
typedef struct kfix_cosines_args {
  size_t rows;
  const kfix_real *packed;
  kfix_out gram;
  kfix_real *norm;
} kfix_cosines_args;

KFIX_INLINE void kfix_cosines_item(const kfix_cosines_args *t, size_t e) {
  const size_t i = e / t->rows, j = e % t->rows, high = i > j ? i : j, low = i > j ? j : i;
  const kfix_real here = t->packed[KFIX_TRIANGLE(high + 1) - 1];
  const kfix_real there = t->packed[KFIX_TRIANGLE(low + 1) - 1];
  const double x = (double)t->packed[KFIX_TRIANGLE(high) + low];
  KFIX_AT(t->gram, i, j) =
      (kfix_real)(x * kfix_kron_inverse(here) * (x * kfix_kron_inverse(there)));
  if (i == j) t->norm[i] = here;
}

/* Item: result[i] = what row i adds to x . y, two packed triangles that stand for full matrices. */
typedef struct kfix_packed_rows_args {
  const kfix_real *x, *y;
  double *result;
} kfix_packed_rows_args;

KFIX_INLINE void kfix_packed_rows_item(const kfix_packed_rows_args *t, size_t i) {
  const size_t row = KFIX_TRIANGLE(i);
  double off = 0;
  for (size_t j = 0; j < i; j++) off += (double)t->x[row + j] * (double)t->y[row + j];
  t->result[i] = 2 * off + (double)t->x[row + i] * (double)t->y[row + i];
}

/* The only item: the cosine of atoms `at` and `other`, from the rows of their product; where they
 * are the same, its norm before. */
typedef struct kfix_factor_cosine_args {
  size_t n, at, other;
  const double *result;
  kfix_out gram;
  kfix_real *norm;
} kfix_factor_cosine_args;

KFIX_INLINE void kfix_factor_cosine_item(const kfix_factor_cosine_args *t, size_t item) {
  double sum = (double)item;
  for (size_t i = 0; i < t->n; i++) sum += t->result[i];
  if (t->at == t->other) t->norm[t->at] = (kfix_real)sqrt(sum);
  KFIX_AT(t->gram, t->at, t->other) = KFIX_AT(t->gram, t->other, t->at) =
      (kfix_real)(sum * kfix_kron_inverse(t->norm[t->at]) * kfix_kron_inverse(t->norm[t->other]));
}

/* Item: the cosine of example r and atom `at`, a factor F, from x = x_r and w = F x_r. */
typedef struct kfix_example_cosines_args {
  size_t cols, at;
  kfix_in x, w;
  kfix_out gram;
  const kfix_real *norm;
} kfix_example_cosines_args;

KFIX_INLINE void kfix_example_cosines_item(const kfix_example_cosines_args *t, size_t r) {
  double sum[4] = {0, 0, 0, 0};
  for (size_t j = 0; j < t->cols; j++)
    sum[j % 4] += (double)KFIX_AT(t->x, r, j) * (double)KFIX_AT(t->w, r, j);
  KFIX_AT(t->gram, t->at, r) = KFIX_AT(t->gram, r, t->at) =
      (kfix_real)(((sum[0] + sum[2]) + (sum[1] + sum[3])) * kfix_kron_inverse(t->norm[t->at]) *
                  kfix_kron_inverse(t->norm[r]));
}

/* Item: the root of a coefficient of that sign, else 0; NaN counts as positive. */
typedef struct kfix_roots_args {
  double sign;
  const kfix_real *c;
  kfix_real *root;
} kfix_roots_args;

KFIX_INLINE void kfix_roots_item(const kfix_roots_args *t, size_t i) {
  const double c = (double)t->c[i];
  const int mine = t->sign > 0 ? !(c <= 0) : c < 0;
  t->root[i] = mine ? (kfix_real)sqrt(t->sign > 0 ? c : -c) : 0;
}

#endif
