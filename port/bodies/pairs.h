/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the kernels that divide by 1 +- s1 s2, held away from zero. See split.h. */
#ifndef KFIX_CPU_PAIRS_H
#define KFIX_CPU_PAIRS_H

#include "core/elementary.h"
#include "port/bodies/split.h"

typedef struct kfix_cpu_kron_args {
  size_t cols;
  const kfix_real *v;
  size_t ldv;
  const kfix_real *s_rows, *s_cols;
  kfix_real sign, floor;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_kron_args;

static void kfix_cpu_divide_kron_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_kron_args t = *(const kfix_cpu_kron_args *)args;
  for (size_t r = begin; r < end; r++) {
    const kfix_real s = t.sign * t.s_rows[r], *v = t.v + r * t.ldv;
    kfix_real *out = t.out + r * t.ldo;
    for (size_t j = 0; j < t.cols; j++) {
      const kfix_real divisor = kfix_fma(s, t.s_cols[j], 1);
      out[j] = v[j] / (divisor < t.floor ? t.floor : divisor);
    }
  }
}

static void kfix_cpu_count_kron_row(const void *args, size_t r, double *result) {
  const kfix_cpu_kron_args *t = args;
  const kfix_real s = t->sign * t->s_rows[r];
  KFIX_CPU_ROW_SUM(*result, t->cols, j, kfix_fma(s, t->s_cols[j], 1) < t->floor ? 1.0 : 0.0);
}

static kfix_status kfix_cpu_divide_kron(const kfix_device *d, size_t rows, size_t cols,
                                        const kfix_real *v, size_t ldv, const kfix_real *s_rows,
                                        const kfix_real *s_cols, kfix_real sign, kfix_real floor,
                                        kfix_real *out, size_t ldo, double *clamped) {
  const kfix_cpu_kron_args t = {cols, v, ldv, s_rows, s_cols, sign, floor, out, ldo};
  if (clamped) KFIX_TRY(kfix_cpu_reduce(d, rows, cols, 1, kfix_cpu_count_kron_row, &t, clamped));
  if (v) kfix_cpu_split(d, rows, 4 * cols, kfix_cpu_divide_kron_range, &t);
  return KFIX_OK;
}

typedef struct kfix_cpu_decouple_args {
  size_t cols;
  const kfix_real *x_rows, *y_rows, *x_cols, *y_cols;
  kfix_real floor;
  kfix_real *p, *q;
  size_t ld;
} kfix_cpu_decouple_args;

static void kfix_cpu_decouple_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_decouple_args t = *(const kfix_cpu_decouple_args *)args;
  const kfix_real ceiling = 1 - t.floor;
  for (size_t r = begin; r < end; r++) {
    const kfix_real x_row = t.x_rows[r], y_row = t.y_rows[r];
    kfix_real *p = t.p + r * t.ld, *q = t.q + r * t.ld;
    for (size_t j = 0; j < t.cols; j++) {
      const kfix_real x = x_row * t.x_cols[j], y = y_row * t.y_cols[j], was = p[j];
      const kfix_real rest = kfix_fma(-x, y, 1);
      const int low = rest < t.floor;
      const kfix_real divisor = low ? t.floor : rest;
      p[j] = kfix_fma(low ? ceiling / y : x, was, -q[j]) / divisor;
      q[j] = kfix_fma(y, q[j], -was) / divisor;
    }
  }
}

static void kfix_cpu_count_decouple_row(const void *args, size_t r, double *result) {
  const kfix_cpu_decouple_args *t = args;
  const kfix_real x = t->x_rows[r], y = t->y_rows[r];
  KFIX_CPU_ROW_SUM(*result, t->cols, j,
                   kfix_fma(-(x * t->x_cols[j]), y * t->y_cols[j], 1) < t->floor ? 1.0 : 0.0);
}

static kfix_status kfix_cpu_decouple(const kfix_device *d, size_t rows, size_t cols,
                                     const kfix_real *x_rows, const kfix_real *y_rows,
                                     const kfix_real *x_cols, const kfix_real *y_cols,
                                     kfix_real floor, kfix_real *p, kfix_real *q, size_t ld,
                                     double *clamped) {
  const kfix_cpu_decouple_args t = {cols, x_rows, y_rows, x_cols, y_cols, floor, p, q, ld};
  if (clamped)
    KFIX_TRY(kfix_cpu_reduce(d, rows, cols, 1, kfix_cpu_count_decouple_row, &t, clamped));
  if (p) kfix_cpu_split(d, rows, 8 * cols, kfix_cpu_decouple_range, &t);
  return KFIX_OK;
}

#endif
