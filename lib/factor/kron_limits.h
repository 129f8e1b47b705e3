/* SPDX-License-Identifier: Apache-2.0
 * What bounds the searches of a Kronecker SVD: sizes, iterations, tolerances. */
#ifndef KFIX_FACTOR_KRON_LIMITS_H
#define KFIX_FACTOR_KRON_LIMITS_H

#include "../../port/port.h"

#define KFIX_KRON_BLOCK 4  /* vectors that one iteration multiplies together */
#define KFIX_KRON_KEPT  8  /* what a restart keeps */
#define KFIX_KRON_WIDTH 16 /* vectors of the search space */

/* Iterations at most; after them the best found so far is the answer. */
#define KFIX_KRON_ITERATIONS_MAX 64

/* A search ends when |Z^T Z v - sigma^2 v| is below this part of sigma^2; the square of a singular
 * value is rounding where it is not above KFIX_KRON_NOISE2 of the largest: a Gram matrix holds half
 * the digits of its atoms. */
#define KFIX_KRON_TOLERANCE (KFIX_REAL_EPS > 1e-12 ? 128 * KFIX_REAL_EPS : 1e-10)
#define KFIX_KRON_NOISE2    KFIX_REAL_EPS
#define KFIX_KRON_ROWS      (KFIX_KRON_WIDTH + KFIX_KRON_RANK_MAX)

#endif
