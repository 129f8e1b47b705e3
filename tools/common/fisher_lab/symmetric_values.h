/* SPDX-License-Identifier: Apache-2.0
 * Eigenvalues and Cholesky's factor of a symmetric matrix in double, for what the programs measure:
 * another way than the library's own factorizations, so that one can check the other. */
#ifndef KFIX_TOOLS_SYMMETRIC_VALUES_H
#define KFIX_TOOLS_SYMMETRIC_VALUES_H

#include <stddef.h>

#include "files/tool_error.h"

/* values[0 .. n) = the eigenvalues, descending, by Householder's tridiagonal form and bisection;
 * each within a few eps ||a||. The lower triangle of a (n x n, dense) is read and destroyed. cost:
 * 4/3 n^3. */
int symmetric_values(size_t n, double *a, double *values, tool_error *err);

/* The same of a tridiagonal matrix: diagonal d[0 .. n), beside it e[1 .. n). */
void tridiagonal_values(size_t n, const double *d, const double *e, double *values);

/* Lower triangle of a becomes L, a = L L^T; then x = a^-1 x. -1: not positive definite. */
int cholesky_solve(size_t n, double *a, double *x);

/* x . y over four sums. */
double wide_dot(size_t n, const double *x, const double *y);

/* Descending order, in place. */
void sort_descending(size_t n, double *x);

#endif
