/* SPDX-License-Identifier: Apache-2.0
 * The parts of the symmetric eigenproblem: reduction to a tridiagonal matrix, its eigenproblem, and
 * the way back. */
#ifndef KFIX_DENSE_TRIDIAGONAL_H
#define KFIX_DENSE_TRIDIAGONAL_H

#include "port/port.h"

/* T = diagonal d[0 .. n), d[i] and d[i + 1] coupled by e[i]. */
typedef struct kfix_tridiagonal {
  size_t n;
  double *d, *e; /* both of length n */
} kfix_tridiagonal;

/* A = Q T Q^T, Q = H_{n-1} ... H_1, H_i = I - tau[i] v_i v_i^T. v_i has i elements, the last of
 * them 1; the others replace row i of the lower triangle of a. Elements of a are of order 1.
 * work: n elements. */
void kfix_tridiagonalise(size_t n, kfix_real *a, size_t lda, kfix_real *tau, kfix_real *work,
                         kfix_tridiagonal *t);

/* C (n x n) = Q C. work: n elements. */
void kfix_apply_reflectors(size_t n, const kfix_real *a, size_t lda, const kfix_real *tau,
                           kfix_real *c, size_t ldc, kfix_real *work);

/* T = Z S Z^T by implicit QR with Wilkinson's shifts: d becomes S, ascending; row j of z becomes
 * eigenvector j; e is destroyed. Returns 0, or the 1-based index of an eigenvalue that was not
 * found. */
size_t kfix_tridiagonal_qr(const kfix_tridiagonal *t, kfix_real *z, size_t ldz);

#endif
