/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the vector kernels and of the copies between layouts of symmetric matrices.
 * See split.h. */
#ifndef KFIX_CPU_VECTORS_H
#define KFIX_CPU_VECTORS_H

#include <string.h>

#include "core/elementary.h"
#include "port/bodies/forward.h"

typedef struct kfix_cpu_axpby_args {
  kfix_real a;
  const kfix_real *x;
  kfix_real b;
  const kfix_real *y;
  kfix_real *out;
} kfix_cpu_axpby_args;

static void kfix_cpu_axpby_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_axpby_args t = *(const kfix_cpu_axpby_args *)args;
  if (t.y)
    for (size_t i = begin; i < end; i++) t.out[i] = kfix_fma(t.a, t.x[i], t.b * t.y[i]);
  else
    for (size_t i = begin; i < end; i++) t.out[i] = t.a * t.x[i];
}

static kfix_status kfix_cpu_axpby(const kfix_device *d, size_t n, kfix_real a, const kfix_real *x,
                                  kfix_real b, const kfix_real *y, kfix_real *out) {
  const kfix_cpu_axpby_args t = {a, x, b, y, out};
  kfix_cpu_split(d, n, 1, kfix_cpu_axpby_range, &t);
  return KFIX_OK;
}

typedef struct kfix_cpu_dot_args {
  size_t n;
  const kfix_real *x, *y;
} kfix_cpu_dot_args;

static void kfix_cpu_dot_block(const void *args, size_t block, double *result) {
  const kfix_cpu_dot_args *t = args;
  const size_t first = block * KFIX_SUM_BLOCK;
  const size_t count = t->n - first < KFIX_SUM_BLOCK ? t->n - first : KFIX_SUM_BLOCK;
  const kfix_real *x = t->x + first, *y = t->y + first;
  KFIX_CPU_ROW_SUM(*result, count, j, (double)x[j] * (double)y[j]);
}

static kfix_status kfix_cpu_dot(const kfix_device *d, size_t n, const kfix_real *x,
                                const kfix_real *y, double *out) {
  const kfix_cpu_dot_args t = {n, x, y};
  const size_t blocks = KFIX_ROUND_UP(n, (size_t)KFIX_SUM_BLOCK) / KFIX_SUM_BLOCK;
  double total = 0;
  KFIX_TRY(kfix_cpu_reduce(d, blocks, KFIX_SUM_BLOCK, 1, kfix_cpu_dot_block, &t, &total));
  *out = total;
  return KFIX_OK;
}

static void kfix_cpu_copy_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_matrix_args t = *(const kfix_cpu_matrix_args *)args;
  for (size_t r = begin; r < end; r++)
    memcpy(t.out + r * t.ldo, t.x + r * t.ldx, t.cols * sizeof *t.x);
}

static kfix_status kfix_cpu_copy(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                                 size_t ldx, kfix_real *out, size_t ldo) {
  const kfix_cpu_matrix_args t = {cols, x, ldx, out, ldo, 0};
  if (cols > 0) kfix_cpu_split(d, rows, cols, kfix_cpu_copy_range, &t);
  return KFIX_OK;
}

static kfix_status kfix_cpu_upload(const kfix_device *d, void *device, const void *host,
                                   size_t bytes) {
  (void)d;
  if (bytes > 0) memcpy(device, host, bytes);
  return KFIX_OK;
}

static kfix_status kfix_cpu_download(const kfix_device *d, void *host, const void *device,
                                     size_t bytes) {
  return kfix_cpu_upload(d, host, device, bytes);
}

#endif
