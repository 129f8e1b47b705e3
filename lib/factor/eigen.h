/* SPDX-License-Identifier: Apache-2.0
 * Eigenvalues and eigenvectors of a symmetric matrix. */
#ifndef KFIX_DENSE_EIGEN_H
#define KFIX_DENSE_EIGEN_H

#include "../../port/port.h"

/* Elements of scratch for order n, a constant expression. */
#define KFIX_EIGEN_REALS(n)  (2 * (size_t)(n)*KFIX_LD(n) + 164 * KFIX_LD(n) + 2048)
/* And with the full form of a packed matrix before it. */
#define KFIX_EIGENS_REALS(n) (KFIX_EIGEN_REALS(n) + (size_t)(n)*KFIX_LD(n))

/* A = V S V^T: values = the diagonal of S, ascending; vectors = V, eigenvector j in column j.
 *
 * shapes  a is n x n of leading dimension lda >= n, its lower triangle given; the strict upper one
 *         is not read. a is destroyed. vectors is n x n of leading dimension ldv >= n.
 * scratch KFIX_EIGEN_REALS(n) elements, aligned to KFIX_ALIGN. Nothing overlaps.
 * sign    the component of largest magnitude of each eigenvector, the first of equals, is positive.
 *         Within a cluster of equal eigenvalues the basis is whatever the fixed arithmetic gives:
 *         the same on every machine.
 * errors  KFIX_NOT_CONVERGED: an element is NaN or infinite, *info is its 1-based row; or the
 *         iteration for eigenvalue *info did not end, which no matrix is known to cause. Otherwise
 *         *info is 0. KFIX_PORT on ports without host memory.
 * error   |A V - V S| is of order n eps |A|, |V^T V - I| of order n eps. */
kfix_status kfix_eigen(const kfix_device *d, size_t n, kfix_real *a, size_t lda, kfix_real *values,
                       kfix_real *vectors, size_t ldv, kfix_real *scratch, size_t *info);

#endif
