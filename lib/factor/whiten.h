/* SPDX-License-Identifier: Apache-2.0
 * The inverse of Cholesky's factor of a small block, in place. */
#ifndef KFIX_FACTOR_WHITEN_H
#define KFIX_FACTOR_WHITEN_H

#include "core/real.h"

#define KFIX_WHITEN_MAX 32

/* Lower triangle of the n x n block a, A = L L^T, becomes L^-1; the strict upper triangle becomes
 * zero. n <= KFIX_WHITEN_MAX. Returns 0, or the 1-based row whose pivot is not positive or not
 * finite (a is then undefined). cost: 2/3 n^3. */
size_t kfix_whiten_block(size_t n, kfix_real *a, size_t lda);

#endif
