/* SPDX-License-Identifier: Apache-2.0
 * One product, as each of its blocks sees it. */
#ifndef KFIX_PRODUCT_H
#define KFIX_PRODUCT_H

#include "port/gemm/products.h"
#include "port/gemm/products_packing.h"

typedef struct kfix_product {
  const kfix_tile *tile;
  kfix_operand left, right;
  size_t k,
      deep; /* so much of k is summed from zero, at most KFIX_KC; less than that over KFIX_WINDOWS only */
  int from_zero; /* beta is 0 */
  int lower;     /* only elements (i, j <= i) of C exist */
  kfix_real *c;
  size_t ldc; /* KFIX_PACKED: C is a packed lower triangle */
  /* So many rows lie ldc after one another, the next as many `apart` from these; 0: all do. */
  size_t together, apart;
} kfix_product;

/* Row i of C, whose first element is there in any form. */
static inline kfix_real *kfix_product_row(const kfix_product *t, size_t i) {
  if (t->ldc == KFIX_PACKED) return t->c + KFIX_TRIANGLE(i);
  return t->together ? t->c + i / t->together * t->apart + i % t->together * t->ldc
                     : t->c + i * t->ldc;
}

/* A block of C, and the packing space of who makes it. */
typedef struct kfix_area {
  kfix_span rows, cols;
  void *slot;
  size_t bytes;
} kfix_area;

#endif
