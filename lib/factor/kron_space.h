/* SPDX-License-Identifier: Apache-2.0
 * The Fisher block of a layer in example space, as port/kronecker.h has it. */
#ifndef KFIX_FACTOR_KRON_SPACE_H
#define KFIX_FACTOR_KRON_SPACE_H

#include "../../port/port.h"

/* As gram of port/kronecker.h, on host memory: others answer KFIX_PORT. */
kfix_status kfix_kron_gram(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                           size_t ldx, size_t more, const kfix_real *const *factors,
                           kfix_real *gram, size_t ld, kfix_real *norm, kfix_real *scratch);

/* ||Z||_F^2 = ||F||_F^2, without forming either. cost: 6 atoms^2 */
double kfix_kron_norm2(const kfix_kron_space *s);

/* As sum of port/kronecker.h, likewise. */
kfix_status kfix_kron_sum(const kfix_device *d, size_t rows, size_t cols, const kfix_real *c,
                          const kfix_real *x, size_t ldx, kfix_real *packed, kfix_real *scratch);

#endif
