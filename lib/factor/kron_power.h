/* SPDX-License-Identifier: Apache-2.0
 * The papers' power SVD: singular triples of the rearranged block, one after another, in parameter
 * space. What kfix_kron_svd finds in example space, by a way that shares nothing with it but the
 * port's products: its cross-check, and the measure of its speed. */
#ifndef KFIX_FACTOR_KRON_POWER_H
#define KFIX_FACTOR_KRON_POWER_H

#include "kron_operator.h"

/* Steps for one term at most. */
#define KFIX_KRON_POWER_MAX 4000

/* The `rank` leading terms of Z ~ sum_i vec(R_i) vec(S_i)^T, ||R_i||_F = ||S_i||_F = sqrt(sigma_i),
 * by the power iteration [KPSVD B.1], each term taken away before the next is sought [KPSVD 2.2.1].
 * It stops at |Z v - sigma u| <= KFIX_KRON_TOLERANCE sigma, or when that is lost in rounding: after
 * about log(tolerance) / (2 log(sigma_{i+1} / sigma_i)) steps.
 *
 * shapes   R_i: packed at left + i KFIX_KRON_TERM(n), n the left order; S_i likewise at right
 * signs    trace R_i >= 0; of examples alone R_0 and S_0 are positive semi-definite [KPSVD Prop.
 *          2.2]. A term whose sigma_i is not above sqrt(KFIX_KRON_NOISE2) sigma_0, or is rounding of
 *          what known terms cancel, is zero.
 * pairs    iterations: multiplications by Z^T Z; converged: 0 where one was stopped
 * scratch  KFIX_KRON_POWER_REALS(rows, left, right)
 * errors   KFIX_STATISTICS_NONFINITE. KFIX_PORT: no host memory, or rank is not 1 ..
 *          KFIX_KRON_RANK_MAX
 * cost     an iteration: 3 rows (left^2 + right^2) */
#define KFIX_KRON_TERM(n)            KFIX_LD(KFIX_TRIANGLE(n))
#define KFIX_KRON_WIDER(left, right) ((left) > (right) ? (left) : (right))
#define KFIX_KRON_POWER_REALS(rows, left, right) \
  (KFIX_KRON_TERM(left) + KFIX_KRON_OPERATOR_REALS(rows, KFIX_KRON_WIDER(left, right)))
kfix_status kfix_kron_power(const kfix_device *d, const kfix_kron_operator *z, size_t rank,
                            kfix_real *left, kfix_real *right, kfix_kron_pairs *pairs,
                            kfix_real *scratch);

#endif
