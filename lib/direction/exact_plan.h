/* SPDX-License-Identifier: Apache-2.0
 * The memory of the exact natural gradient: Gram matrices of the examples, and, where they do not stand in
 * one chunk, the examples. The method has no curvature. */
#ifndef KFIX_DIRECTION_EXACT_PLAN_H
#define KFIX_DIRECTION_EXACT_PLAN_H

#include "../../port/port.h"
#include "block_plan.h"

#define KFIX_exact_CHAIN                       0
#define KFIX_exact_NET(R, P, chunk, out, turn) KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_exact_BLOCK(R, held, cols, out, below, above)
#define KFIX_exact_SCRATCH(cols, out, row_block, stats_rows, below, above) ((size_t)0)

#define KFIX_exact_ALONG_HOST(R, blocks, coarse)
#define KFIX_exact_ALONG_NET(R, P, rows, blocks, coarse)                                 \
  R(EXACT_GRAM, STEP, KFIX_TRIANGLE(rows), "J^T J of the examples, packed triangle")     \
  R(EXACT_ABAR, STEP, KFIX_TRIANGLE(rows), "abar . abar of one block; then the inverse") \
  R(EXACT_G, STEP, KFIX_TRIANGLE(rows), "g . g of one block")                            \
  R(EXACT_RIGHT, STEP, KFIX_LD(rows), "J^T gradient")                                    \
  R(EXACT_WEIGHTS, STEP, KFIX_LD(rows), "what each example counts in the direction")     \
  R(EXACT_WORK, STEP, KFIX_SPD_WORK(rows), "work of the inverse")
#define KFIX_exact_ALONG_ORDER(rows, blocks, coarse) ((size_t)(rows))
#define KFIX_exact_ALONG_BLOCK(R, aside, seen, units, cols, out) \
  KFIX_REGIONS_EXAMPLES(R, aside, seen, units)

/* Where a block looks through windows, gradients of all examples with respect to so many rows of its W stand
 * together (direction/fisher_gram.c): fewer take less memory, and patches are made as many times more. */
#define KFIX_GRAM_ROWS 8
#define KFIX_GRAM_LD(cols, out) \
  KFIX_LD((size_t)(cols) * ((out) < KFIX_GRAM_ROWS ? (out) : KFIX_GRAM_ROWS))
#define KFIX_exact_ALONG_SCRATCH(cols, out, units, row_block, images) \
  KFIX_LARGER(KFIX_JACOBIAN_REALS(units, row_block), (size_t)(images)*KFIX_GRAM_LD(cols, out))

enum { KFIX_exact_ALONG_NET(KFIX_ALONG_ENUM, 0, 0, 0, 0) KFIX_EXACT_NET_COUNT };

#endif
