/* SPDX-License-Identifier: Apache-2.0
 * The five loops around the micro-kernel, for one block of C on one thread. */
#include <string.h>

#include "port/simd/simd_kernel.h"
#include "port/simd/simd_product.h"

#define MR KFIX_SIMD_MR
#define NR KFIX_SIMD_NR
#define MC KFIX_SIMD_MC
#define NC KFIX_SIMD_NC

#define DIRECT_ROWS 48

static inline size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

static inline kfix_real *row_of(const kfix_simd_product *t, size_t i) {
  return t->c + (t->ldc == KFIX_PACKED ? KFIX_TRIANGLE(i) : i * t->ldc);
}

/* Elements of row i of C from column j on, at most n. */
static inline size_t row_length(const kfix_simd_product *t, size_t i, size_t j, size_t n) {
  if (!t->lower) return n;
  return i < j ? 0 : smaller(i - j + 1, n);
}

/* One tile's share of the operands: packed, or B where it is stored. */
typedef struct panels {
  size_t k;
  const kfix_real *a, *b;
  size_t b_step;
  int from_zero;
} panels;

/* A tile of which only a part exists: computed in a buffer. */
static void edge_tile(const kfix_simd_product *t, const panels *s, size_t i, size_t m, size_t j,
                      size_t n) {
  kfix_real buffer[MR][NR] = {{0}};
  kfix_real *row[MR];
  for (size_t r = 0; r < MR; r++) row[r] = buffer[r];
  if (!s->from_zero)
    for (size_t r = 0; r < m; r++)
      memcpy(buffer[r], row_of(t, i + r) + j, row_length(t, i + r, j, n) * sizeof **buffer);
  kfix_simd_tile(s->k, s->a, s->b, s->b_step, s->from_zero, row);
  for (size_t r = 0; r < m; r++)
    memcpy(row_of(t, i + r) + j, buffer[r], row_length(t, i + r, j, n) * sizeof **buffer);
}

/* The tile of C at (i, j), m x n of it. */
static void tile(const kfix_simd_product *t, const panels *s, size_t i, size_t m, size_t j,
                 size_t n) {
  if (m < MR || n < NR || (t->lower && i < j + NR - 1)) {
    edge_tile(t, s, i, m, j, n);
  } else {
    kfix_real *row[MR];
    for (size_t r = 0; r < MR; r++) row[r] = row_of(t, i + r) + j;
    kfix_simd_tile(s->k, s->a, s->b, s->b_step, s->from_zero, row);
  }
}

typedef struct span {
  size_t begin, end;
} span;

/* What of C is at work: rows x cols at depth [depth.begin, depth.end). */
typedef struct stage {
  span rows, cols, depth;
  int direct; /* whole panels of B are read where they are stored */
  kfix_real *a, *b;
} stage;

/* With few rows, packing B would cost more than it saves. The last panel, if it is not whole, is
 * packed all the same: the kernel reads whole ones. */
static int is_direct(const kfix_simd_product *t, size_t rows) {
  return t->right.layout == KFIX_SIMD_ALONG && rows <= DIRECT_ROWS;
}

static void pack_b(const kfix_simd_product *t, const stage *s) {
  const size_t cols = s->cols.end - s->cols.begin, count = s->direct ? cols % NR : cols;
  kfix_simd_pack_right(&t->right, s->cols.end - count, count, s->depth.begin, s->depth.end, s->b);
}

static void choose_b(const kfix_simd_product *t, const stage *s, size_t j, panels *out) {
  const int stored = s->direct && s->cols.end - j >= NR;
  out->b_step = stored ? t->right.ld : NR;
  if (stored)
    out->b = t->right.x + s->depth.begin * t->right.ld + j;
  else
    out->b = s->direct ? s->b : s->b + (j - s->cols.begin) * out->k;
}

/* Packed A times B: a panel of B stays in the first-level cache while A's go by. */
static void multiply(const kfix_simd_product *t, const stage *s) {
  panels p = {.k = s->depth.end - s->depth.begin, .from_zero = t->from_zero && s->depth.begin == 0};
  for (size_t j = s->cols.begin; j < s->cols.end; j += NR) {
    const size_t n = smaller(NR, s->cols.end - j);
    choose_b(t, s, j, &p);
    for (size_t i = s->rows.begin; i < s->rows.end; i += MR) {
      const size_t m = smaller(MR, s->rows.end - i);
      if (t->lower && i + m <= j) continue;
      p.a = s->a + (i - s->rows.begin) * p.k;
      tile(t, &p, i, m, j, n);
    }
  }
}

/* In a lower triangle the rows above column j have nothing there. */
static inline size_t first_row(const kfix_simd_product *t, size_t row, size_t j) {
  return t->lower && j > row ? row + (j - row) / MR * MR : row;
}

void kfix_simd_block(const kfix_simd_product *t, size_t row, size_t row_end, size_t col,
                     size_t col_end, void *slot) {
  stage s = {.direct = is_direct(t, row_end - row),
             .a = slot,
             .b = (kfix_real *)(void *)((char *)slot + KFIX_SIMD_A_BYTES)};
  if (row >= row_end) return;
  for (size_t j = col; j < col_end; j += NC) {
    s.cols = (span){j, smaller(j + NC, col_end)};
    for (size_t p = 0; p < t->k; p += KFIX_KC) {
      s.depth = (span){p, smaller(p + KFIX_KC, t->k)};
      pack_b(t, &s);
      for (size_t i = first_row(t, row, j); i < row_end; i += MC) {
        s.rows = (span){i, smaller(i + MC, row_end)};
        kfix_simd_pack_left(&t->left, i, s.rows.end - i, p, s.depth.end, s.a);
        multiply(t, &s);
      }
    }
  }
}
