/* SPDX-License-Identifier: Apache-2.0
 * Square matrices in double, row by row, small enough to be treated as a whole. */
#ifndef KFIX_TOOLS_DENSE_MATRIX_H
#define KFIX_TOOLS_DENSE_MATRIX_H

#include <stddef.h>

#include "files/tool_error.h"

/* A block of a matrix: rows x cols with a leading dimension. */
typedef struct dense_block {
  double *at;
  size_t rows, cols, ld;
} dense_block;

/* c += alpha a b, or, with transposed = 1, c += alpha a^T b. */
void dense_multiply(double alpha, dense_block a, int transposed, dense_block b, dense_block c);

/* out = a^-1 for a symmetric positive definite a; both n x n, dense, not the same. -1: it is not. */
int dense_inverse(size_t n, const double *a, double *out, tool_error *err);

/* Zeroed memory of count doubles. */
double *dense_zeros(size_t count, tool_error *err);

#endif
