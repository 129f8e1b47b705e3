/* SPDX-License-Identifier: Apache-2.0
 * The inverse of a symmetric positive definite matrix. */
#ifndef KFIX_FACTOR_SPD_H
#define KFIX_FACTOR_SPD_H

#include "port/port.h"

/* Lower triangle of A (n x n, symmetric positive definite, lower triangle given) becomes that of
 * its inverse, as spd_inverse of port/factorizations.h prescribes. For ports with host memory; others answer
 * KFIX_PORT.
 *
 * shapes  a is n x n of leading dimension lda >= n; its strict upper triangle and its columns n ..
 *         lda - 1 are left alone. Or lda = KFIX_PACKED: a is a packed lower triangle. The bits are
 *         the same. work: KFIX_SPD_WORK(n) kfix_reals.
 * alias   a and work do not overlap.
 * errors  KFIX_NOT_POSITIVE: a pivot is not positive or not finite, or the inverse overflows. *info
 *         is the 1-based row at which that showed, and a is undefined. Otherwise *info is 0.
 * cost    n^3 + 128 n^2 operations for large n, nearly all in the port's syrk. No other scratch.
 * error   |A X - I| is of order eps cond(A), as for an inverse by Cholesky's method. */
kfix_status kfix_spd_inverse(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                             kfix_real *work, size_t *info);

#endif
