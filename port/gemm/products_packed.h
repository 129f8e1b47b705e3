/* SPDX-License-Identifier: Apache-2.0
 * Products of packed operands, or of one packed and one read where it is. */
#ifndef KFIX_PRODUCTS_PACKED_H
#define KFIX_PRODUCTS_PACKED_H

#include "port/gemm/product.h"

/* kfix_products_block, of any product. */
void kfix_products_packed(const kfix_product *t, const kfix_area *area);

#endif
