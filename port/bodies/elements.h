/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the kernels that combine two matrices element by element. See split.h. */
#ifndef KFIX_CPU_ELEMENTS_H
#define KFIX_CPU_ELEMENTS_H

#include "port/bodies/forward.h"

static void kfix_cpu_multiply_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_elements_args t = *(const kfix_cpu_elements_args *)args;
  for (size_t r = begin; r < end; r++) {
    const kfix_real *x = t.x + r * t.ldx, *y = t.y + r * t.ldy;
    kfix_real *out = t.out + r * t.ldo;
    for (size_t j = 0; j < t.cols; j++) out[j] = x[j] * y[j];
  }
}

static kfix_status kfix_cpu_multiply(const kfix_device *d, size_t rows, size_t cols,
                                     const kfix_real *x, size_t ldx, const kfix_real *y, size_t ldy,
                                     kfix_real *out, size_t ldo) {
  const kfix_cpu_elements_args t = {cols, x, ldx, y, ldy, 0, out, ldo};
  kfix_cpu_split(d, rows, cols, kfix_cpu_multiply_range, &t);
  return KFIX_OK;
}

static void kfix_cpu_divide_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_elements_args t = *(const kfix_cpu_elements_args *)args;
  for (size_t r = begin; r < end; r++) {
    const kfix_real *x = t.x + r * t.ldx, *y = t.y + r * t.ldy;
    kfix_real *out = t.out + r * t.ldo;
    for (size_t j = 0; j < t.cols; j++) out[j] = x[j] / (y[j] + t.shift);
  }
}

static kfix_status kfix_cpu_divide(const kfix_device *d, size_t rows, size_t cols,
                                   const kfix_real *x, size_t ldx, const kfix_real *y, size_t ldy,
                                   kfix_real shift, kfix_real *out, size_t ldo) {
  const kfix_cpu_elements_args t = {cols, x, ldx, y, ldy, shift, out, ldo};
  kfix_cpu_split(d, rows, 4 * cols, kfix_cpu_divide_range, &t);
  return KFIX_OK;
}

static void kfix_cpu_scale_rows_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_elements_args t = *(const kfix_cpu_elements_args *)args;
  for (size_t r = begin; r < end; r++) {
    const kfix_real *x = t.x + r * t.ldx, w = t.y[r];
    kfix_real *out = t.out + r * t.ldo;
    for (size_t j = 0; j < t.cols; j++) out[j] = w * x[j];
  }
}

static kfix_status kfix_cpu_scale_rows(const kfix_device *d, size_t rows, size_t cols,
                                       const kfix_real *w, const kfix_real *x, size_t ldx,
                                       kfix_real *out, size_t ldo) {
  const kfix_cpu_elements_args t = {cols, x, ldx, w, 0, 0, out, ldo};
  kfix_cpu_split(d, rows, cols, kfix_cpu_scale_rows_range, &t);
  return KFIX_OK;
}

#endif
