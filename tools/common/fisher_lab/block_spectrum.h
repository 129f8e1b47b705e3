/* SPDX-License-Identifier: Apache-2.0
 * The distance of an approximation's spectrum from its block's: error 2 of [KPSVD 4.1],
 * ||spec(F) - spec(B)||_2 / ||spec(F)||_2, both in descending order. */
#ifndef KFIX_TOOLS_BLOCK_SPECTRUM_H
#define KFIX_TOOLS_BLOCK_SPECTRUM_H

#include "block_rows.h"
#include "files/tool_error.h"

/* F's largest min(rows, in * out) eigenvalues, descending; the others are zero. */
typedef struct block_spectrum {
  double *values; /* NULL: neither rows nor in * out is within BLOCK_ORDER_MAX */
  size_t count;
} block_spectrum;

/* From K / m, or from F itself where that is smaller. cost: 4/3 min(rows, in out)^3 */
int block_spectrum_of(const block_rows *f, block_spectrum *spectrum, tool_error *err);
void block_spectrum_free(block_spectrum *spectrum);

/* NaN where it cannot be had: spectrum->values NULL, F = 0, a factor of order above order_max, or
 * two terms whose block of order in * out is above it. cost: of one term, 4/3 (in^3 + out^3); of an
 * eigenbasis, a sort; of two terms, 4/3 (in out)^3 where that order is small, else block_lanczos.h.
 */
int block_spectrum_error(const block_rows *shape, const block_spectrum *spectrum,
                         const block_factors *b, size_t order_max, double *error, tool_error *err);

#endif
