/* SPDX-License-Identifier: Apache-2.0
 * Sums over windows: what they have of a gradient times their patches. */
#ifndef KFIX_PRODUCTS_WEIGHTS_H
#define KFIX_PRODUCTS_WEIGHTS_H

#include "port/gemm/product.h"

/* kfix_products_block of a product whose right operand is KFIX_WINDOWS. */
void kfix_products_weights(const kfix_product *t, const kfix_area *area);

#endif
