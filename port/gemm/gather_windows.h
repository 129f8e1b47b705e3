/* SPDX-License-Identifier: Apache-2.0
 * Patches into panels, where the sum goes over windows. */
#ifndef KFIX_PRODUCTS_GATHER_WINDOWS_H
#define KFIX_PRODUCTS_GATHER_WINDOWS_H

#include "port/gemm/gathered.h"
#include "port/gemm/products.h"
#include "port/gemm/products_packing.h"

/* A panel of `width` columns, KFIX_TILE_COLS_MAX at most: out[(p - depth.begin) width + i] is real lanes.begin + i of
 * the patch of window p; behind the patch ones, behind lanes.end zeros. g is not `back`. */

void kfix_gather_windows(const kfix_gather *g, size_t width, kfix_span lanes, kfix_span depth,
                         kfix_real *out);

#endif
