/* SPDX-License-Identifier: Apache-2.0
 * Eigenvalues of a small symmetric matrix, in double, by Jacobi's rotations. */
#ifndef KFIX_FACTOR_JACOBI_H
#define KFIX_FACTOR_JACOBI_H

#include <stddef.h>

/* a (n x n, symmetric, both triangles) = sum of values[i] x_i x_i^T; x_i is row i of vectors, the
 * values descend. a is destroyed. On the host.
 *
 * cost   some ten sweeps of 6 n^3 operations at most; for n up to a few dozen.
 * error  a graded positive semi-definite matrix keeps the relative accuracy of its small values.
 *        What is not finite comes out not finite. */
void kfix_jacobi(size_t n, double *a, double *values, double *vectors);

#endif
