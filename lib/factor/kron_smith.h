/* SPDX-License-Identifier: Apache-2.0
 * (A (x) B +- C (x) D)^-1 without eigenvalues: the squared Smith iteration [KFAC App. B; Smith
 * 1968] on the whitened Stein equation
 *     U +- N U M = V,   M = L_A^-1 C L_A^-T,  N = L_B^-1 D L_B^-T,
 * where A = L_A L_A^T and B = L_B L_B^T. With U_0 = V the step
 *     U_j+1 = U_j -+ N_j U_j M_j (from the second step on: +),  M_j+1 = M_j^2,  N_j+1 = N_j^2
 * sums 2^j terms of the geometric series in j steps.
 *
 * It converges if and only if q = max |s_A| max |s_B| < 1, s the eigenvalues of M and N: always for
 * Sigma of [KFAC 4.3], where both are squared correlations of damped moments; for C and D of other
 * origin only where they are the smaller part of the sum. After j steps the relative error, in the
 * norm of the whitened U, is at most q^(2^j) (1 + q) / (1 - q). Where q is close to 1, use
 * kron_sum.h, which also can floor 1 +- s_A s_B; nothing is floored here. */
#ifndef KFIX_FACTOR_KRON_SMITH_H
#define KFIX_FACTOR_KRON_SMITH_H

#include "port/port.h"

/* One side: inverse = L^-1 with zeros above the diagonal, m = M (both triangles), n x n with leading
 * dimension KFIX_LD(n). */
typedef struct kfix_smith_side {
  size_t n;
  const kfix_real *inverse, *m;
} kfix_smith_side;

/* Elements of scratch, constant expressions. */
#define KFIX_SMITH_SIDE_REALS(n) (2 * (size_t)(n)*KFIX_LD(n))
#define KFIX_SMITH_REALS(rows, cols)                                     \
  (2 * (size_t)(rows)*KFIX_LD(rows) + 2 * (size_t)(cols)*KFIX_LD(cols) + \
   3 * KFIX_LD((size_t)(rows) * (cols)))

/* L^-1 and M of one side.
 *
 * shapes  a: n x n of leading dimension KFIX_LD(n), lower triangle of A given; becomes L^-1. c:
 *         packed triangle of C. m: n x n of leading dimension KFIX_LD(n).
 * scratch KFIX_SMITH_SIDE_REALS(n), aligned to KFIX_ALIGN. Nothing overlaps.
 * errors  KFIX_NOT_POSITIVE: A is not positive definite, *info is the pivot's 1-based row.
 * cost    2 n^3. */
kfix_status kfix_smith_side_set(const kfix_device *d, size_t n, kfix_real *a, const kfix_real *c,
                                kfix_real *m, kfix_real *scratch, size_t *info);

/* U = (A (x) B + sign C (x) D)^-1 V by `steps` steps.
 *
 * shapes  v and u are b->n x a->n of leading dimensions ldv, ldu. sign is 1 or -1; steps >= 1.
 * alias   u may be v.
 * scratch KFIX_SMITH_REALS(b->n, a->n), aligned to KFIX_ALIGN.
 * norms   two slots: ||U||^2, whitened, and ||last increment||^2. While the second is not small by
 *         the first, the iteration has not converged: more steps, or q >= 1. NULL: not measured.
 * cost    of a step: 2 b->n a->n (b->n + a->n) and, but for the last, b->n^3 + a->n^3. Kernels
 *         only: any port; waits for the device once a step. */
kfix_status kfix_smith_solve(const kfix_device *d, const kfix_smith_side *b,
                             const kfix_smith_side *a, kfix_real sign, unsigned steps,
                             const kfix_real *v, size_t ldv, kfix_real *u, size_t ldu,
                             kfix_real *scratch, double *norms);

#endif
