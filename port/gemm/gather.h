/* SPDX-License-Identifier: Apache-2.0
 * Packing an operand that nobody stores: patches are gathered from the images. */
#ifndef KFIX_PRODUCTS_GATHER_H
#define KFIX_PRODUCTS_GATHER_H

#include "port/gemm/gathered.h"
#include "port/gemm/products.h"
#include "port/gemm/products_packing.h"

/* kfix_products_pack of such an operand: a panel is the rows of a micro-kernel, in whole quads at most
 * KFIX_GATHER_LANES. */
#define KFIX_GATHER_LANES KFIX_ROUND_UP((size_t)KFIX_TILE_ROWS_MAX, (size_t)4)
void kfix_gather_pack(const kfix_gather *g, size_t width, kfix_span lanes, kfix_span depth,
                      kfix_real *out);

#endif
