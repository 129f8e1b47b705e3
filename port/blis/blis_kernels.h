/* SPDX-License-Identifier: Apache-2.0
 * BLIS's micro-kernels in the shape that port/gemm takes. */
#ifndef KFIX_BLIS_KERNELS_H
#define KFIX_BLIS_KERNELS_H

#include "port/gemm/products.h"

/* For the second: kfix_tile.part. */
void kfix_blis_part(size_t m, size_t n, size_t k, const kfix_real *a, const kfix_real *b,
                    int from_zero, kfix_real *c, size_t ldc);

/* And panels of 32 columns of float, 16 of double, which two vectors of AVX-512 are. */
kfix_sum_pieces kfix_blis_pieces;

extern const kfix_tile kfix_blis_avx2, kfix_blis_avx512;

/* The kernel for this processor; NULL: none. */
const kfix_tile *kfix_blis_tile(void);

#endif
