/* SPDX-License-Identifier: Apache-2.0
 * Patches times weights: images are read where they are, vectors meet single elements. */
#ifndef KFIX_PRODUCTS_DIRECT_H
#define KFIX_PRODUCTS_DIRECT_H

#include "port/gemm/product.h"

/* Whether that is as fast as packing patches for the micro-kernel. */
int kfix_products_are_direct(const kfix_product *t);

/* kfix_products_block of such a product. There is room for a panel of vectors at least. */
void kfix_products_direct(const kfix_product *t, const kfix_area *area);

#endif
