/* SPDX-License-Identifier: Apache-2.0
 * What one panel of each operand makes: a tile, or a part of one. */
#ifndef KFIX_PRODUCTS_PART_H
#define KFIX_PRODUCTS_PART_H

#include "port/gemm/products.h"
#include "port/gemm/vector_tile.h"

/* c (m x n) = (from_zero ? 0 : c) + the product of packed panels, k deep; m, n: of the tile, or less. c does not
 * grow. */
static inline void kfix_products_part(const kfix_tile *tile, size_t m, size_t n, size_t k,
                                      const kfix_strided *a, const kfix_real *b, int from_zero,
                                      const kfix_rows *c) {
  if (m == tile->rows && n == tile->cols)
    tile->compute(k, a->x, b, from_zero, c->x, c->ld);
  else if (tile->part)
    tile->part(m, n, k, a->x, b, from_zero, c->x, c->ld);
  else
    kfix_vector_product(m, n, k, a, b, tile->cols, from_zero, c);
}

#endif
