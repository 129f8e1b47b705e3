/* SPDX-License-Identifier: Apache-2.0
 * Slices of blocks whose parameters belong to one channel each: normalisations, convolutions of each channel by
 * itself. To a method such a block is what a bias is: cols 1, abar 1, and as g of an example its whole gradient, a
 * sum over positions. So W is a column, and its G the full Fisher matrix of the block's parameters. */
#ifndef KFIX_NET_SUMMED_H
#define KFIX_NET_SUMMED_H

#include "net/net.h"

/* Where such sums are made: behind the room for a slice (net/slices.h). */
typedef struct kfix_summed {
  kfix_rows ones; /* a one for each row of a row block */
  kfix_rows sums; /* so many rows, as wide as the block has rows */
} kfix_summed;
kfix_summed kfix_summed_of(const kfix *k, const kfix_block *b);

/* out = the gradients of rows [first, first + rows), a row block at most; x: what the node reads of them, g: theirs,
 * both from the first. */
typedef kfix_status kfix_sum_examples(kfix *k, const kfix_block *b, size_t first, size_t rows,
                                      kfix_rows x, kfix_rows g, kfix_rows out);
/* kfix_kind_info.each_slice of such a block: a slice is a row block.
 * scratch: SLICE_ABAR, SLICE_G. cost: what `sum` costs. */
kfix_status kfix_each_summed_slice(kfix *k, const kfix_slice *all, kfix_sum_examples *sum,
                                   const kfix_visitor *visitor);

#endif
