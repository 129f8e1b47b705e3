/* SPDX-License-Identifier: Apache-2.0
 * The products of the vector port; contracts in port.h. */
#ifndef KFIX_SIMD_PRODUCT_H
#define KFIX_SIMD_PRODUCT_H

#include "port/simd/simd_packing.h"

kfix_status kfix_simd_gemm(const kfix_device *d, kfix_op op_a, kfix_op op_b, size_t m, size_t n,
                           size_t k, kfix_real alpha, const kfix_real *a, size_t lda,
                           const kfix_real *b, size_t ldb, kfix_real beta, kfix_real *c,
                           size_t ldc);
kfix_status kfix_simd_syrk(const kfix_device *d, kfix_op op, size_t n, size_t k, kfix_real alpha,
                           const kfix_real *a, size_t lda, kfix_real beta, kfix_real *c,
                           size_t ldc);

/* A product as the driver sees it. */
typedef struct kfix_simd_product {
  kfix_simd_operand left, right;
  size_t k;
  int from_zero; /* beta is 0 */
  int lower;     /* only elements (i, j <= i) of C exist */
  kfix_real *c;
  size_t ldc; /* KFIX_PACKED: C is a packed lower triangle */
} kfix_simd_product;

/* The block [row, row_end) x [col, col_end) of C, on this thread. slot: packing space of
 * KFIX_SIMD_SLOT_BYTES. */
void kfix_simd_block(const kfix_simd_product *t, size_t row, size_t row_end, size_t col,
                     size_t col_end, void *slot);

/* Threads that d can give to products, 0 if the scratch is too small for one. */
unsigned kfix_simd_slots(const kfix_device *d);

/* The packing space of task `index`. */
static inline void *kfix_simd_slot(const kfix_device *d, unsigned index) {
  return (char *)d->scratch + index * KFIX_SIMD_SLOT_BYTES;
}

#endif
