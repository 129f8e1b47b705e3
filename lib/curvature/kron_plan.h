/* SPDX-License-Identifier: Apache-2.0
 * The memory of the Kronecker SVD methods. kpsvd: that of K-FAC, R and S in the place of A and G.
 * deflation, lanczos, kfac-corrected: two terms R (x) S + P (x) Q and the bases of their inverse. */
#ifndef KFIX_CURVATURE_KRON_PLAN_H
#define KFIX_CURVATURE_KRON_PLAN_H

#include "../factor/kron_bidiagonal.h"
#include "../factor/kron_sum.h"
#include "kfac_plan.h"

enum { KFIX_KPSVD_HELD_ABAR = KFIX_KFAC_PI + 1, KFIX_KPSVD_HELD_DELTA };
enum {
  KFIX_KRON_P = KFIX_FACTOR_COUNT,
  KFIX_KRON_Q,
  KFIX_KRON_IN_BASIS,
  KFIX_KRON_OUT_BASIS,
  KFIX_KRON_IN_SPECTRUM,
  KFIX_KRON_OUT_SPECTRUM,
  KFIX_KRON_PI,
  KFIX_KRON_FLOORED,
  KFIX_KRON_HELD_ABAR,
  KFIX_KRON_HELD_DELTA
};

/* Rows of the statistics subset that do not stand in one chunk. */
#define KFIX_REGIONS_HELD(R, method, held, in, out)             \
  R(method##_HELD_ABAR, STEP, (size_t)(held)*KFIX_LD((in) + 1)) \
  R(method##_HELD_DELTA, STEP, (size_t)(held)*KFIX_LD(out))

#define KFIX_kpsvd_LAYER(R, held, in, out) \
  KFIX_kfac_LAYER(R, held, in, out) KFIX_REGIONS_HELD(R, KPSVD, held, in, out)

/* Bases are dense: a state has no padding. */
#define KFIX_REGIONS_KRON(R, held, in, out)          \
  KFIX_REGIONS_FACTORS(R, in, out)                   \
  R(KRON_P, STATISTICS, KFIX_TRIANGLE((in) + 1))     \
  R(KRON_Q, STATISTICS, KFIX_TRIANGLE(out))          \
  R(KRON_IN_BASIS, INVERSE, ((in) + 1) * ((in) + 1)) \
  R(KRON_OUT_BASIS, INVERSE, (out) * (out))          \
  R(KRON_IN_SPECTRUM, INVERSE, (in) + 1)             \
  R(KRON_OUT_SPECTRUM, INVERSE, (out))               \
  R(KRON_PI, INVERSE, 1)                             \
  R(KRON_FLOORED, INVERSE, 1) KFIX_REGIONS_HELD(R, KRON, held, in, out)

/* Scratch of one layer's statistics: vectors over the atoms (norms, weights, minus, coefficients of
 * two terms); then two Gram matrices and what works on them; then, in their place, two factors of
 * the batch and what sums them. At most two terms of the past are atoms beside the rows. */
#define KFIX_KRON_MORE_MAX        2
#define KFIX_KRON_VECTORS         8
#define KFIX_KRON_ATOMS_MAX(rows) ((size_t)(rows) + KFIX_KRON_MORE_MAX)
#define KFIX_KRON_SEARCH_REALS(rows, side)                              \
  (2 * KFIX_KRON_ATOMS_MAX(rows) * KFIX_LD(KFIX_KRON_ATOMS_MAX(rows)) + \
   KFIX_MAX2(KFIX_KRON_GRAM_REALS(rows, side), KFIX_KRON_SVD_REALS(KFIX_KRON_ATOMS_MAX(rows))))
#define KFIX_KRON_TERM_REALS(rows, in, out, side) \
  (KFIX_LD(KFIX_TRIANGLE((in) + 1)) + KFIX_LD(KFIX_TRIANGLE(out)) + KFIX_KRON_SUM_REALS(rows, side))
#define KFIX_KRON_EXAMPLES_REALS(in, out, rows)                                \
  (KFIX_KRON_VECTORS * KFIX_LD(KFIX_KRON_ATOMS_MAX(rows)) +                    \
   KFIX_MAX2(KFIX_KRON_SEARCH_REALS(rows, KFIX_MAX2((size_t)(in) + 1, (out))), \
             KFIX_KRON_TERM_REALS(rows, (size_t)(in), (out), KFIX_MAX2((size_t)(in) + 1, (out)))))

/* A narrow layer does without Gram matrices: terms of the batch, K-FAC's, and what finds them. Fewer
 * rows than stats_rows may go the other way, so there is room for both. */
#define KFIX_KRON_NARROW_REALS(left, right, rows)       \
  (3 * (KFIX_KRON_TERM(left) + KFIX_KRON_TERM(right)) + \
   KFIX_KRON_BIDIAGONAL_REALS(rows, left, right))
#define KFIX_KRON_ABSORB_REALS(in, out, rows)                                   \
  KFIX_MAX2(KFIX_KRON_EXAMPLES_REALS(in, out, rows),                            \
            KFIX_KRON_IS_NARROW(rows, (size_t)(in) + 1, out, 1)                 \
                ? KFIX_KRON_NARROW_REALS((size_t)(in) + 1, (size_t)(out), rows) \
                : (size_t)0)

#define KFIX_kpsvd_SCRATCH(in, out, block, stats_rows)     \
  KFIX_MAX2(KFIX_kfac_SCRATCH(in, out, block, stats_rows), \
            KFIX_KRON_ABSORB_REALS(in, out, stats_rows))

/* A refresh holds one damped factor and what makes a basis of it; applying holds half a product. */
#define KFIX_KRON_REFRESH_REALS(n) ((size_t)(n)*KFIX_LD(n) + KFIX_KRON_SIDE_REALS(n))
#define KFIX_KRON_SCRATCH(in, out, stats_rows)                                             \
  KFIX_MAX2(KFIX_MAX2(KFIX_KRON_REFRESH_REALS(KFIX_MAX2((size_t)(in) + 1, (size_t)(out))), \
                      KFIX_KRON_SOLVE_REALS(out, (size_t)(in) + 1)),                       \
            KFIX_KRON_ABSORB_REALS(in, out, stats_rows))

#define KFIX_kpsvd_NET(R, P, chunk, out, widest) KFIX_REGIONS_NATURAL(R, P, chunk, out, widest)
#define KFIX_kpsvd_EACH(i, units, act)           KFIX_EACH(kpsvd, i, units, act)
#define KFIX_kpsvd_MEMBER(i, units, act)         KFIX_MEMBER(kpsvd, i, units, act)

#define KFIX_deflation_NET(R, P, chunk, out, widest)       KFIX_REGIONS_NATURAL(R, P, chunk, out, widest)
#define KFIX_deflation_LAYER(R, held, in, out)             KFIX_REGIONS_KRON(R, held, in, out)
#define KFIX_deflation_SCRATCH(in, out, block, stats_rows) KFIX_KRON_SCRATCH(in, out, stats_rows)
#define KFIX_deflation_EACH(i, units, act)                 KFIX_EACH(deflation, i, units, act)
#define KFIX_deflation_MEMBER(i, units, act)               KFIX_MEMBER(deflation, i, units, act)

#define KFIX_lanczos_NET(R, P, chunk, out, widest)       KFIX_REGIONS_NATURAL(R, P, chunk, out, widest)
#define KFIX_lanczos_LAYER(R, held, in, out)             KFIX_REGIONS_KRON(R, held, in, out)
#define KFIX_lanczos_SCRATCH(in, out, block, stats_rows) KFIX_KRON_SCRATCH(in, out, stats_rows)
#define KFIX_lanczos_EACH(i, units, act)                 KFIX_EACH(lanczos, i, units, act)
#define KFIX_lanczos_MEMBER(i, units, act)               KFIX_MEMBER(lanczos, i, units, act)

#define KFIX_kfac_corrected_NET(R, P, chunk, out, widest) \
  KFIX_REGIONS_NATURAL(R, P, chunk, out, widest)
#define KFIX_kfac_corrected_LAYER(R, held, in, out) KFIX_REGIONS_KRON(R, held, in, out)
#define KFIX_kfac_corrected_SCRATCH(in, out, block, stats_rows) \
  KFIX_KRON_SCRATCH(in, out, stats_rows)
#define KFIX_kfac_corrected_EACH(i, units, act)   KFIX_EACH(kfac_corrected, i, units, act)
#define KFIX_kfac_corrected_MEMBER(i, units, act) KFIX_MEMBER(kfac_corrected, i, units, act)

#endif
