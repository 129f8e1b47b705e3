/* SPDX-License-Identifier: Apache-2.0
 * The parts of the symmetric eigenproblem: reduction to a tridiagonal matrix, its eigenproblem, and
 * the way back. */
#ifndef KFIX_FACTOR_TRIDIAGONAL_H
#define KFIX_FACTOR_TRIDIAGONAL_H

#include "port/port.h"

/* Reflections that are gathered before they are applied to a matrix. */
#define KFIX_REFLECTIONS 32

/* Elements of work for order n. */
#define KFIX_TRIDIAGONALISE_REALS(n) \
  ((4 * KFIX_REFLECTIONS + KFIX_SYMV_BANDS + 1) * KFIX_LD(n) + 2 * KFIX_REFLECTIONS)
#define KFIX_REFLECT_REALS(n) \
  (3 * KFIX_REFLECTIONS * KFIX_LD(n) + KFIX_REFLECTIONS * KFIX_LD(KFIX_REFLECTIONS))

/* T = diagonal d[0 .. n), d[i] and d[i + 1] coupled by e[i]. */
typedef struct kfix_tridiagonal {
  size_t n;
  double *d, *e; /* both of length n */
} kfix_tridiagonal;

/* A = Q T Q^T, Q = H_{n-1} ... H_1, H_i = I - 2 v_i v_i^T / (v_i^T v_i), or I where v_i = 0. v_i
 * has i elements and replaces row i of the lower triangle of a. Elements of a are of order 1.
 * cost: 4/3 n^3, half in symv, half in gemm (Dongarra, Sorensen and Hammarling 1989). */
kfix_status kfix_tridiagonalise(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                kfix_real *work, kfix_tridiagonal *t);

/* C (n x n) = C Q^T, with Q as it was left in a. cost: 2 n^3, in gemm. */
kfix_status kfix_reflect_rows(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                              kfix_real *c, size_t ldc, kfix_real *work);

/* T = Z S Z^T by implicit QR with Wilkinson's shifts: d becomes S, ascending; row j of z becomes
 * eigenvector j; e is destroyed. Returns 0, or the 1-based index of an eigenvalue that was not
 * found. */
size_t kfix_tridiagonal_qr(const kfix_tridiagonal *t, kfix_real *z, size_t ldz);

#endif
