/* SPDX-License-Identifier: Apache-2.0
 * Products of operands that are read where they are: edges of blocks, and shapes too small or too
 * thin to pay for packing. */
#ifndef KFIX_PRODUCTS_VECTOR_TILE_H
#define KFIX_PRODUCTS_VECTOR_TILE_H

#include "port/port.h"

/* a[i lane + p depth] is op(A)[i][p]. */
typedef struct kfix_strided {
  const kfix_real *x;
  size_t lane, depth;
} kfix_strided;

/* Row i begins at x + i ld + grow (i (i - 1) / 2): grow is 0, or 1 in a packed triangle, where a row
 * is longer than the one above. */
typedef struct kfix_rows {
  kfix_real *x;
  size_t ld, grow;
} kfix_rows;

static inline kfix_real *kfix_row(const kfix_rows *c, size_t i) {
  return c->x + i * c->ld + (i < 2 ? 0 : c->grow * (i * (i - 1) / 2));
}

/* Columns of the vectors' own tile. */
#define KFIX_VECTOR_COLS (64 / KFIX_REAL_BYTES)

/* c[i][j] = (from_zero ? 0 : c[i][j]) + sum_p a[i][p] b[p b_step + j], i < m, j < n, p < k <= KFIX_KC.
 * The sum is port.h's: fma from zero, p ascending. Nothing else is read or written. */
void kfix_vector_product(size_t m, size_t n, size_t k, const kfix_strided *a, const kfix_real *b,
                         size_t b_step, int from_zero, const kfix_rows *c);

#endif
