/* SPDX-License-Identifier: Apache-2.0
 * Kronecker SVD: the best sums of Kronecker products to a Fisher block, in example space.
 *
 * The best approximation of Kronecker rank r is the truncated SVD of the rearrangement Z [KPSVD 2.1,
 * 2.2]. The papers iterate on vectors of length d^2 at 4 m d^2 operations; here a vector is its m
 * coefficients over the atoms and an iteration costs 4 m^2 (kron_space.h). */
#ifndef KFIX_FACTOR_KRON_SVD_H
#define KFIX_FACTOR_KRON_SVD_H

#include "kron_limits.h"
#include "kron_space.h"

/* As svd of port/kronecker.h: block Lanczos on Z^T Z with full reorthogonalisation and thick
 * restarts, from a fixed start: the weights, which are K-FAC's own factors, and three fixed random
 * vectors. pairs->converged is 0 where KFIX_KRON_ITERATIONS_MAX have stopped it.
 *
 * errors   KFIX_PORT on ports without host memory.
 * cost     an iteration: 16 atoms^2 + 512 atoms operations; some 4 to 8 of them as a rule. */
kfix_status kfix_kron_svd(const kfix_device *d, const kfix_kron_space *s, size_t rank,
                          kfix_kron_order order, kfix_real *left, kfix_real *right,
                          kfix_kron_pairs *pairs, kfix_real *scratch);

#endif
