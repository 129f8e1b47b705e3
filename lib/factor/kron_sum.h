/* SPDX-License-Identifier: Apache-2.0
 * Solves with A (x) B +- C (x) D, with A and B positive definite and C and D symmetric.
 *
 * Where [KFAC App. B] takes A^(-1/2), an eigendecomposition of its own, Cholesky's factor does:
 * with A = L L^T and E S E^T = L^-1 C L^-T, K = L^-T E gives K^T A K = I and K^T C K = S, and the
 * formula of the solve is unchanged. In matrix form, for u = vec(U) by columns,
 *     U = K_B [(K_B^T V K_A) ./ max(1 +- s_B s_A^T, floor)] K_A^T.
 *
 * C and D may be indefinite. The operator is positive definite if and only if every 1 +- s_B s_A is
 * positive; the floor makes it so, moving only the entries below it. */
#ifndef KFIX_FACTOR_KRON_SUM_H
#define KFIX_FACTOR_KRON_SUM_H

#include "../../port/port.h"
#include "eigen.h"

/* One side, (A, C) or (B, D), as the solve needs it: k is n x n of leading dimension ld, s has n
 * elements, ascending. Both in device memory. */
typedef struct kfix_kron_side {
  size_t n;
  const kfix_real *k;
  size_t ld;
  const kfix_real *s;
} kfix_kron_side;

/* Elements of scratch, constant expressions. */
#define KFIX_KRON_SIDE_REALS(n)           ((size_t)(n)*KFIX_LD(n) + KFIX_EIGEN_REALS(n))
#define KFIX_KRON_SOLVE_REALS(rows, cols) ((size_t)(rows)*KFIX_LD(cols))

/* k = K and s = the diagonal of S for one side.
 *
 * shapes  a: n x n of leading dimension lda >= n, lower triangle of A given; destroyed (it holds
 *         L^-1 afterwards). c: packed triangle of C. k: n x n of leading dimension ldk >= n.
 * scratch KFIX_KRON_SIDE_REALS(n), aligned to KFIX_ALIGN. Nothing overlaps.
 * errors  KFIX_NOT_POSITIVE: A is not positive definite, *info is the pivot's 1-based row.
 *         KFIX_NOT_CONVERGED: C is not finite. KFIX_PORT on ports without host memory.
 * cost    3 n^3 and the eigendecomposition.
 * error   |K^T A K - I| is of order n eps cond(A)^(1/2); the same for S, times |S|. */
kfix_status kfix_kron_side_set(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                               const kfix_real *c, kfix_real *k, size_t ldk, kfix_real *s,
                               kfix_real *scratch, size_t *info);

/* U = scale (A (x) B + sign C (x) D)^-1 V with 1 + sign s_B s_A floored.
 *
 * shapes  v and u are b->n x a->n of leading dimensions ldv, ldu. sign is 1 or -1, floor > 0.
 * alias   u may be v.
 * scratch KFIX_KRON_SOLVE_REALS(b->n, a->n), aligned to KFIX_ALIGN.
 * clamped a slot: += entries of 1 + sign s_B s_A^T that were below the floor; NULL: not counted.
 * cost    4 b->n a->n (b->n + a->n). Kernels only: any port. */
kfix_status kfix_kron_solve(const kfix_device *d, const kfix_kron_side *b, const kfix_kron_side *a,
                            kfix_real sign, kfix_real floor, kfix_real scale, const kfix_real *v,
                            size_t ldv, kfix_real *u, size_t ldu, kfix_real *scratch,
                            double *clamped);

#endif
