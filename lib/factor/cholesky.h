/* SPDX-License-Identifier: Apache-2.0
 * Cholesky's factor of a symmetric positive definite matrix, and the inverse of such a factor. */
#ifndef KFIX_FACTOR_CHOLESKY_H
#define KFIX_FACTOR_CHOLESKY_H

#include "port/port.h"

/* A = L L^T: the lower triangle of a becomes L.
 *
 * shapes  a is n x n of leading dimension lda >= n; the strict upper triangle is neither read nor
 *         written.
 * errors  KFIX_NOT_POSITIVE: a pivot is not positive or not finite; *info is its 1-based row, and a
 *         is undefined. Otherwise *info is 0. KFIX_PORT on ports without host memory.
 * cost    n^3 / 3 operations, nearly all in the port's syrk. No scratch.
 * error   |A - L L^T| is of order n eps |A|. */
kfix_status kfix_cholesky(const kfix_device *d, size_t n, kfix_real *a, size_t lda, size_t *info);

/* The lower triangle L becomes L^-1, in place. The diagonal must not hold zeros.
 *
 * shapes  l is n x n of leading dimension ldl >= n; the strict upper triangle is neither read nor
 *         written.
 * errors  KFIX_PORT on ports without host memory.
 * cost    n^3 / 3 operations, nearly all in the port's gemm. No scratch.
 * error   |L^-1 L - I| is of order n eps |L^-1| |L|. */
kfix_status kfix_lower_inverse(const kfix_device *d, size_t n, kfix_real *l, size_t ldl);

#endif
