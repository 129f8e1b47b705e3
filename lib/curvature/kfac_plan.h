/* SPDX-License-Identifier: Apache-2.0
 * The memory of block-diagonal K-FAC: factors and their damped inverses, each a packed triangle. */
#ifndef KFIX_CURVATURE_KFAC_PLAN_H
#define KFIX_CURVATURE_KFAC_PLAN_H

#include "factors_plan.h"

enum { KFIX_KFAC_A_INVERSE = KFIX_FACTOR_COUNT, KFIX_KFAC_G_INVERSE, KFIX_KFAC_PI };

#define KFIX_kfac_LAYER(R, held, in, out)             \
  KFIX_REGIONS_FACTORS(R, in, out)                    \
  R(KFAC_A_INVERSE, INVERSE, KFIX_TRIANGLE((in) + 1)) \
  R(KFAC_G_INVERSE, INVERSE, KFIX_TRIANGLE(out)) R(KFAC_PI, INVERSE, 1)

#define KFIX_kfac_SCRATCH(in, out, block, stats_rows)               \
  KFIX_MAX2(KFIX_INVERSE_REALS(KFIX_MAX2((size_t)(in) + 1, (out))), \
            KFIX_APPLY_REALS((size_t)(in), (out), block))

#define KFIX_kfac_NET(R, P, chunk, out, widest) KFIX_REGIONS_NATURAL(R, P, chunk, out, widest)
#define KFIX_kfac_EACH(i, units, act)           KFIX_EACH(kfac, i, units, act)
#define KFIX_kfac_MEMBER(i, units, act)         KFIX_MEMBER(kfac, i, units, act)

#endif
