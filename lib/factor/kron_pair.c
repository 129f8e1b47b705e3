/* SPDX-License-Identifier: Apache-2.0
 * Set-up of a pair: kernels and factorizations of the port only, so any port will do. */
#include "factor/kron_pair.h"

#include "core/arithmetic.h"
#include "factor/factor.h"
#include "factor/kron_triangle.h"

/* Where things are in the scratch: M, a matrix of its shape, eigenvectors. */
typedef struct room {
  kfix_real *m, *work, *e, *rest;
} room;

static room lay_out(size_t n, size_t m, kfix_real *scratch) {
  const size_t r = KFIX_KRON_RANK(n, m);
  room at = {.m = scratch};
  at.work = at.m + n * KFIX_LD(m);
  at.e = at.work + n * KFIX_LD(m);
  at.rest = at.e + r * KFIX_LD(r);
  return at;
}

/* M = L X L'^T; the smaller of M M^T and M^T M = E S E^T. */
static kfix_status correlate(const kfix_device *d, size_t n, size_t m, const kfix_real *l,
                             const kfix_real *l2, const kfix_real *cross, const room *at,
                             kfix_real *s, size_t *info) {
  const size_t ldm = KFIX_LD(m), r = KFIX_KRON_RANK(n, m), ldr = KFIX_LD(r);
  KFIX_TRY(kfix_times_lower_transposed(d, n, m, cross, m, l2, ldm, at->work, ldm));
  KFIX_TRY(kfix_lower_times(d, n, l, KFIX_LD(n), m, at->work, ldm, at->m, ldm));
  KFIX_TRY(d->port->syrk(d, n <= m ? KFIX_N : KFIX_T, r, n <= m ? m : n, 1, at->m, ldm, 0, at->work,
                         ldr));
  return kfix_factor_eigen(d, r, at->work, ldr, s, at->e, ldr, at->rest, info);
}

/* n <= m: from E. */
static kfix_status from_below(const kfix_device *d, size_t n, size_t m, const kfix_real *l,
                              const kfix_real *l2, const room *at, kfix_real *lower,
                              kfix_real *upper) {
  const size_t ldm = KFIX_LD(m), ldr = KFIX_LD(n);
  KFIX_TRY(kfix_lower_transposed_times(d, n, l, ldr, KFIX_N, n, at->e, ldr, lower, n));
  KFIX_TRY(d->port->gemm(d, KFIX_T, KFIX_N, n, m, n, 1, at->e, ldr, at->m, ldm, 0, at->work, ldm));
  return kfix_lower_transposed_times(d, m, l2, ldm, KFIX_T, n, at->work, ldm, upper, n);
}

/* n > m: from F. */
static kfix_status from_above(const kfix_device *d, size_t n, size_t m, const kfix_real *l,
                              const kfix_real *l2, const room *at, kfix_real *lower,
                              kfix_real *upper) {
  const size_t ldr = KFIX_LD(m);
  KFIX_TRY(kfix_lower_transposed_times(d, m, l2, ldr, KFIX_N, m, at->e, ldr, upper, m));
  KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_N, n, m, m, 1, at->m, ldr, at->e, ldr, 0, at->work, ldr));
  return kfix_lower_transposed_times(d, n, l, KFIX_LD(n), KFIX_N, m, at->work, ldr, lower, m);
}

kfix_status kfix_kron_pair(const kfix_device *d, size_t n, size_t m, const kfix_real *l,
                           const kfix_real *l2, const kfix_real *cross, kfix_real *lower,
                           kfix_real *upper, kfix_real *x, kfix_real *y, kfix_real *scratch,
                           size_t *info) {
  const room at = lay_out(n, m, scratch);
  const size_t r = KFIX_KRON_RANK(n, m);
  KFIX_TRY(correlate(d, n, m, l, l2, cross, &at, n <= m ? x : y, info));
  KFIX_TRY(d->port->fill(d, 1, r, 1, n <= m ? y : x, r));
  if (n <= m) return from_below(d, n, m, l, l2, &at, lower, upper);
  return from_above(d, n, m, l, l2, &at, lower, upper);
}
