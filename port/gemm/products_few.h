/* SPDX-License-Identifier: Apache-2.0
 * A B^T with few rows of A. */
#ifndef KFIX_PRODUCTS_FEW_H
#define KFIX_PRODUCTS_FEW_H

#include "port/gemm/product.h"

/* Whether m rows of C are too few to pay for packing B, whose rows are the columns of op(B). */
int kfix_products_are_few(const kfix_product *t, size_t m);

/* kfix_products_block of such a product. There is room for a panel at least. */
void kfix_products_few(const kfix_product *t, const kfix_area *area);

#endif
