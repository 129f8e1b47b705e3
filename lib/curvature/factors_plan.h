/* SPDX-License-Identifier: Apache-2.0
 * The memory of the running factors A and G, and of the scratch that works on them. */
#ifndef KFIX_CURVATURE_FACTORS_PLAN_H
#define KFIX_CURVATURE_FACTORS_PLAN_H

#include "../../port/port.h"
#include "../core/plan.h"

/* Packed triangles. */
#define KFIX_REGIONS_FACTORS(R, cols, out)                                  \
  R(FACTOR_A, STATISTICS, KFIX_TRIANGLE(cols), "factor A, packed triangle") \
  R(FACTOR_G, STATISTICS, KFIX_TRIANGLE(out), "factor G, packed triangle")

/* The number of a region in its method's list. */
#define KFIX_BLOCK_ENUM(id, group, count, words) KFIX_##id,
enum { KFIX_REGIONS_FACTORS(KFIX_BLOCK_ENUM, 0, 0) KFIX_FACTOR_COUNT };

/* A factor of order n is inverted where the inverse is to stand: the panels of that. */
#define KFIX_INVERSE_REALS(n) KFIX_SPD_WORK(n)
/* G^-1 V; or Gm G^-1 and Abar A^-1 for up to `rows` examples. */
#define KFIX_APPLY_REALS(cols, out, rows) \
  KFIX_LARGER((out)*KFIX_LD(cols), (size_t)(rows) * (KFIX_LD(cols) + KFIX_LD(out)))
/* Squares of abar and of g for the rows of a row block. */
#define KFIX_SQUARES_REALS(cols, out, row_block) \
  ((size_t)(row_block) * (KFIX_LD(cols) + KFIX_LD(out)))

#endif
