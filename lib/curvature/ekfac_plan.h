/* SPDX-License-Identifier: Apache-2.0
 * The memory of EKFAC: factors, the Kronecker-factored eigenbasis, the scalings in it. */
#ifndef KFIX_CURVATURE_EKFAC_PLAN_H
#define KFIX_CURVATURE_EKFAC_PLAN_H

#include "../factor/eigen.h"
#include "factors_plan.h"

/* Dense, without padding: a state has none. */
#define KFIX_REGIONS_BASIS(R, cols, out)                                \
  R(EKFAC_UA, INVERSE, (cols) * (cols), "eigenvectors of A in columns") \
  R(EKFAC_UG, INVERSE, (out) * (out), "eigenvectors of G in columns")   \
  R(EKFAC_VALUES_A, INVERSE, (cols), "eigenvalues of A, over pi")       \
  R(EKFAC_VALUES_G, INVERSE, (out), "eigenvalues of G, times pi")       \
  R(EKFAC_PI, INVERSE, 1, "pi of the damping")
#define KFIX_REGIONS_EIGEN(R, cols, out) \
  KFIX_REGIONS_BASIS(R, cols, out)       \
  R(EKFAC_S, SCALINGS, (cols) * (out), "scalings s in the eigenbasis, cols x out")
enum {
  KFIX_EKFAC_BEGIN = KFIX_FACTOR_COUNT - 1,
  KFIX_REGIONS_EIGEN(KFIX_BLOCK_ENUM, 0, 0) KFIX_EKFAC_COUNT
};

/* A "half": cols x out, between the product with one basis and that with the other. */
#define KFIX_EKFAC_HALF(cols, out) KFIX_LD((cols) * (out))

/* Scratch for one block, n the larger of cols and out: the largest of what its uses hold at once.
 *   decompose   KFIX_EIGENS_REALS: a factor in full, and the eigensolver's workspace
 *   TRACK       the matrices of one sweep of rotations (a tracked basis)
 *   CARRY       the squared overlap of the old and the new basis, and a half
 *   APPLY       a half and a row of ones, or two halves
 *   squares     of Abar U_A and Gm U_G of a row block (scalings): KFIX_SQUARES_REALS */
#define KFIX_EKFAC_CARRY_REALS(n, cols, out) ((n)*KFIX_LD(n) + KFIX_EKFAC_HALF(cols, out))
#define KFIX_EKFAC_ONES_REALS(n, cols, out)  (KFIX_LD(n) + KFIX_EKFAC_HALF(cols, out))
#define KFIX_EKFAC_APPLY_REALS(n, cols, out) \
  KFIX_LARGER(KFIX_EKFAC_ONES_REALS(n, cols, out), 2 * KFIX_EKFAC_HALF(cols, out))
#define KFIX_EKFAC_TRACK_REALS(n) (3 * KFIX_LD((n) * (n)) + 2 * KFIX_LD(n))
#define KFIX_EKFAC_REFRESH_REALS(n, cols, out)                              \
  KFIX_LARGER(KFIX_LARGER(KFIX_EIGENS_REALS(n), KFIX_EKFAC_TRACK_REALS(n)), \
              KFIX_EKFAC_CARRY_REALS(n, cols, out))
#define KFIX_EKFAC_REALS(n, cols, out, row_block) \
  KFIX_LARGER(                                    \
      KFIX_SQUARES_REALS(cols, out, row_block),   \
      KFIX_LARGER(KFIX_EKFAC_REFRESH_REALS(n, cols, out), KFIX_EKFAC_APPLY_REALS(n, cols, out)))

#define KFIX_ekfac_CHAIN                       0
#define KFIX_ekfac_NET(R, P, chunk, out, turn) KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_ekfac_BLOCK(R, held, cols, out, below, above) \
  KFIX_REGIONS_FACTORS(R, cols, out) KFIX_REGIONS_EIGEN(R, cols, out)
#define KFIX_ekfac_SCRATCH(cols, out, row_block, stats_rows, below, above) \
  KFIX_EKFAC_REALS(KFIX_LARGER((cols), (out)), cols, out, row_block)

#define KFIX_ekfac_ra_CHAIN                       0
#define KFIX_ekfac_ra_NET(R, P, chunk, out, turn) KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_ekfac_ra_BLOCK(R, held, cols, out, below, above) \
  KFIX_ekfac_BLOCK(R, held, cols, out, below, above)
#define KFIX_ekfac_ra_SCRATCH(cols, out, row_block, stats_rows, below, above) \
  KFIX_ekfac_SCRATCH(cols, out, row_block, stats_rows, below, above)

#endif
