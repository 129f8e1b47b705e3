/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the kernels on packed symmetric matrices. See split.h. */
#ifndef KFIX_CPU_SYMMETRIC_H
#define KFIX_CPU_SYMMETRIC_H

#include <string.h>

#include "port/bodies/split.h"

typedef struct kfix_cpu_unpack_args {
  size_t n;
  const kfix_real *packed;
  kfix_real shift;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_unpack_args;

/* What is right of the diagonal comes in squares of this order, turned in a buffer: lines of the cache
 * are read and written whole, wherever ldo puts them. */
#define KFIX_CPU_SQUARE 16

/* out[i][j] for the rows [begin, end) and the columns [left, right), j > i: read from row j. */
static void kfix_cpu_mirror(const kfix_cpu_unpack_args *t, size_t begin, size_t end, size_t left,
                            size_t right) {
  for (size_t j = left; j < right; j++) {
    const kfix_real *row = t->packed + KFIX_TRIANGLE(j);
    const size_t stop = end < j ? end : j;
    for (size_t i = begin; i < stop; i++) t->out[i * t->ldo + j] = row[i];
  }
}

/* The same for a whole square at (i, j). */
static void kfix_cpu_mirror_square(const kfix_cpu_unpack_args *t, size_t i, size_t j) {
  kfix_real square[KFIX_CPU_SQUARE][KFIX_CPU_SQUARE];
  for (size_t c = 0; c < KFIX_CPU_SQUARE; c++) {
    const kfix_real *row = t->packed + KFIX_TRIANGLE(j + c) + i;
    for (size_t r = 0; r < KFIX_CPU_SQUARE; r++) square[r][c] = row[r];
  }
  for (size_t r = 0; r < KFIX_CPU_SQUARE; r++)
    memcpy(t->out + (i + r) * t->ldo + j, square[r], sizeof square[r]);
}

/* Of the rows [begin, end), at most KFIX_CPU_SQUARE: what touches the diagonal, squares, the rest. */
static void kfix_cpu_mirror_rows(const kfix_cpu_unpack_args *t, size_t begin, size_t end) {
  size_t j = end;
  kfix_cpu_mirror(t, begin, end, begin + 1, j);
  if (end - begin == KFIX_CPU_SQUARE)
    for (; j + KFIX_CPU_SQUARE <= t->n; j += KFIX_CPU_SQUARE) kfix_cpu_mirror_square(t, begin, j);
  kfix_cpu_mirror(t, begin, end, j, t->n);
}

static void kfix_cpu_unpack_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_unpack_args *t = args;
  for (size_t i = begin; i < end; i++) {
    const kfix_real *row = t->packed + KFIX_TRIANGLE(i);
    memcpy(t->out + i * t->ldo, row, i * sizeof *row);
    t->out[i * t->ldo + i] = row[i] + t->shift;
  }
  for (size_t i = begin; i < end; i += KFIX_CPU_SQUARE)
    kfix_cpu_mirror_rows(t, i, end - i < KFIX_CPU_SQUARE ? end : i + KFIX_CPU_SQUARE);
}

static void kfix_cpu_shift_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_unpack_args *t = args;
  for (size_t i = begin; i < end; i++) {
    const kfix_real *row = t->packed + KFIX_TRIANGLE(i);
    memcpy(t->out + KFIX_TRIANGLE(i), row, i * sizeof *row);
    t->out[KFIX_TRIANGLE(i) + i] = row[i] + t->shift;
  }
}

static kfix_status kfix_cpu_unpack(const kfix_device *d, size_t n, const kfix_real *packed,
                                   kfix_real shift, kfix_real *out, size_t ldo) {
  const kfix_cpu_unpack_args t = {n, packed, shift, out, ldo};
  kfix_cpu_split(d, n, n, ldo == KFIX_PACKED ? kfix_cpu_shift_range : kfix_cpu_unpack_range, &t);
  return KFIX_OK;
}

typedef struct kfix_cpu_pack_args {
  const kfix_real *a;
  size_t lda;
  kfix_real *packed;
} kfix_cpu_pack_args;

static void kfix_cpu_pack_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_pack_args *t = args;
  for (size_t i = begin; i < end; i++)
    memcpy(t->packed + KFIX_TRIANGLE(i), t->a + i * t->lda, (i + 1) * sizeof *t->a);
}

static kfix_status kfix_cpu_pack(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                                 kfix_real *packed) {
  const kfix_cpu_pack_args t = {a, lda, packed};
  kfix_cpu_split(d, n, n, kfix_cpu_pack_range, &t);
  return KFIX_OK;
}

static kfix_status kfix_cpu_trace(const kfix_device *d, size_t n, const kfix_real *packed,
                                  double *out) {
  (void)d;
  KFIX_CPU_ROW_SUM(*out, n, j, (double)packed[KFIX_TRIANGLE(j + 1) - 1]);
  return KFIX_OK;
}

#endif
