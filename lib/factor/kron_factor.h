/* SPDX-License-Identifier: Apache-2.0
 * The Kronecker SVD by the port's own entries where it has them, else by lib/factor. */
#ifndef KFIX_FACTOR_KRON_FACTOR_H
#define KFIX_FACTOR_KRON_FACTOR_H

#include "factor/kron_svd.h"

static const kfix_kron_entries kfix_kron_of_dense = {kfix_kron_gram, kfix_kron_sum, kfix_kron_svd};

static inline const kfix_kron_entries *kfix_factor_kron(const kfix_device *d) {
  return d->port->kron ? d->port->kron : &kfix_kron_of_dense;
}

#endif
