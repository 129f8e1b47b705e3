/* SPDX-License-Identifier: Apache-2.0
 * Items of symmetric matrices between packed and full storage, and the sign of eigenvectors. */
#ifndef KFIX_GPU_ITEMS_SYMMETRIC_H
#define KFIX_GPU_ITEMS_SYMMETRIC_H

#include "items.h"

typedef struct kfix_unpack_args {
  size_t n;
  const kfix_real *packed;
  double shift;
  kfix_out out;
} kfix_unpack_args;

KFIX_INLINE void kfix_unpack_item(const kfix_unpack_args *t, size_t e) {
  const size_t i = e / t->n, j = e % t->n;
  const kfix_real x = t->packed[i < j ? KFIX_TRIANGLE(j) + i : KFIX_TRIANGLE(i) + j];
  KFIX_AT(t->out, i, j) = i == j ? x + (kfix_real)t->shift : x;
}

/* The same, packed: an item is a row. out may be packed. */
typedef struct kfix_shift_args {
  const kfix_real *packed;
  double shift;
  kfix_real *out;
} kfix_shift_args;

KFIX_INLINE void kfix_shift_item(const kfix_shift_args *t, size_t i) {
  const size_t last = KFIX_TRIANGLE(i + 1) - 1, first = KFIX_TRIANGLE(i);
  for (size_t e = first; e < last; e++) t->out[e] = t->packed[e];
  t->out[last] = t->packed[last] + (kfix_real)t->shift;
}

/* packed = lower triangle of a, plus what it was if beta is 1. */
typedef struct kfix_pack_args {
  size_t n;
  kfix_in a;
  double beta;
  kfix_real *packed;
} kfix_pack_args;

KFIX_INLINE void kfix_pack_item(const kfix_pack_args *t, size_t e) {
  const size_t i = e / t->n, j = e % t->n;
  if (j > i) return;
  kfix_real *out = &t->packed[KFIX_TRIANGLE(i) + j];
  *out = t->beta != 0 ? *out + KFIX_AT(t->a, i, j) : KFIX_AT(t->a, i, j);
}

/* Item: an element of an n x n matrix; those above the diagonal become zero. */
typedef struct kfix_lower_args {
  size_t n;
  kfix_out a;
} kfix_lower_args;

KFIX_INLINE void kfix_lower_item(const kfix_lower_args *t, size_t e) {
  const size_t i = e / t->n, j = e % t->n;
  if (j > i) KFIX_AT(t->a, i, j) = 0;
}

/* The component of largest magnitude, the first of equals, of a vector; 0 if there is none. */
KFIX_INLINE kfix_real kfix_largest(size_t n, const kfix_real *x, size_t stride) {
  kfix_real largest = 0, at = 0;
  for (size_t i = 0; i < n; i++) {
    const kfix_real y = x[i * stride], size = y < 0 ? -y : y;
    at = size > largest ? y : at;
    largest = size > largest ? size : largest;
  }
  return at;
}

/* Item: column j of a matrix of eigenvectors, made canonical: its largest component is positive. */
typedef struct kfix_sign_args {
  size_t n;
  kfix_out v;
} kfix_sign_args;

KFIX_INLINE void kfix_sign_item(const kfix_sign_args *t, size_t j) {
  if (kfix_largest(t->n, t->v.at + j, t->v.ld) < 0)
    for (size_t i = 0; i < t->n; i++) KFIX_AT(t->v, i, j) = -KFIX_AT(t->v, i, j);
}

/* Item: bad[i] = 1 if row i of the lower triangle has an element that is NaN or infinite, else 0. */
typedef struct kfix_finite_args {
  kfix_in a;
  double *bad;
} kfix_finite_args;

KFIX_INLINE void kfix_finite_item(const kfix_finite_args *t, size_t i) {
  double bad = 0;
  for (size_t j = 0; j <= i; j++) {
    const kfix_real x = KFIX_AT(t->a, i, j);
    if (x - x != 0) bad = 1;
  }
  t->bad[i] = bad;
}

/* The only item: *row = the 1-based place of the first that is not 0, 0: none. */
typedef struct kfix_first_args {
  size_t n;
  const double *bad;
  int *row;
} kfix_first_args;

KFIX_INLINE void kfix_first_item(const kfix_first_args *t, size_t item) {
  int row = (int)item;
  for (size_t i = t->n; i > 0; i--) row = t->bad[i - 1] != 0 ? (int)i : row;
  *t->row = row;
}

#endif
