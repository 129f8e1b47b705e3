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

/* c[i ldc + j] = (from_zero ? 0 : c[i ldc + j]) + sum_p a[i][p] b[p b_step + j], i < m, j < n, p < k
 * <= KFIX_KC. The sum is port.h's: fma from zero, p ascending. Nothing else is read or written. */
void kfix_vector_product(size_t m, size_t n, size_t k, const kfix_strided *a, const kfix_real *b,
                         size_t b_step, int from_zero, kfix_real *c, size_t ldc);

#endif
