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
 * origin only where they are the smaller part of the sum. More damping of A and B makes q smaller.
 *
 * HOW MANY STEPS. What the step with N_j and M_j leaves of the series is N_j^2 U M_j^2, U the solution:
 * relative to it, in the norm of the whitened U, at most p_j^2 with p_j = 2 |tri N_j| |tri M_j|, where
 * tri is the lower triangle, and 2 |tri N|^2 >= |N|_F^2. Steps end with the first whose p_j^2 is not above the
 * tolerance. p_j falls as q^(2^j): for 1e-7, 7 steps where q = 0.9, 10 where it is 0.99. It has not converged
 * after KFIX_SMITH_STEPS_MAX steps; nor does it ever where |tri N_j| |tri M_j| is not below the root of the
 * product of the orders, for then q >= 1. Nothing is floored here: kron_sum.h, which does, also solves where
 * q is 1 or more, as long as no 1 +- s_A s_B is near 0. */
#ifndef KFIX_FACTOR_KRON_SMITH_H
#define KFIX_FACTOR_KRON_SMITH_H

#include "../../port/port.h"

#define KFIX_SMITH_STEPS_MAX 14

/* One side, n (n + 1) reals: L^-1 as a packed triangle; M as one in two pieces, all its rows but the last
 * (KFIX_TRIANGLE(n - 1)) and the last (n). So they fit where kron_sum.h's K (n^2) and s (n) do:
 * kfix_smith_place. */
typedef struct kfix_smith_side {
  size_t n;
  kfix_real *inverse, *rows, *last;
} kfix_smith_side;

/* A side whose L^-1 and first rows of M lie in `square`, n^2 reals, and the last in `row`, n reals. */
static inline kfix_smith_side kfix_smith_place(size_t n, kfix_real *square, kfix_real *row) {
  return (kfix_smith_side){n, square, square + KFIX_TRIANGLE(n), row};
}

/* How an iteration went: its steps, and a number near q, the larger the farther from convergence. */
typedef struct kfix_smith_course {
  unsigned steps;
  double q;
} kfix_smith_course;

/* Elements of scratch, constant expressions. */
#define KFIX_SMITH_SIDE_REALS(n) (3 * (size_t)(n)*KFIX_LD(n))
#define KFIX_SMITH_REALS(rows, cols)                                           \
  ((size_t)(rows)*KFIX_LD(rows) + (size_t)(cols)*KFIX_LD(cols) +               \
   KFIX_LD(KFIX_TRIANGLE((size_t)(rows) > (size_t)(cols) ? (rows) : (cols))) + \
   (size_t)(rows)*KFIX_LD(cols))

/* L^-1 and M of one side.
 *
 * shapes  a: n x n of leading dimension KFIX_LD(n), lower triangle of A given; becomes L^-1. c:
 *         packed triangle of C.
 * scratch KFIX_SMITH_SIDE_REALS(n), aligned to KFIX_ALIGN. Nothing overlaps.
 * errors  KFIX_NOT_POSITIVE: A is not positive definite, *info is the pivot's 1-based row.
 * cost    2 n^3. */
kfix_status kfix_smith_side_set(const kfix_device *d, kfix_real *a, const kfix_real *c,
                                const kfix_smith_side *out, kfix_real *scratch, size_t *info);

/* What a solve with these sides will do: its steps.
 *
 * scratch KFIX_SMITH_REALS(b->n, a->n), aligned to KFIX_ALIGN.
 * errors  KFIX_NOT_CONVERGED; NaN never converges.
 * cost    of a step but the last: b->n^3 + a->n^3. Kernels only: any port; waits for the device once a
 *         step. */
kfix_status kfix_smith_course_of(const kfix_device *d, const kfix_smith_side *b,
                                 const kfix_smith_side *a, double tolerance, kfix_real *scratch,
                                 kfix_smith_course *course);

/* U = scale (A (x) B + sign C (x) D)^-1 V.
 *
 * shapes  v and u are b->n x a->n of leading dimensions ldv, ldu. sign is 1 or -1.
 * alias   u may be v.
 * errors  as of kfix_smith_course_of; u is then undefined.
 * cost    2 b->n a->n (b->n + a->n), and in each step as much again and what a course costs. As a row of L^-1
 *         is unpacked its zeros are filled in, a kernel for each. */
kfix_status kfix_smith_solve(const kfix_device *d, const kfix_smith_side *b,
                             const kfix_smith_side *a, kfix_real sign, double tolerance,
                             kfix_real scale, const kfix_real *v, size_t ldv, kfix_real *u,
                             size_t ldu, kfix_real *scratch, kfix_smith_course *course);

#endif
