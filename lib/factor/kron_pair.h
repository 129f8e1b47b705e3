/* SPDX-License-Identifier: Apache-2.0
 * The canonical correlations of two neighbours: what is left of Sigma = A (x) B - C (x) D
 * [KFAC 4.3, App. B] where C = X A'^-1 X^T comes from a cross moment X.
 *
 * With whiteners L, L' (A = L^-1 L^-T, A' = L'^-1 L'^-T) let M = L X L'^T = E S^(1/2) F^T be the
 * singular value decomposition. E and S are what kron_sum.h asks for of (A, C), but only the
 * r = min(n, m) pairs with s > 0 matter: elsewhere 1 - s_A s_B is 1 and Sigma^-1 is that of
 * A (x) B alone. So the eigenproblem is that of the smaller side, and bases are n x r and m x r.
 * One side's basis is exact, the other's is multiplied by S^(1/2), which spares a division by what
 * may vanish; x and y keep the account: */
#ifndef KFIX_FACTOR_KRON_PAIR_H
#define KFIX_FACTOR_KRON_PAIR_H

#include "../../port/port.h"
#include "eigen.h"

#define KFIX_KRON_RANK(n, m) ((n) < (m) ? (n) : (m))
/* Elements of scratch, a constant expression. */
#define KFIX_KRON_PAIR_REALS(n, m)                                                             \
  (2 * (size_t)(n)*KFIX_LD(m) + (size_t)KFIX_KRON_RANK(n, m) * KFIX_LD(KFIX_KRON_RANK(n, m)) + \
   KFIX_EIGEN_REALS(KFIX_KRON_RANK(n, m)))

/* The pair's bases. Where n <= m: lower = L^T E, upper = L'^T F S^(1/2), x = s, y = 1. Else:
 * lower = L^T E S^(1/2), upper = L'^T F, x = 1, y = s.
 *
 * shapes  whiteners (kfix_factor_whiten) l: n x n, l2: m x m, leading dimensions KFIX_LD(n),
 *         KFIX_LD(m); cross = X: n x m, lower: n x r, upper: m x r, dense; x, y: r elements.
 * scratch KFIX_KRON_PAIR_REALS(n, m), aligned to KFIX_ALIGN. Nothing overlaps.
 * errors  KFIX_NOT_CONVERGED: X is not finite; as of symmetric_eigen.
 * cost    about n m (3 n + 2 m) for n <= m, and the eigendecomposition of order r. */
kfix_status kfix_kron_pair(const kfix_device *d, size_t n, size_t m, const kfix_real *l,
                           const kfix_real *l2, const kfix_real *cross, kfix_real *lower,
                           kfix_real *upper, kfix_real *x, kfix_real *y, kfix_real *scratch,
                           size_t *info);

#endif
