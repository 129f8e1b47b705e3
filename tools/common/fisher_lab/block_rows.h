/* SPDX-License-Identifier: Apache-2.0
 * One layer's block of the Fisher matrix, F = (1/m) sum_t (abar_t abar_t^T) (x) (g_t g_t^T), as the
 * examples that make it, and an approximation of it as its factors.
 *
 * What is measured of them here is computed on the host in double, whatever the build's real type:
 * a distance is the small difference of large norms. F itself is not formed: ||F||_F^2 and F's
 * eigenvalues come from the m x m matrix K = (Abar Abar^T) o (Gm Gm^T), inner products from
 * quadratic forms over the examples. */
#ifndef KFIX_TOOLS_BLOCK_ROWS_H
#define KFIX_TOOLS_BLOCK_ROWS_H

#include "core/real.h"

/* abar: rows x in, the homogeneous coordinate included; g: rows x out; both dense. Of a convolution an example has a row
 * of each for each of its positions, and its gradient is D = the sum over them of g abar^T: F = (1/m) sum vec D vec D^T,
 * `rows` being the examples. */
typedef struct block_rows {
  size_t rows, in, out;
  const kfix_real *abar, *g;
  size_t positions; /* 0: not a convolution */
  int by_pairs; /* what approximates is shown the pair (mean of abar, sum of g) of each example */
  double *d; /* D of all examples, out x in each, where there are positions (block_gradients.h) */
} block_rows;

/* terms 1 or 2: A_1 (x) G_1 [+ A_2 (x) G_2], symmetric, in x in and out x out.
 * terms 0: (U_A (x) U_G) diag(s) (U_A (x) U_G)^T with U_A = a[0], U_G = g[0], whose columns are
 * orthonormal, and s in x out. All dense. Of a diagonal both bases are I, and d is what s is the transpose
 * of, out x in; else d is NULL. */
typedef struct block_factors {
  int terms;
  const kfix_real *a[2], *g[2], *s, *d;
} block_factors;

/* Orders above this are not decomposed as dense matrices. */
#define BLOCK_ORDER_MAX 8192

#endif
