/* SPDX-License-Identifier: Apache-2.0
 * Factorizations of a port. Those that it leaves NULL, or all of them, lib/factor computes with the
 * port's kernels, in host memory. Conventions are those of port.h. */
#ifndef KFIX_PORT_FACTORIZATIONS_H
#define KFIX_PORT_FACTORIZATIONS_H

#include "port_types.h"

/* lib/factor inverts a matrix of order n in blocks of so many rows, for a small one of fewer, since
 * scalar work on a block then costs more than short updates do; kfix_reals of two panels. */
#define KFIX_SPD_BLOCK(n) ((n) < 256 ? (size_t)16 : (size_t)32)
#define KFIX_SPD_WORK(n)  (2 * (size_t)(n)*KFIX_SPD_BLOCK(n))

/* Elements of scratch of an eigenproblem of order n, a constant expression. */
#define KFIX_EIGEN_REALS(n)  (2 * (size_t)(n)*KFIX_LD(n) + 164 * KFIX_LD(n) + 2048)
/* And with the full form of a packed matrix before it. */
#define KFIX_EIGENS_REALS(n) (KFIX_EIGEN_REALS(n) + (size_t)(n)*KFIX_LD(n))

/* inverse = (factor + shift I)^-1: packed triangles of order n that do not overlap. */
typedef struct kfix_inverse_job {
  size_t n;
  double shift; /* rounded to kfix_real */
  const kfix_real *factor;
  kfix_real *inverse;
} kfix_inverse_job;

/* factor = V S V^T: column j of `vectors`, n x n and dense, belongs to values[j], ascending.
 * Nothing overlaps; the factor is a packed triangle of order n. */
typedef struct kfix_eigen_job {
  size_t n;
  const kfix_real *factor;
  kfix_real *values, *vectors;
} kfix_eigen_job;
#define KFIX_JOBS_MAX 16

typedef struct kfix_factorizations {
  /* Lower triangle of A (n x n, symmetric positive definite, lower triangle given; lda may be
   * KFIX_PACKED) becomes that of its inverse; the strict upper triangle of a full A is left as it
   * was. work: KFIX_SPD_WORK(n) kfix_reals. *info = 0, or the 1-based row at which A stops being
   * positive definite (KFIX_NOT_POSITIVE; A is then undefined). */
  kfix_status (*spd_inverse)(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                             kfix_real *work, size_t *info);
  /* At most KFIX_JOBS_MAX jobs in one go: a device need not be waited for job by job. *failed:
   * the first whose matrix is not positive definite, *info as above. NULL: one by one. */
  kfix_status (*spd_inverses)(const kfix_device *d, size_t count, const kfix_inverse_job *jobs,
                              size_t *failed, size_t *info);
  /* The same A, full, = L L^T becomes L^-1 with zeros above the diagonal; *info likewise. */
  kfix_status (*spd_whiten)(const kfix_device *d, size_t n, kfix_real *a, size_t lda, size_t *info);
  /* A = V S V^T: values = the diagonal of S, ascending; vectors = V, eigenvector j in column j.
   *
   * shapes  a is n x n, its lower triangle given; the strict upper one is not read. a is destroyed.
   *         vectors is n x n.
   * scratch KFIX_EIGEN_REALS(n) elements, aligned to KFIX_ALIGN. Nothing overlaps.
   * sign    the component of largest magnitude of each eigenvector, the first of equals, is
   *         positive.
   * errors  KFIX_NOT_CONVERGED: an element is NaN or infinite, *info is its 1-based row; or the
   *         iteration for eigenvalue *info did not end. Otherwise *info is 0. */
  kfix_status (*symmetric_eigen)(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                 kfix_real *values, kfix_real *vectors, size_t ldv,
                                 kfix_real *scratch, size_t *info);
  /* At most KFIX_JOBS_MAX of them in one go. work: KFIX_EIGENS_REALS(n) elements for the largest n.
   * *failed: the first that has no answer, *info as above. NULL: one by one. */
  kfix_status (*symmetric_eigens)(const kfix_device *d, size_t count, const kfix_eigen_job *jobs,
                                  kfix_real *work, size_t *failed, size_t *info);
} kfix_factorizations;

#endif
