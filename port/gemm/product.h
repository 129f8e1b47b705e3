/* SPDX-License-Identifier: Apache-2.0
 * One product, as each of its blocks sees it. */
#ifndef KFIX_PRODUCT_H
#define KFIX_PRODUCT_H

#include "port/gemm/products.h"
#include "port/gemm/products_packing.h"

typedef struct kfix_product {
  const kfix_tile *tile;
  kfix_operand left, right;
  size_t k;
  int from_zero; /* beta is 0 */
  int lower;     /* only elements (i, j <= i) of C exist */
  kfix_real *c;
  size_t ldc; /* KFIX_PACKED: C is a packed lower triangle */
} kfix_product;

#endif
