/* SPDX-License-Identifier: Apache-2.0
 * Factorizations for methods: the port's own where it has one, else those of this folder. */
#ifndef KFIX_FACTOR_FACTOR_H
#define KFIX_FACTOR_FACTOR_H

#include "factor/eigen.h"
#include "factor/kron_triangle.h"
#include "factor/spd.h"

/* As spd_inverse of port/factorizations.h. */
static inline kfix_status kfix_factor_inverse(const kfix_device *d, size_t n, kfix_real *a,
                                              size_t lda, kfix_real *work, size_t *info) {
  const kfix_factorizations *own = d->port->factor;
  if (!own || !own->spd_inverse) return kfix_spd_inverse(d, n, a, lda, work, info);
  return own->spd_inverse(d, n, a, lda, work, info);
}

/* As spd_whiten of port/factorizations.h. */
static inline kfix_status kfix_factor_whiten(const kfix_device *d, size_t n, kfix_real *a,
                                             size_t lda, size_t *info) {
  const kfix_factorizations *own = d->port->factor;
  if (!own || !own->spd_whiten) return kfix_whitener(d, n, a, lda, info);
  return own->spd_whiten(d, n, a, lda, info);
}

/* As symmetric_eigen of port/factorizations.h. */
static inline kfix_status kfix_factor_eigen(const kfix_device *d, size_t n, kfix_real *a,
                                            size_t lda, kfix_real *values, kfix_real *vectors,
                                            size_t ldv, kfix_real *scratch, size_t *info) {
  const kfix_factorizations *own = d->port->factor;
  if (!own || !own->symmetric_eigen)
    return kfix_eigen(d, n, a, lda, values, vectors, ldv, scratch, info);
  return own->symmetric_eigen(d, n, a, lda, values, vectors, ldv, scratch, info);
}

/* As symmetric_eigens of port/factorizations.h. */
static inline kfix_status kfix_factor_eigens(const kfix_device *d, size_t count,
                                             const kfix_eigen_job *jobs, kfix_real *work,
                                             size_t *failed, size_t *info) {
  const kfix_factorizations *own = d->port->factor;
  if (own && own->symmetric_eigens)
    return own->symmetric_eigens(d, count, jobs, work, failed, info);
  *info = 0;
  for (*failed = 0; *failed < count; ++*failed) {
    const kfix_eigen_job *job = &jobs[*failed];
    const size_t n = job->n, ld = KFIX_LD(n);
    KFIX_TRY(d->port->unpack(d, n, job->factor, 0, work, ld));
    KFIX_TRY(kfix_factor_eigen(d, n, work, ld, job->values, job->vectors, n, work + n * ld, info));
  }
  *failed = 0;
  return KFIX_OK;
}

#endif
