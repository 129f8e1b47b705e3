/* SPDX-License-Identifier: Apache-2.0
 * Kronecker SVD: the best sums of Kronecker products to a Fisher block, in example space.
 *
 * The best approximation of Kronecker rank r is the truncated SVD of the rearrangement Z [KPSVD 2.1,
 * 2.2]. The papers iterate on vectors of length d^2 at 4 m d^2 operations; here a vector is its m
 * coefficients over the atoms and an iteration costs 4 m^2 (kron_space.h). */
#ifndef KFIX_DENSE_KRON_SVD_H
#define KFIX_DENSE_KRON_SVD_H

#include "kron_space.h"

#define KFIX_KRON_RANK_MAX 8
#define KFIX_KRON_BLOCK    4  /* vectors that one iteration multiplies together */
#define KFIX_KRON_KEPT     8  /* what a restart keeps */
#define KFIX_KRON_WIDTH    16 /* vectors of the search space */

/* Iterations at most; after them the best found so far is the answer. */
#define KFIX_KRON_ITERATIONS_MAX 64

/* A search ends when |Z^T Z v - sigma^2 v| is below this part of sigma^2; the square of a singular
 * value is rounding where it is not above KFIX_KRON_NOISE2 of the largest: a Gram matrix holds half
 * the digits of its atoms. */
#define KFIX_KRON_TOLERANCE (KFIX_REAL_EPS > 1e-12 ? 128 * KFIX_REAL_EPS : 1e-10)
#define KFIX_KRON_NOISE2    KFIX_REAL_EPS

/* How the pairs are found: one after another, each deflated from the rest, or all at once. */
typedef enum kfix_kron_order { KFIX_KRON_DEFLATE, KFIX_KRON_TOGETHER } kfix_kron_order;

/* What a search came to. */
typedef struct kfix_kron_pairs {
  double sigma[KFIX_KRON_RANK_MAX]; /* singular values of Z, descending */
  unsigned iterations;              /* multiplications of Z^T Z with a block */
  int converged;                    /* 0: stopped by KFIX_KRON_ITERATIONS_MAX */
} kfix_kron_pairs;

/* The `rank` leading singular triples of Z, sigma_i u_i v_i^T: as coefficients, such that with
 *     R_i = sum_t left[i][t] a_t a_t^T,  S_i = sum_t right[i][t] g_t g_t^T   (atoms in general)
 * Z ~ sum_i vec(R_i) vec(S_i)^T and ||R_i||_F = ||S_i||_F = sqrt(sigma_i). Row i of left and right
 * (leading dimension s->ld) holds term i; a term whose sigma_i is not above
 * sqrt(eps) sigma_1 is zero: it is rounding.
 *
 * Block Lanczos on Z^T Z with full reorthogonalisation and thick restarts, from a fixed start: the
 * weights, which are K-FAC's own factors, and three fixed random vectors. Stops when for each term
 * |Z^T Z v - sigma^2 v| <= max(2^7 eps, 1e-10) sigma^2, or is lost in rounding. eps is kfix_real's.
 *
 * signs    sum_t left[i][t] >= 0. Where s->definite, no inner product is negative, so neither are
 *          the coefficients of term 0 (Perron and Frobenius) and R_0 and S_0 are positive
 *          semi-definite [KPSVD Prop. 2.2]; rounding is cut off at zero. Where sigma_0 is multiple,
 *          as of examples in groups that have no coordinate in common, term 0 is the one of that
 *          space that a power iteration from K-FAC's factors leads to, for which this holds too.
 * scratch  KFIX_KRON_SVD_REALS(atoms)
 * errors   KFIX_STATISTICS_NONFINITE: an inner product is not finite. KFIX_PORT: no host memory.
 * cost     an iteration: 16 atoms^2 + 512 atoms operations; some 4 to 8 of them as a rule. */
#define KFIX_KRON_ROWS (KFIX_KRON_WIDTH + KFIX_KRON_RANK_MAX)
#define KFIX_KRON_SVD_REALS(atoms)                                                             \
  ((size_t)(4 * KFIX_KRON_ROWS + 2 * KFIX_KRON_BLOCK + KFIX_KRON_WIDTH + 3) * KFIX_LD(atoms) + \
   (size_t)KFIX_KRON_ROWS * KFIX_KRON_ROWS +                                                   \
   (size_t)(3 * KFIX_KRON_WIDTH + 1) * KFIX_KRON_WIDTH * (sizeof(double) / KFIX_REAL_BYTES))
kfix_status kfix_kron_svd(const kfix_device *d, const kfix_kron_space *s, size_t rank,
                          kfix_kron_order order, kfix_real *left, kfix_real *right,
                          kfix_kron_pairs *pairs, kfix_real *scratch);

#endif
