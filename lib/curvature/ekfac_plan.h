/* SPDX-License-Identifier: Apache-2.0
 * The memory of EKFAC: factors, the Kronecker-factored eigenbasis, the scalings in it. */
#ifndef KFIX_CURVATURE_EKFAC_PLAN_H
#define KFIX_CURVATURE_EKFAC_PLAN_H

#include "../factor/eigen.h"
#include "factors_plan.h"

enum {
  KFIX_EKFAC_UA = KFIX_FACTOR_COUNT,
  KFIX_EKFAC_UG,
  KFIX_EKFAC_VALUES_A,
  KFIX_EKFAC_VALUES_G,
  KFIX_EKFAC_PI,
  KFIX_EKFAC_S
};

/* Bases and scalings are dense, without padding: they are the larger part of the memory. */
#define KFIX_REGIONS_EKFAC(R, in, out)          \
  KFIX_REGIONS_FACTORS(R, in, out)              \
  R(EKFAC_UA, INVERSE, ((in) + 1) * ((in) + 1)) \
  R(EKFAC_UG, INVERSE, (out) * (out))           \
  R(EKFAC_VALUES_A, INVERSE, (in) + 1)          \
  R(EKFAC_VALUES_G, INVERSE, (out)) R(EKFAC_PI, INVERSE, 1) R(EKFAC_S, SCALINGS, ((in) + 1) * (out))

/* A matrix of (in + 1) x out on its way between two products. */
#define KFIX_EKFAC_HALF(in, out) KFIX_LD(((in) + 1) * (out))

/* Scratch for one layer whose larger side is n: a factor in full and the eigensolver's workspace;
 * what a sweep of rotations needs; the squared overlap of two bases, and a half; two halves; a half and a row of ones; Abar U_A and
 * Gm U_G of a row block. */
#define KFIX_EKFAC_CARRY_REALS(n, in, out)    ((n)*KFIX_LD(n) + KFIX_EKFAC_HALF(in, out))
#define KFIX_EKFAC_ONES_REALS(n, in, out)     (KFIX_LD(n) + KFIX_EKFAC_HALF(in, out))
#define KFIX_EKFAC_ROWS_REALS(in, out, block) ((size_t)(block) * (KFIX_LD((in) + 1) + KFIX_LD(out)))
#define KFIX_EKFAC_APPLY_REALS(n, in, out) \
  KFIX_MAX2(KFIX_EKFAC_ONES_REALS(n, in, out), 2 * KFIX_EKFAC_HALF(in, out))
#define KFIX_EKFAC_TRACK_REALS(n) (3 * KFIX_LD((n) * (n)) + 2 * KFIX_LD(n))
#define KFIX_EKFAC_REFRESH_REALS(n, in, out)                            \
  KFIX_MAX2(KFIX_MAX2(KFIX_EIGENS_REALS(n), KFIX_EKFAC_TRACK_REALS(n)), \
            KFIX_EKFAC_CARRY_REALS(n, in, out))
#define KFIX_EKFAC_SCRATCH(n, in, out, block)      \
  KFIX_MAX2(KFIX_EKFAC_ROWS_REALS(in, out, block), \
            KFIX_MAX2(KFIX_EKFAC_REFRESH_REALS(n, in, out), KFIX_EKFAC_APPLY_REALS(n, in, out)))

#define KFIX_ekfac_LAYER(R, held, in, out) KFIX_REGIONS_EKFAC(R, in, out)
#define KFIX_ekfac_SCRATCH(in, out, block, stats_rows) \
  KFIX_EKFAC_SCRATCH(KFIX_MAX2((in) + 1, (out)), in, out, block)
#define KFIX_ekfac_NET(R, P, chunk, out, widest) KFIX_REGIONS_NATURAL(R, P, chunk, out, widest)
#define KFIX_ekfac_EACH(i, units, act)           KFIX_EACH(ekfac, i, units, act)
#define KFIX_ekfac_MEMBER(i, units, act)         KFIX_MEMBER(ekfac, i, units, act)

#define KFIX_ekfac_ra_LAYER(R, held, in, out) KFIX_REGIONS_EKFAC(R, in, out)
#define KFIX_ekfac_ra_SCRATCH(in, out, block, stats_rows) \
  KFIX_ekfac_SCRATCH(in, out, block, stats_rows)
#define KFIX_ekfac_ra_NET(R, P, chunk, out, widest) KFIX_REGIONS_NATURAL(R, P, chunk, out, widest)
#define KFIX_ekfac_ra_EACH(i, units, act)           KFIX_EACH(ekfac_ra, i, units, act)
#define KFIX_ekfac_ra_MEMBER(i, units, act)         KFIX_MEMBER(ekfac_ra, i, units, act)

#endif
