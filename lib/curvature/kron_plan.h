/* SPDX-License-Identifier: Apache-2.0
 * The memory of the Kronecker SVD methods. kpsvd: that of K-FAC, R and S in the place of A and G.
 * deflation, lanczos, kfac-corrected: two terms R (x) S + P (x) Q and the bases of their inverse. */
#ifndef KFIX_CURVATURE_KRON_PLAN_H
#define KFIX_CURVATURE_KRON_PLAN_H

#include "../factor/kron_bidiagonal.h"
#include "../factor/kron_smith.h"
#include "../factor/kron_sum.h"
#include "kfac_plan.h"

/* Rows of the statistics subset that do not stand in one chunk. */
#define KFIX_REGIONS_HELD(R, method, held, cols, out)       \
  R(method##_HELD_ABAR, STEP, (size_t)(held)*KFIX_LD(cols), \
    "statistics rows of abar beyond the chunk")             \
  R(method##_HELD_DELTA, STEP, (size_t)(held)*KFIX_LD(out), "statistics rows of g beyond the chunk")

/* Bases are dense: a state has no padding. With kron_solver smith a basis and its spectrum hold a side of
 * factor/kron_smith.h, and KRON_FLOORED the steps. */
#define KFIX_REGIONS_TERMS(R, cols, out)                                                     \
  R(KRON_P, STATISTICS, KFIX_TRIANGLE(cols), "factor P of the second term, packed triangle") \
  R(KRON_Q, STATISTICS, KFIX_TRIANGLE(out), "factor Q of the second term, packed triangle")  \
  R(KRON_IN_BASIS, INVERSE, (cols) * (cols), "K of (R, P): K^T R K = I, K^T P K = diag(s)")  \
  R(KRON_OUT_BASIS, INVERSE, (out) * (out), "K of (S, Q)")                                   \
  R(KRON_IN_SPECTRUM, INVERSE, (cols), "s of (R, P)")                                        \
  R(KRON_OUT_SPECTRUM, INVERSE, (out), "s of (S, Q)")                                        \
  R(KRON_PI, INVERSE, 1, "pi of the damping")                                                \
  R(KRON_FLOORED, INVERSE, 1, "entries of 1 + s s^T below the floor")

enum {
  KFIX_KPSVD_BEGIN = KFIX_KFAC_COUNT - 1,
  KFIX_REGIONS_HELD(KFIX_BLOCK_ENUM, KPSVD, 0, 0, 0) KFIX_KPSVD_COUNT
};
enum {
  KFIX_KRON_BEGIN = KFIX_FACTOR_COUNT - 1,
  KFIX_REGIONS_TERMS(KFIX_BLOCK_ENUM, 0, 0) KFIX_REGIONS_HELD(KFIX_BLOCK_ENUM, KRON, 0, 0, 0)
      KFIX_KRON_COUNT
};

/* Scratch of one block's statistics: vectors over the atoms (norms, weights, minus, coefficients of
 * two terms); then two Gram matrices and what works on them; then, in their place, two factors of
 * the batch and what sums them. At most two terms of the past are atoms beside the rows. */
#define KFIX_KRON_MORE_MAX        2
#define KFIX_KRON_VECTORS         8
#define KFIX_KRON_ATOMS_MAX(rows) ((size_t)(rows) + KFIX_KRON_MORE_MAX)
#define KFIX_KRON_SEARCH_REALS(rows, side)                              \
  (2 * KFIX_KRON_ATOMS_MAX(rows) * KFIX_LD(KFIX_KRON_ATOMS_MAX(rows)) + \
   KFIX_LARGER(KFIX_KRON_GRAM_REALS(rows, side), KFIX_KRON_SVD_REALS(KFIX_KRON_ATOMS_MAX(rows))))
#define KFIX_KRON_TERM_REALS(rows, cols, out, side) \
  (KFIX_LD(KFIX_TRIANGLE(cols)) + KFIX_LD(KFIX_TRIANGLE(out)) + KFIX_KRON_SUM_REALS(rows, side))
#define KFIX_KRON_EXAMPLES_REALS(cols, out, rows)                    \
  (KFIX_KRON_VECTORS * KFIX_LD(KFIX_KRON_ATOMS_MAX(rows)) +          \
   KFIX_LARGER(KFIX_KRON_SEARCH_REALS(rows, KFIX_LARGER(cols, out)), \
               KFIX_KRON_TERM_REALS(rows, cols, out, KFIX_LARGER(cols, out))))

/* A block that is narrow beside its rows (kron_narrow.c) has no Gram matrices, but the terms of the
 * batch, K-FAC's, and what finds them. With fewer rows it goes the other way: there is room for either. */
#define KFIX_KRON_NARROW_REALS(left, right, rows)       \
  (3 * (KFIX_KRON_TERM(left) + KFIX_KRON_TERM(right)) + \
   KFIX_KRON_BIDIAGONAL_REALS(rows, left, right))
#define KFIX_KRON_ABSORB_REALS(cols, out, rows)                                                 \
  KFIX_LARGER(KFIX_KRON_EXAMPLES_REALS(cols, out, rows),                                        \
              KFIX_KRON_IS_NARROW(rows, cols, out, 1) ? KFIX_KRON_NARROW_REALS(cols, out, rows) \
                                                      : (size_t)0)

#define KFIX_kpsvd_CHAIN                       0
#define KFIX_kpsvd_NET(R, P, chunk, out, turn) KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_kpsvd_BLOCK(R, held, cols, out, below, above) \
  KFIX_kfac_BLOCK(R, held, cols, out, below, above) KFIX_REGIONS_HELD(R, KPSVD, held, cols, out)
#define KFIX_kpsvd_SCRATCH(cols, out, row_block, stats_rows, below, above)       \
  KFIX_LARGER(KFIX_kfac_SCRATCH(cols, out, row_block, stats_rows, below, above), \
              KFIX_KRON_ABSORB_REALS((size_t)(cols), (size_t)(out), stats_rows))

/* A refresh holds one damped factor and what makes a basis of it, or a side of the Smith iteration, which is
 * less; applying holds half a product, or what an iteration needs, which is less than a refresh. */
#define KFIX_KRON_REFRESH_REALS(n) ((size_t)(n)*KFIX_LD(n) + KFIX_KRON_SIDE_REALS(n))
#define KFIX_KRON_REALS(cols, out, stats_rows)                             \
  KFIX_LARGER(KFIX_LARGER(KFIX_KRON_REFRESH_REALS(KFIX_LARGER(cols, out)), \
                          KFIX_KRON_SOLVE_REALS(out, cols)),               \
              KFIX_KRON_ABSORB_REALS(cols, out, stats_rows))

#define KFIX_deflation_CHAIN                       0
#define KFIX_deflation_NET(R, P, chunk, out, turn) KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_deflation_BLOCK(R, held, cols, out, below, above) \
  KFIX_REGIONS_FACTORS(R, cols, out)                           \
  KFIX_REGIONS_TERMS(R, cols, out) KFIX_REGIONS_HELD(R, KRON, held, cols, out)
#define KFIX_deflation_SCRATCH(cols, out, row_block, stats_rows, below, above) \
  KFIX_KRON_REALS((size_t)(cols), (size_t)(out), stats_rows)

/* The other two as deflation. */
#define KFIX_lanczos_CHAIN                       0
#define KFIX_lanczos_NET(R, P, chunk, out, turn) KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_lanczos_BLOCK(R, held, cols, out, below, above) \
  KFIX_deflation_BLOCK(R, held, cols, out, below, above)
#define KFIX_lanczos_SCRATCH(cols, out, row_block, stats_rows, below, above) \
  KFIX_deflation_SCRATCH(cols, out, row_block, stats_rows, below, above)

#define KFIX_kfac_corrected_CHAIN 0
#define KFIX_kfac_corrected_NET(R, P, chunk, out, turn) \
  KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_kfac_corrected_BLOCK(R, held, cols, out, below, above) \
  KFIX_deflation_BLOCK(R, held, cols, out, below, above)
#define KFIX_kfac_corrected_SCRATCH(cols, out, row_block, stats_rows, below, above) \
  KFIX_deflation_SCRATCH(cols, out, row_block, stats_rows, below, above)

#endif
