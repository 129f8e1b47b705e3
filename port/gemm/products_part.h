/* SPDX-License-Identifier: Apache-2.0
 * What one panel of each operand makes: a tile, or a part of one. */
#ifndef KFIX_PRODUCTS_PART_H
#define KFIX_PRODUCTS_PART_H

#include "port/gemm/products.h"
#include "port/gemm/vector_tile.h"

/* c (m x n) = (from_zero ? 0 : c) + the product of packed panels, k deep; m, n: of the tile, or less. */
static inline void kfix_products_part(const kfix_tile *tile, size_t m, size_t n, size_t k,
                                      const kfix_real *a, const kfix_real *b, int from_zero,
                                      kfix_real *c, size_t ldc) {
  const kfix_strided left = {a, 1, tile->rows};
  const kfix_rows rows = {c, ldc, 0};
  if (m == tile->rows && n == tile->cols)
    tile->compute(k, a, b, from_zero, c, ldc);
  else if (tile->part)
    tile->part(m, n, k, a, b, from_zero, c, ldc);
  else
    kfix_vector_product(m, n, k, &left, b, tile->cols, from_zero, &rows);
}

#endif
