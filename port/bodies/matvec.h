/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the kernels on a matrix and a vector. See split.h.
 *
 * Eight rows at a time, written out, so that their sums stay in registers. Vectors are those of the
 * compiler; a fused multiply-add of eight lanes becomes one instruction where the port has it. */
#ifndef KFIX_CPU_MATVEC_H
#define KFIX_CPU_MATVEC_H

#include <math.h>
#include <string.h>

#include "core/elementary.h"
#include "port/bodies/split.h"

#define KFIX_CPU_LANES KFIX_LANES_IN_DOT

typedef kfix_real kfix_cpu_lanes __attribute__((vector_size(KFIX_CPU_LANES * KFIX_REAL_BYTES)));
/* The same, at any address. */
typedef kfix_real kfix_cpu_lanes_anywhere __attribute__((
    vector_size(KFIX_CPU_LANES * KFIX_REAL_BYTES), aligned(KFIX_REAL_BYTES), may_alias));

#define KFIX_CPU_LOAD(x)  (*(const kfix_cpu_lanes_anywhere *)(x))
#define KFIX_CPU_STORE(x) (*(kfix_cpu_lanes_anywhere *)(x))

/* sum = a b + sum, lane by lane. */
#define KFIX_CPU_FUSE(a, b, sum) \
  for (size_t l_ = 0; l_ < KFIX_CPU_LANES; l_++) (sum)[l_] = kfix_fma((a)[l_], (b)[l_], (sum)[l_])
#define KFIX_CPU_FUSE_SCALED(a, x, sum) \
  for (size_t l_ = 0; l_ < KFIX_CPU_LANES; l_++) (sum)[l_] = kfix_fma((a)[l_], (x), (sum)[l_])

#define KFIX_CPU_ROWS        8
#define KFIX_CPU_EACH_ROW(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7)

static inline kfix_real kfix_cpu_fold_lanes(kfix_real *lane) {
  for (size_t half = KFIX_CPU_LANES / 2; half > 0; half /= 2)
    for (size_t i = 0; i < half; i++) lane[i] += lane[i + half];
  return lane[0];
}

/* For eight rows of a, cols columns, a multiple of the lanes: lane[r] += a[r] x by lanes (x NULL:
 * not), y += sum_r a[r] s[r] (y NULL: not). Inlined with constants in these places. */
static inline void kfix_cpu_eight_rows(size_t cols, const kfix_real *a, size_t lda,
                                       const kfix_real *x, kfix_cpu_lanes *lane, const kfix_real *s,
                                       kfix_real *y) {
#define KFIX_CPU_BEGIN(r) kfix_cpu_lanes sum##r = lane[r];
#define KFIX_CPU_DOT(r)                                         \
  {                                                             \
    const kfix_cpu_lanes row_ = KFIX_CPU_LOAD(a + (r)*lda + j); \
    if (x) KFIX_CPU_FUSE(row_, here, sum##r);                   \
    if (y) KFIX_CPU_FUSE_SCALED(row_, s[r], out);               \
  }
#define KFIX_CPU_END(r) lane[r] = sum##r;
  KFIX_CPU_EACH_ROW(KFIX_CPU_BEGIN)
  for (size_t j = 0; j < cols; j += KFIX_CPU_LANES) {
    kfix_cpu_lanes here = {0}, out = {0};
    if (x) here = KFIX_CPU_LOAD(x + j);
    if (y) out = KFIX_CPU_LOAD(y + j);
    KFIX_CPU_EACH_ROW(KFIX_CPU_DOT)
    if (y) KFIX_CPU_STORE(y + j) = out;
  }
  KFIX_CPU_EACH_ROW(KFIX_CPU_END)
#undef KFIX_CPU_BEGIN
#undef KFIX_CPU_DOT
#undef KFIX_CPU_END
}

/* The same for one row and any number of columns. */
static inline void kfix_cpu_one_row(size_t cols, const kfix_real *a, const kfix_real *x,
                                    kfix_real *lane, kfix_real s, kfix_real *y) {
  const size_t whole = cols / KFIX_CPU_LANES * KFIX_CPU_LANES;
  for (size_t j = 0; j < whole; j += KFIX_CPU_LANES)
    for (size_t l = 0; l < KFIX_CPU_LANES; l++) {
      if (x) lane[l] = kfix_fma(a[j + l], x[j + l], lane[l]);
      if (y) y[j + l] = kfix_fma(a[j + l], s, y[j + l]);
    }
  for (size_t j = whole; j < cols; j++) {
    if (x) lane[j - whole] = kfix_fma(a[j], x[j], lane[j - whole]);
    if (y) y[j] = kfix_fma(a[j], s, y[j]);
  }
}

/* ---- symv ---- */

typedef struct kfix_cpu_symv_args {
  size_t n, bands;
  const kfix_real *a;
  size_t lda;
  const kfix_real *x;
  kfix_real *y, *work;
} kfix_cpu_symv_args;

/* Rows and columns row .. row + 7, a block on the diagonal; its upper triangle counts as zeros. */
static inline void kfix_cpu_symv_corner(const kfix_cpu_symv_args *t, size_t row,
                                        kfix_cpu_lanes *lane, kfix_real *part) {
  const kfix_cpu_lanes here = KFIX_CPU_LOAD(t->x + row);
  kfix_cpu_lanes out = KFIX_CPU_LOAD(part + row);
  for (size_t r = 0; r < KFIX_CPU_ROWS; r++) {
    const kfix_real *a = t->a + (row + r) * t->lda + row;
    kfix_cpu_lanes upto, below;
    for (size_t l = 0; l < KFIX_CPU_LANES; l++) upto[l] = l <= r ? a[l] : 0;
    for (size_t l = 0; l < KFIX_CPU_LANES; l++) below[l] = l < r ? a[l] : 0;
    KFIX_CPU_FUSE(upto, here, lane[r]);
    KFIX_CPU_FUSE_SCALED(below, t->x[row + r], out);
  }
  KFIX_CPU_STORE(part + row) = out;
}

/* Rows begin .. end - 1: their own sums into y, what they give to rows above into part. */
static inline void kfix_cpu_symv_rows(const kfix_cpu_symv_args *t, size_t begin, size_t end,
                                      kfix_real *part) {
  size_t i = begin;
  for (; i + KFIX_CPU_ROWS <= end; i += KFIX_CPU_ROWS) {
    kfix_cpu_lanes lane[KFIX_CPU_ROWS] = {{0}};
    kfix_cpu_eight_rows(i, t->a + i * t->lda, t->lda, t->x, lane, t->x + i, part);
    kfix_cpu_symv_corner(t, i, lane, part);
    for (size_t r = 0; r < KFIX_CPU_ROWS; r++) {
      kfix_real sum[KFIX_CPU_LANES];
      memcpy(sum, &lane[r], sizeof sum);
      t->y[i + r] = kfix_cpu_fold_lanes(sum);
    }
  }
  for (; i < end; i++) {
    kfix_real lane[KFIX_CPU_LANES] = {0};
    const kfix_real *row = t->a + i * t->lda;
    kfix_cpu_one_row(i, row, t->x, lane, t->x[i], part);
    lane[i % KFIX_CPU_LANES] = kfix_fma(row[i], t->x[i], lane[i % KFIX_CPU_LANES]);
    t->y[i] = kfix_cpu_fold_lanes(lane);
  }
}

/* The first row of a band: bands have about the same area. */
static inline size_t kfix_cpu_symv_cut(const kfix_cpu_symv_args *t, size_t band) {
  if (band == t->bands) return t->n;
  const size_t row = (size_t)((double)t->n * sqrt((double)band / (double)t->bands));
  return row / KFIX_CPU_ROWS * KFIX_CPU_ROWS;
}

static void kfix_cpu_symv_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_symv_args *t = args;
  for (size_t band = begin; band < end; band++) {
    const size_t first = kfix_cpu_symv_cut(t, band), last = kfix_cpu_symv_cut(t, band + 1);
    kfix_real *part = t->work + band * t->n;
    memset(part, 0, last * sizeof *part);
    kfix_cpu_symv_rows(t, first, last, part);
  }
}

static kfix_status kfix_cpu_symv(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                                 const kfix_real *x, kfix_real *y, kfix_real *work) {
  size_t bands = 1;
  while (bands < KFIX_SYMV_BANDS && 2 * bands * KFIX_SYMV_ROWS <= n) bands *= 2;
  const kfix_cpu_symv_args t = {n, bands, a, lda, x, y, work};
  kfix_cpu_split(d, bands, n * n / (4 * bands), kfix_cpu_symv_range, &t);
  for (size_t band = 0; band < bands; band++) {
    const size_t last = kfix_cpu_symv_cut(&t, band + 1);
    const kfix_real *part = work + band * n;
    for (size_t j = 0; j < last; j++) y[j] += part[j];
  }
  return KFIX_OK;
}

/* ---- gemv ---- */

typedef struct kfix_cpu_gemv_args {
  size_t rows, cols;
  kfix_real alpha;
  const kfix_real *a;
  size_t lda;
  const kfix_real *x;
  kfix_real beta;
  kfix_real *y;
} kfix_cpu_gemv_args;

static inline void kfix_cpu_gemv_end(const kfix_cpu_gemv_args *t, size_t i, kfix_real *lane) {
  const kfix_real sum = t->alpha * kfix_cpu_fold_lanes(lane);
  t->y[i] = t->beta == 0 ? sum : t->y[i] + sum;
}

static void kfix_cpu_gemv_rows(const void *args, size_t begin, size_t end) {
  const kfix_cpu_gemv_args *t = args;
  const size_t whole = t->cols / KFIX_CPU_LANES * KFIX_CPU_LANES;
  size_t i = begin;
  for (; i + KFIX_CPU_ROWS <= end; i += KFIX_CPU_ROWS) {
    kfix_cpu_lanes lane[KFIX_CPU_ROWS] = {{0}};
    const kfix_real *a = t->a + i * t->lda;
    kfix_cpu_eight_rows(whole, a, t->lda, t->x, lane, NULL, NULL);
    for (size_t r = 0; r < KFIX_CPU_ROWS; r++) {
      kfix_real sum[KFIX_CPU_LANES];
      memcpy(sum, &lane[r], sizeof sum);
      kfix_cpu_one_row(t->cols - whole, a + r * t->lda + whole, t->x + whole, sum, 0, NULL);
      kfix_cpu_gemv_end(t, i + r, sum);
    }
  }
  for (; i < end; i++) {
    kfix_real lane[KFIX_CPU_LANES] = {0};
    kfix_cpu_one_row(t->cols, t->a + i * t->lda, t->x, lane, 0, NULL);
    kfix_cpu_gemv_end(t, i, lane);
  }
}

static void kfix_cpu_gemv_cols(const void *args, size_t begin, size_t end) {
  const kfix_cpu_gemv_args *t = args;
  const size_t cols = end - begin, whole = cols / KFIX_CPU_LANES * KFIX_CPU_LANES;
  kfix_real *y = t->y + begin;
  if (t->beta == 0) memset(y, 0, cols * sizeof *y);
  size_t i = 0;
  for (; i + KFIX_CPU_ROWS <= t->rows; i += KFIX_CPU_ROWS) {
    kfix_cpu_lanes lane[KFIX_CPU_ROWS] = {{0}};
    kfix_real s[KFIX_CPU_ROWS];
    const kfix_real *a = t->a + i * t->lda + begin;
    for (size_t r = 0; r < KFIX_CPU_ROWS; r++) s[r] = t->alpha * t->x[i + r];
    kfix_cpu_eight_rows(whole, a, t->lda, NULL, lane, s, y);
    for (size_t r = 0; r < KFIX_CPU_ROWS; r++)
      kfix_cpu_one_row(cols - whole, a + r * t->lda + whole, NULL, NULL, s[r], y + whole);
  }
  for (; i < t->rows; i++)
    kfix_cpu_one_row(cols, t->a + i * t->lda + begin, NULL, NULL, t->alpha * t->x[i], y);
}

static kfix_status kfix_cpu_gemv(const kfix_device *d, kfix_op op, size_t rows, size_t cols,
                                 kfix_real alpha, const kfix_real *a, size_t lda,
                                 const kfix_real *x, kfix_real beta, kfix_real *y) {
  const kfix_cpu_gemv_args t = {rows, cols, alpha, a, lda, x, beta, y};
  if (op == KFIX_S || (beta != 0 && beta != 1)) return KFIX_PORT;
  if (op == KFIX_N)
    kfix_cpu_split(d, rows, cols, kfix_cpu_gemv_rows, &t);
  else
    kfix_cpu_split(d, cols, rows, kfix_cpu_gemv_cols, &t);
  return KFIX_OK;
}

#endif
