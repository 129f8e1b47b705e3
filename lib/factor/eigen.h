/* SPDX-License-Identifier: Apache-2.0
 * Eigenvalues and eigenvectors of a symmetric matrix. */
#ifndef KFIX_FACTOR_EIGEN_H
#define KFIX_FACTOR_EIGEN_H

#include "../../port/port.h"

/* A = V S V^T: as symmetric_eigen of port/factorizations.h.
 *
 * sign    Within a cluster of equal eigenvalues the basis is whatever the fixed arithmetic gives:
 *         the same on every machine.
 * errors  KFIX_PORT on ports without kernels of eigenproblems. No matrix is known for which an
 *         iteration does not end.
 * error   |A V - V S| is of order n eps |A|, |V^T V - I| of order n eps. */
kfix_status kfix_eigen(const kfix_device *d, size_t n, kfix_real *a, size_t lda, kfix_real *values,
                       kfix_real *vectors, size_t ldv, kfix_real *scratch, size_t *info);

#endif
