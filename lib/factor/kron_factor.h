/* SPDX-License-Identifier: Apache-2.0
 * The Kronecker SVD by the port's own entries where it has them, else by lib/factor. */
#ifndef KFIX_DENSE_KRON_FACTOR_H
#define KFIX_DENSE_KRON_FACTOR_H

#include "factor/kron_svd.h"

/* What a port whose memory is not the host's points `kron` of its table to; the contracts are those
 * of kfix_kron_gram, kfix_kron_sum (kron_space.h) and kfix_kron_svd. */
typedef struct kfix_kron_entries {
  kfix_status (*gram)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                      size_t ldx, size_t more, const kfix_real *const *factors, kfix_real *gram,
                      size_t ld, kfix_real *norm, kfix_real *scratch);
  kfix_status (*sum)(const kfix_device *d, size_t rows, size_t cols, const kfix_real *c,
                     const kfix_real *x, size_t ldx, kfix_real *packed, kfix_real *scratch);
  kfix_status (*svd)(const kfix_device *d, const kfix_kron_space *s, size_t rank,
                     kfix_kron_order order, kfix_real *left, kfix_real *right,
                     kfix_kron_pairs *pairs, kfix_real *scratch);
} kfix_kron_entries;

static const kfix_kron_entries kfix_kron_of_dense = {kfix_kron_gram, kfix_kron_sum, kfix_kron_svd};

static inline const kfix_kron_entries *kfix_factor_kron(const kfix_device *d) {
  return d->port->kron ? d->port->kron : &kfix_kron_of_dense;
}

#endif
