/* SPDX-License-Identifier: Apache-2.0
 * The memory of block-diagonal K-FAC: factors and their damped inverses, each a packed triangle. */
#ifndef KFIX_CURVATURE_KFAC_PLAN_H
#define KFIX_CURVATURE_KFAC_PLAN_H

#include "factors_plan.h"

#define KFIX_REGIONS_INVERSES(R, cols, out)                                               \
  R(KFAC_A_INVERSE, INVERSE, KFIX_TRIANGLE(cols), "damped inverse of A, packed triangle") \
  R(KFAC_G_INVERSE, INVERSE, KFIX_TRIANGLE(out), "damped inverse of G, packed triangle")  \
  R(KFAC_PI, INVERSE, 1, "pi of the damping")
enum {
  KFIX_KFAC_BEGIN = KFIX_FACTOR_COUNT - 1,
  KFIX_REGIONS_INVERSES(KFIX_BLOCK_ENUM, 0, 0) KFIX_KFAC_COUNT
};

#define KFIX_kfac_CHAIN                       0
#define KFIX_kfac_NET(R, P, chunk, out, turn) KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_kfac_BLOCK(R, held, cols, out, below, above) \
  KFIX_REGIONS_FACTORS(R, cols, out) KFIX_REGIONS_INVERSES(R, cols, out)
#define KFIX_kfac_SCRATCH(cols, out, row_block, stats_rows, below, above)     \
  KFIX_LARGER(KFIX_INVERSE_REALS(KFIX_LARGER((size_t)(cols), (size_t)(out))), \
              KFIX_APPLY_REALS((size_t)(cols), (size_t)(out), row_block))

#endif
