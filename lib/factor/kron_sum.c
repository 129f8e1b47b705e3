/* SPDX-License-Identifier: Apache-2.0
 * Set-up of one side, and the solve. */
#include "factor/kron_sum.h"

#include "core/arithmetic.h"
#include "factor/factor.h"
#include "factor/kron_triangle.h"

kfix_status kfix_kron_side_set(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                               const kfix_real *c, kfix_real *k, size_t ldk, kfix_real *s,
                               kfix_real *scratch, size_t *info) {
  const size_t ld = KFIX_LD(n);
  kfix_real *e = scratch, *rest = scratch + n * ld;
  KFIX_TRY(kfix_factor_whiten(d, n, a, lda, info));
  KFIX_TRY(d->port->unpack(d, n, c, 0, rest, ld));
  KFIX_TRY(kfix_whiten(d, n, a, lda, rest, ld, e, k, ldk));
  KFIX_TRY(kfix_factor_eigen(d, n, k, ldk, s, e, ld, rest, info));
  return kfix_lower_transposed_times(d, n, a, lda, KFIX_N, n, e, ld, k, ldk);
}

kfix_status kfix_kron_solve(const kfix_device *d, const kfix_kron_side *b, const kfix_kron_side *a,
                            kfix_real sign, kfix_real floor, kfix_real scale, const kfix_real *v,
                            size_t ldv, kfix_real *u, size_t ldu, kfix_real *scratch,
                            double *clamped) {
  const kfix_port *port = d->port;
  const size_t rows = b->n, cols = a->n, ld = KFIX_LD(cols);
  KFIX_TRY(
      port->gemm(d, KFIX_T, KFIX_N, rows, cols, rows, scale, b->k, b->ld, v, ldv, 0, scratch, ld));
  KFIX_TRY(port->gemm(d, KFIX_N, KFIX_N, rows, cols, cols, 1, scratch, ld, a->k, a->ld, 0, u, ldu));
  KFIX_TRY(port->divide_kron(d, rows, cols, u, ldu, b->s, a->s, sign, floor, u, ldu, clamped));
  KFIX_TRY(port->gemm(d, KFIX_N, KFIX_N, rows, cols, rows, 1, b->k, b->ld, u, ldu, 0, scratch, ld));
  return port->gemm(d, KFIX_N, KFIX_T, rows, cols, cols, 1, scratch, ld, a->k, a->ld, 0, u, ldu);
}
