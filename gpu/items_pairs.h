/* SPDX-License-Identifier: Apache-2.0
 * Items of the kernels that divide by 1 +- s1 s2, held away from zero; their counts are rows. */
#ifndef KFIX_GPU_ITEMS_PAIRS_H
#define KFIX_GPU_ITEMS_PAIRS_H

#include "core/elementary.h"
#include "items.h"

typedef struct kfix_divide_kron_args {
  size_t cols;
  kfix_in v;
  const kfix_real *s_rows, *s_cols;
  double sign, floor;
  kfix_out out;
} kfix_divide_kron_args;

KFIX_INLINE void kfix_divide_kron_item(const kfix_divide_kron_args *t, size_t i) {
  const size_t r = i / t->cols, j = i % t->cols;
  const kfix_real sign = (kfix_real)t->sign, floor = (kfix_real)t->floor;
  const kfix_real divisor = kfix_fma(sign * t->s_rows[r], t->s_cols[j], 1);
  KFIX_AT(t->out, r, j) = KFIX_AT(t->v, r, j) / (divisor < floor ? floor : divisor);
}

typedef struct kfix_decouple_args {
  size_t cols;
  const kfix_real *x_rows, *y_rows, *x_cols, *y_cols;
  double floor;
  kfix_out p, q;
} kfix_decouple_args;

KFIX_INLINE void kfix_decouple_item(const kfix_decouple_args *t, size_t i) {
  const size_t r = i / t->cols, j = i % t->cols;
  kfix_real *p = &KFIX_AT(t->p, r, j), *q = &KFIX_AT(t->q, r, j);
  const kfix_real x = t->x_rows[r] * t->x_cols[j], y = t->y_rows[r] * t->y_cols[j], was = *p;
  const kfix_real rest = kfix_fma(-x, y, 1), floor = (kfix_real)t->floor;
  const int low = rest < floor;
  const kfix_real divisor = low ? floor : rest;
  *p = kfix_fma(low ? (1 - floor) / y : x, was, -*q) / divisor;
  *q = kfix_fma(y, *q, -was) / divisor;
}

/* result[r] = how many elements of row r are held at the floor: those of divide_kron where y_rows
 * is NULL, else those of decouple. */
typedef struct kfix_count_pairs_args {
  size_t cols;
  const kfix_real *x_rows, *y_rows, *x_cols, *y_cols;
  double sign, floor;
  double *result;
} kfix_count_pairs_args;

KFIX_INLINE void kfix_count_pairs_item(const kfix_count_pairs_args *t, size_t r) {
  const kfix_real x = (kfix_real)t->sign * t->x_rows[r], y = t->y_rows ? t->y_rows[r] : 0;
  const kfix_real floor = (kfix_real)t->floor;
  double count = 0;
  for (size_t j = 0; j < t->cols; j++) {
    const kfix_real rest = t->y_rows ? kfix_fma(-(x * t->x_cols[j]), y * t->y_cols[j], 1)
                                     : kfix_fma(x, t->x_cols[j], 1);
    count += rest < floor ? 1 : 0;
  }
  t->result[r] = count;
}

#endif
