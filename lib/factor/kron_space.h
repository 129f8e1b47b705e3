/* SPDX-License-Identifier: Apache-2.0
 * The Fisher block of a layer in example space.
 *
 * The block is F = sum_t w_t (a_t a_t^T) (x) (g_t g_t^T). Its rearrangement [KPSVD 2.1] is
 *     Z = sum_t w_t vec(a_t a_t^T) vec(g_t g_t^T)^T = L diag(w) R^T,
 * whose columns of L and R are atoms: vec(a_t a_t^T), vec(g_t g_t^T), and, where a running
 * approximation is to be compressed together with a batch, its factors. All that an SVD of Z needs
 * of the atoms are their inner products: L^T L = (Abar Abar^T)^{o2} and R^T R = (Gm Gm^T)^{o2},
 * element-wise squares of the m x m Gram matrices of the examples. */
#ifndef KFIX_DENSE_KRON_SPACE_H
#define KFIX_DENSE_KRON_SPACE_H

#include "../../port/port.h"

/* Z = L (diag(weights) - minus minus^T) R^T over atoms of any size. What is stored of their inner
 * products are the cosines between them, so that examples of very different size (heavy tails) keep
 * their digits. Vectors have one element for each atom. */
typedef struct kfix_kron_space {
  size_t atoms, ld;                        /* KFIX_LD(atoms) */
  const kfix_real *left, *right;           /* cosines, by kfix_kron_gram */
  const kfix_real *left_norm, *right_norm; /* Frobenius norms of the atoms */
  const kfix_real *weights;
  const kfix_real *minus; /* NULL: zero */
  int definite; /* all atoms are positive semi-definite, weights >= 0, and minus is NULL */
} kfix_kron_space;

/* norm and gram ((rows + more) x (rows + more), both triangles): norms of the atoms x_t x_t^T, x_t
 * the rows of x, and of `more` symmetric matrices of order cols in packed storage; and the cosines
 * between them, zero where an atom is zero.
 *
 * scratch  KFIX_KRON_GRAM_REALS(rows, cols)
 * errors   KFIX_STATISTICS_NONFINITE: an atom is not finite. KFIX_PORT: no host memory.
 * cost     rows^2 cols, and 2 rows cols^2 for each of `more` */
#define KFIX_KRON_GRAM_REALS(rows, cols) \
  (KFIX_LD(KFIX_TRIANGLE(rows)) + (size_t)(rows)*KFIX_LD(cols))
kfix_status kfix_kron_gram(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                           size_t ldx, size_t more, const kfix_real *const *factors,
                           kfix_real *gram, size_t ld, kfix_real *norm, kfix_real *scratch);

/* ||Z||_F^2 = ||F||_F^2, without forming either. cost: 6 atoms^2 */
double kfix_kron_norm2(const kfix_kron_space *s);

/* packed += sum_t c_t x_t x_t^T, a triangle of order cols, in two symmetric updates: of the rows
 * whose coefficient is positive, and of those where it is negative. So c >= 0 gives a positive
 * semi-definite sum, rounding apart.
 *
 * scratch  KFIX_KRON_SUM_REALS(rows, cols)
 * cost     rows cols^2 */
#define KFIX_KRON_SUM_REALS(rows, cols) ((size_t)(rows)*KFIX_LD(cols) + KFIX_LD(rows))
kfix_status kfix_kron_sum(const kfix_device *d, size_t rows, size_t cols, const kfix_real *c,
                          const kfix_real *x, size_t ldx, kfix_real *packed, kfix_real *scratch);

#endif
