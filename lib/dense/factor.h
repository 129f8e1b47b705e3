/* SPDX-License-Identifier: Apache-2.0
 * Factorizations for methods: the port's own where it has one, else those of this folder. */
#ifndef KFIX_DENSE_FACTOR_H
#define KFIX_DENSE_FACTOR_H

#include "dense/eigen.h"
#include "dense/kron_triangle.h"
#include "dense/spd.h"

/* As spd_inverse of port.h. */
static inline kfix_status kfix_factor_inverse(const kfix_device *d, size_t n, kfix_real *a,
                                              size_t lda, kfix_real *work, size_t *info) {
  if (!d->port->spd_inverse) return kfix_spd_inverse(d, n, a, lda, work, info);
  return d->port->spd_inverse(d, n, a, lda, work, info);
}

/* As spd_whiten of port.h. */
static inline kfix_status kfix_factor_whiten(const kfix_device *d, size_t n, kfix_real *a,
                                             size_t lda, size_t *info) {
  if (!d->port->spd_whiten) return kfix_whitener(d, n, a, lda, info);
  return d->port->spd_whiten(d, n, a, lda, info);
}

/* As symmetric_eigen of port.h. */
static inline kfix_status kfix_factor_eigen(const kfix_device *d, size_t n, kfix_real *a,
                                            size_t lda, kfix_real *values, kfix_real *vectors,
                                            size_t ldv, kfix_real *scratch, size_t *info) {
  if (!d->port->symmetric_eigen)
    return kfix_eigen(d, n, a, lda, values, vectors, ldv, scratch, info);
  return d->port->symmetric_eigen(d, n, a, lda, values, vectors, ldv, scratch, info);
}

#endif
