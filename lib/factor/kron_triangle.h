/* SPDX-License-Identifier: Apache-2.0
 * Whitening by the inverse of Cholesky's factor, and products that skip its half of zeros. */
#ifndef KFIX_FACTOR_KRON_TRIANGLE_H
#define KFIX_FACTOR_KRON_TRIANGLE_H

#include "port/port.h"

/* A = L L^T: a, whose lower triangle is given, becomes L^-1 with zeros above the diagonal.
 *
 * shapes  a is n x n of leading dimension lda >= n.
 * errors  KFIX_NOT_POSITIVE, *info is the 1-based row of the pivot and a is undefined; otherwise
 *         *info is 0. KFIX_PORT on ports without host memory.
 * cost    2/3 n^3. */
kfix_status kfix_whitener(const kfix_device *d, size_t n, kfix_real *a, size_t lda, size_t *info);

/* Products with such a triangle L (n x n, zeros above the diagonal); out overlaps no operand.
 * cost    n^2 times the other dimension: half of a full product. */

/* out = L B, B is n x cols. */
kfix_status kfix_lower_times(const kfix_device *d, size_t n, const kfix_real *l, size_t ldl,
                             size_t cols, const kfix_real *b, size_t ldb, kfix_real *out,
                             size_t ldo);
/* out = L^T B, or L^T B^T where op is KFIX_T; op(B) is n x cols. */
kfix_status kfix_lower_transposed_times(const kfix_device *d, size_t n, const kfix_real *l,
                                        size_t ldl, kfix_op op, size_t cols, const kfix_real *b,
                                        size_t ldb, kfix_real *out, size_t ldo);
/* out = B L^T, B is rows x n. */
kfix_status kfix_times_lower_transposed(const kfix_device *d, size_t rows, size_t n,
                                        const kfix_real *b, size_t ldb, const kfix_real *l,
                                        size_t ldl, kfix_real *out, size_t ldo);
/* Lower triangle of out = L C L^T for a symmetric C (both triangles given); what is written above
 * the diagonal is not complete. work: n x n of leading dimension KFIX_LD(n). cost: 4/3 n^3. */
kfix_status kfix_whiten(const kfix_device *d, size_t n, const kfix_real *l, size_t ldl,
                        const kfix_real *c, size_t ldc, kfix_real *work, kfix_real *out,
                        size_t ldo);

#endif
