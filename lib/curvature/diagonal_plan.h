/* SPDX-License-Identifier: Apache-2.0
 * The memory of diagonal: the running diagonal of F, and squares of a row block. */
#ifndef KFIX_CURVATURE_DIAGONAL_PLAN_H
#define KFIX_CURVATURE_DIAGONAL_PLAN_H

#include "factors_plan.h"

/* Dense, without padding: a state has none. */
#define KFIX_REGIONS_DIAGONAL(R, cols, out) \
  R(DIAGONAL_D, STATISTICS, (out) * (cols), "diagonal of the Fisher matrix, out x cols")
enum { KFIX_REGIONS_DIAGONAL(KFIX_BLOCK_ENUM, 0, 0) KFIX_DIAGONAL_COUNT };

#define KFIX_diagonal_CHAIN                                   0
#define KFIX_diagonal_NET(R, P, chunk, out, turn)             KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_diagonal_BLOCK(R, held, cols, out, below, above) KFIX_REGIONS_DIAGONAL(R, cols, out)
#define KFIX_diagonal_SCRATCH(cols, out, row_block, stats_rows, below, above) \
  KFIX_SQUARES_REALS(cols, out, row_block)

#endif
