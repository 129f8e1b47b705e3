/* SPDX-License-Identifier: Apache-2.0
 * The memory of block-diagonal K-FAC: factors and their damped inverses, each a packed triangle. */
#ifndef KFIX_CURVATURE_KFAC_PLAN_H
#define KFIX_CURVATURE_KFAC_PLAN_H

#include "core/plan.h"

enum { KFIX_KFAC_A, KFIX_KFAC_G, KFIX_KFAC_A_INVERSE, KFIX_KFAC_G_INVERSE, KFIX_KFAC_PI };

#define KFIX_kfac_LAYER(R, in, out)                   \
  R(KFAC_A, STATISTICS, KFIX_TRIANGLE((in) + 1))      \
  R(KFAC_G, STATISTICS, KFIX_TRIANGLE(out))           \
  R(KFAC_A_INVERSE, INVERSE, KFIX_TRIANGLE((in) + 1)) \
  R(KFAC_G_INVERSE, INVERSE, KFIX_TRIANGLE(out)) R(KFAC_PI, INVERSE, 1)

/* Scratch for one layer: a refresh holds the larger factor and its workspace; applying the inverse
 * holds G^-1 V, or, by the low-rank product of [KFAC 8], Gm G^-1 and Abar A^-1 for up to `rows`
 * examples. */
#define KFIX_MAX2(a, b)      ((a) > (b) ? (a) : (b))
#define KFIX_KFAC_REFRESH(n) (2 * (n)*KFIX_LD(n))
#define KFIX_KFAC_APPLY(in, out, rows) \
  KFIX_MAX2((out)*KFIX_LD((in) + 1), (rows) * (KFIX_LD((in) + 1) + KFIX_LD(out)))
#define KFIX_kfac_SCRATCH(in, out, rows) \
  KFIX_MAX2(KFIX_KFAC_REFRESH(KFIX_MAX2((in) + 1, (out))), KFIX_KFAC_APPLY(in, out, (size_t)(rows)))

#define KFIX_kfac_NET(R, P, chunk, out, widest) KFIX_REGIONS_NATURAL(R, P, chunk, out, widest)
#define KFIX_kfac_EACH(i, units, act)           KFIX_EACH(kfac, i, units, act)
#define KFIX_kfac_MEMBER(i, units, act)         KFIX_MEMBER(kfac, i, units, act)

#endif
