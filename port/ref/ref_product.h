/* SPDX-License-Identifier: Apache-2.0
 * The products of the reference port; contracts in port.h. */
#ifndef KFIX_PORT_REF_PRODUCT_H
#define KFIX_PORT_REF_PRODUCT_H

#include "port/port.h"

kfix_status kfix_ref_gemm(const kfix_device *d, kfix_op op_a, kfix_op op_b, size_t m, size_t n,
                          size_t k, kfix_real alpha, const kfix_real *a, size_t lda,
                          const kfix_real *b, size_t ldb, kfix_real beta, kfix_real *c, size_t ldc);
kfix_status kfix_ref_syrk(const kfix_device *d, kfix_op op, size_t n, size_t k, kfix_real alpha,
                          const kfix_real *a, size_t lda, kfix_real beta, kfix_real *c, size_t ldc);

#endif
