/* SPDX-License-Identifier: Apache-2.0
 * The five loops around the micro-kernel, for one block of C on one thread. */
#include <string.h>

#include "port/simd/simd_kernel.h"
#include "port/simd/simd_product.h"

#define MR KFIX_SIMD_MR
#define NR KFIX_SIMD_NR
#define MC KFIX_SIMD_MC
#define NC KFIX_SIMD_NC

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

/* A tile of which only a part exists: computed in a buffer. */
static void edge_tile(const kfix_simd_product *t, size_t k, const kfix_real *a, const kfix_real *b,
                      int from_zero, size_t i, size_t m, size_t j, size_t n) {
  kfix_real buffer[MR][NR] = {{0}};
  kfix_real *row[MR];
  for (size_t r = 0; r < MR; r++) row[r] = buffer[r];
  if (!from_zero)
    for (size_t r = 0; r < m; r++)
      memcpy(buffer[r], row_of(t, i + r) + j, row_length(t, i + r, j, n) * sizeof **buffer);
  kfix_simd_tile(k, a, b, from_zero, row);
  for (size_t r = 0; r < m; r++)
    memcpy(row_of(t, i + r) + j, buffer[r], row_length(t, i + r, j, n) * sizeof **buffer);
}

/* The tile of C at (i, j), m x n of it. */
static void tile(const kfix_simd_product *t, size_t k, const kfix_real *a, const kfix_real *b,
                 int from_zero, size_t i, size_t m, size_t j, size_t n) {
  if (m < MR || n < NR || (t->lower && i < j + NR - 1)) {
    edge_tile(t, k, a, b, from_zero, i, m, j, n);
  } else {
    kfix_real *row[MR];
    for (size_t r = 0; r < MR; r++) row[r] = row_of(t, i + r) + j;
    kfix_simd_tile(k, a, b, from_zero, row);
  }
}

typedef struct span {
  size_t begin, end;
} span;

/* Packed A times packed B: a panel of B stays in the first-level cache while A's go by. */
static void packed_block(const kfix_simd_product *t, span rows, span cols, size_t k, int from_zero,
                         const kfix_real *a, const kfix_real *b) {
  for (size_t j = cols.begin; j < cols.end; j += NR) {
    const size_t n = smaller(NR, cols.end - j);
    for (size_t i = rows.begin; i < rows.end; i += MR) {
      const size_t m = smaller(MR, rows.end - i);
      if (t->lower && i + m <= j) continue;
      tile(t, k, a + (i - rows.begin) * k, b + (j - cols.begin) * k, from_zero, i, m, j, n);
    }
  }
}

/* In a lower triangle the rows above column j have nothing there. */
static inline size_t first_row(const kfix_simd_product *t, size_t row, size_t j) {
  return t->lower && j > row ? row + (j - row) / MR * MR : row;
}

void kfix_simd_block(const kfix_simd_product *t, size_t row, size_t row_end, size_t col,
                     size_t col_end, void *slot) {
  kfix_real *const a = slot, *const b = (kfix_real *)(void *)((char *)slot + KFIX_SIMD_A_BYTES);
  if (row >= row_end) return;
  for (size_t j = col; j < col_end; j += NC) {
    const span cols = {j, smaller(j + NC, col_end)};
    for (size_t p = 0; p < t->k; p += KFIX_KC) {
      const size_t to = smaller(p + KFIX_KC, t->k);
      kfix_simd_pack_right(&t->right, cols.begin, cols.end - cols.begin, p, to, b);
      for (size_t i = first_row(t, row, j); i < row_end; i += MC) {
        const span rows = {i, smaller(i + MC, row_end)};
        kfix_simd_pack_left(&t->left, rows.begin, rows.end - rows.begin, p, to, a);
        packed_block(t, rows, cols, to - p, t->from_zero && p == 0, a, b);
      }
    }
  }
}
