/* SPDX-License-Identifier: Apache-2.0
 * Items of a batch of inverses: small matrices are made equal in order by ones on the diagonal below
 * them, which neither disturb nor are disturbed. */
#ifndef KFIX_GPU_ITEMS_INVERSES_H
#define KFIX_GPU_ITEMS_INVERSES_H

#include "items.h"

/* Matrices of order x order in `a` and then `count` identities in `one`, with pointers to all. */
typedef struct kfix_spread_args {
  size_t order, count;
  kfix_real *a, *one;
  kfix_real **pointers; /* to those of a, then to those of one */
  kfix_inverse_job jobs[KFIX_JOBS_MAX];
} kfix_spread_args;

/* Item: an element of a matrix of a, and of its identity. */
KFIX_INLINE void kfix_spread_item(const kfix_spread_args *t, size_t e) {
  const size_t size = t->order * t->order, b = e / size, at = e % size;
  const size_t i = at / t->order, j = at % t->order, n = t->jobs[b].n;
  const size_t high = i > j ? i : j, low = i > j ? j : i;
  const kfix_real unit = i == j ? 1 : 0, shift = (kfix_real)t->jobs[b].shift;
  kfix_real x = unit;
  if (high < n) x = t->jobs[b].factor[KFIX_TRIANGLE(high) + low];
  t->a[e] = i == j && high < n ? x + shift : x;
  t->one[e] = unit;
  if (at == 0) {
    t->pointers[b] = t->a + e;
    t->pointers[t->count + b] = t->one + e;
  }
}

/* Item: the same element of what the identities became; the lower triangle is packed. */
typedef struct kfix_spread_args kfix_gather_args;

KFIX_INLINE void kfix_gather_item(const kfix_gather_args *t, size_t e) {
  const size_t size = t->order * t->order, b = e / size, at = e % size;
  const size_t i = at / t->order, j = at % t->order;
  if (i < t->jobs[b].n && j <= i) t->jobs[b].inverse[KFIX_TRIANGLE(i) + j] = t->one[e];
}

#endif
