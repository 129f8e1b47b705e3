/* SPDX-License-Identifier: Apache-2.0
 * The Kronecker SVD of a port: the best sums of Kronecker products to a Fisher block, in example
 * space. Ports that compute in host memory leave it to lib/factor. Conventions are those of port.h.
 *
 * The block is F = sum_t w_t (a_t a_t^T) (x) (g_t g_t^T). Its rearrangement [KPSVD 2.1] is
 *     Z = sum_t w_t vec(a_t a_t^T) vec(g_t g_t^T)^T = L diag(w) R^T,
 * whose columns of L and R are atoms: vec(a_t a_t^T), vec(g_t g_t^T), and, where a running
 * approximation is to be compressed together with a batch, its factors. All that an SVD of Z needs
 * of the atoms are their inner products: L^T L = (Abar Abar^T)^{o2} and R^T R = (Gm Gm^T)^{o2},
 * element-wise squares of the m x m Gram matrices of the examples. */
#ifndef KFIX_PORT_KRONECKER_H
#define KFIX_PORT_KRONECKER_H

#include "port_types.h"

#define KFIX_KRON_RANK_MAX 8

/* Z = L (diag(weights) - minus minus^T) R^T over atoms of any size. What is stored of their inner
 * products are the cosines between them, so that examples of very different size (heavy tails) keep
 * their digits. Vectors have one element for each atom. */
typedef struct kfix_kron_space {
  size_t atoms, ld;                        /* KFIX_LD(atoms) */
  const kfix_real *left, *right;           /* cosines, by gram */
  const kfix_real *left_norm, *right_norm; /* Frobenius norms of the atoms */
  const kfix_real *weights;
  const kfix_real *minus; /* NULL: zero */
  int definite; /* all atoms are positive semi-definite, weights >= 0, and minus is NULL */
} kfix_kron_space;

/* How the pairs are found: one after another, each deflated from the rest, or all at once. */
typedef enum kfix_kron_order { KFIX_KRON_DEFLATE, KFIX_KRON_TOGETHER } kfix_kron_order;

/* What a search came to. */
typedef struct kfix_kron_pairs {
  double sigma[KFIX_KRON_RANK_MAX]; /* singular values of Z, descending */
  unsigned iterations;              /* multiplications of Z^T Z with a block */
  int converged;                    /* 0: stopped after as many as are allowed */
} kfix_kron_pairs;

/* Elements of scratch, constant expressions. That of svd is what lib/factor's search takes. */
#define KFIX_KRON_GRAM_REALS(rows, cols) \
  (KFIX_LD(KFIX_TRIANGLE(rows)) + (size_t)(rows)*KFIX_LD(cols))
#define KFIX_KRON_SUM_REALS(rows, cols) ((size_t)(rows)*KFIX_LD(cols) + KFIX_LD(rows))
#define KFIX_KRON_SVD_REALS(atoms) \
  (123 * KFIX_LD(atoms) + 576 + 784 * (sizeof(double) / KFIX_REAL_BYTES))

typedef struct kfix_kron_entries {
  /* norm and gram ((rows + more) x (rows + more), both triangles): norms of the atoms x_t x_t^T,
   * x_t the rows of x, and of `more` symmetric matrices of order cols in packed storage; and the
   * cosines between them, zero where an atom is zero.
   *
   * scratch  KFIX_KRON_GRAM_REALS(rows, cols)
   * errors   KFIX_STATISTICS_NONFINITE: an atom is not finite.
   * cost     rows^2 cols, and 2 rows cols^2 for each of `more` */
  kfix_status (*gram)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                      size_t ldx, size_t more, const kfix_real *const *factors, kfix_real *gram,
                      size_t ld, kfix_real *norm, kfix_real *scratch);
  /* packed += sum_t c_t x_t x_t^T, a triangle of order cols, in two symmetric updates: of the rows
   * whose coefficient is positive, and of those where it is negative. So c >= 0 gives a positive
   * semi-definite sum, rounding apart.
   *
   * scratch  KFIX_KRON_SUM_REALS(rows, cols)
   * cost     rows cols^2 */
  kfix_status (*sum)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *c,
                     const kfix_real *x, size_t ldx, kfix_real *packed, kfix_real *scratch);
  /* The `rank` leading singular triples of Z, sigma_i u_i v_i^T: as coefficients, such that with
   *     R_i = sum_t left[i][t] a_t a_t^T,  S_i = sum_t right[i][t] g_t g_t^T   (atoms in general)
   * Z ~ sum_i vec(R_i) vec(S_i)^T and ||R_i||_F = ||S_i||_F = sqrt(sigma_i). Row i of left and
   * right (leading dimension s->ld) holds term i; a term whose sigma_i is not above sqrt(eps)
   * sigma_1 is zero: it is rounding. eps is kfix_real's.
   *
   * An iteration that ends when for each term |Z^T Z v - sigma^2 v| <= max(2^7 eps, 1e-10) sigma^2,
   * or is lost in rounding; or when it has gone on for too long, which `pairs` says.
   *
   * signs    sum_t left[i][t] >= 0. Where s->definite, no inner product is negative, so neither are
   *          the coefficients of term 0 (Perron and Frobenius) and R_0 and S_0 are positive
   *          semi-definite [KPSVD Prop. 2.2]; rounding is cut off at zero. Where sigma_0 is
   *          multiple, as of examples in groups that have no coordinate in common, term 0 is the one
   *          of that space that a power iteration from K-FAC's factors leads to, for which this
   *          holds too.
   * scratch  KFIX_KRON_SVD_REALS(atoms)
   * errors   KFIX_STATISTICS_NONFINITE: an inner product is not finite. KFIX_PORT: rank is 0 or
   *          above KFIX_KRON_RANK_MAX. */
  kfix_status (*svd)(const kfix_device *d, const kfix_kron_space *s, size_t rank,
                     kfix_kron_order order, kfix_real *left, kfix_real *right,
                     kfix_kron_pairs *pairs, kfix_real *scratch);
} kfix_kron_entries;

#endif
