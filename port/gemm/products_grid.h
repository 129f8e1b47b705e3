/* SPDX-License-Identifier: Apache-2.0
 * A product as a grid of blocks, one for each thread. */
#ifndef KFIX_PRODUCTS_GRID_H
#define KFIX_PRODUCTS_GRID_H

#include "port/gemm/product.h"

/* t with m x n elements of C, on d's threads; beta as in gemm. */
kfix_status kfix_products_run(const kfix_product *t, const kfix_device *d, size_t m, size_t n,
                              kfix_real beta);

#endif
