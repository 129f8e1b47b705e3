/* SPDX-License-Identifier: Apache-2.0
 * A basis that follows a factor by products: one sweep of first-order rotations of all pairs. */
#include "core/arithmetic.h"
#include "curvature/ekfac.h"
#include "factor/factor.h"

/* The sum of squares of T off its diagonal, or what rounding may leave of it where it cancels. */
static kfix_status measure_off(kfix *k, size_t n, const kfix_real *t, const kfix_real *diagonal,
                               double *off) {
  double dot[2];
  KFIX_RUN(k, dot, n * n, t, t, kfix_slot_at(k, KFIX_SLOT_BLOCKS));
  KFIX_RUN(k, dot, n, diagonal, diagonal, kfix_slot_at(k, KFIX_SLOT_BLOCKS + 1));
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BLOCKS, 2, dot));
  *off = dot[0] - dot[1];
  const double least = KFIX_REAL_EPS * KFIX_REAL_EPS * dot[1];
  if (*off < least) *off = least;
  return KFIX_OK;
}

/* product = A U; values = scale times the diagonal of U^T A U; elements: n x n. */
static kfix_status rayleigh(kfix *k, size_t n, const kfix_real *factor, const kfix_real *u,
                            double scale, const kfix_real *ones, kfix_real *product,
                            kfix_real *elements, kfix_real *values) {
  KFIX_RUN(k, gemm, KFIX_S, KFIX_N, n, n, n, 1, factor, 0, u, n, 0, product, n);
  KFIX_RUN(k, multiply, 1, n * n, u, n * n, product, n * n, elements, n * n);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, 1, n, n, (kfix_real)scale, ones, n, elements, n, 0, values, n);
  return KFIX_OK;
}

/* T becomes X = T o D / (D o D + shift), D_ij = t_j - t_i. */
static kfix_status rotations(kfix *k, size_t n, const kfix_real *diagonal, const kfix_real *ones,
                             double shift, kfix_real *differences, kfix_real *t) {
  const size_t count = n * n;
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, n, 1, 1, ones, n, diagonal, n, 0, differences, n);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, n, 1, -1, diagonal, n, ones, n, 1, differences, n);
  KFIX_RUN(k, multiply, 1, count, t, count, differences, count, t, count);
  KFIX_RUN(k, multiply, 1, count, differences, count, differences, count, differences, count);
  KFIX_RUN(k, divide, 1, count, t, count, differences, count, (kfix_real)shift, t, count);
  return KFIX_OK;
}

/* out = Z L^-T with L L^T = Z^T Z, for Z = U + U X. */
static kfix_status rotate(kfix *k, size_t n, const kfix_real *u, const kfix_real *x, kfix_real *z,
                          kfix_real *gram, kfix_real *out) {
  size_t info = 0;
  KFIX_RUN(k, copy, 1, n * n, u, n * n, z, n * n);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, n, n, n, 1, u, n, x, n, 1, z, n);
  KFIX_RUN(k, syrk, KFIX_T, n, n, 1, z, n, 0, gram, n);
  KFIX_TRY(kfix_factor_whiten(&k->device, n, gram, n, &info));
  KFIX_RUN(k, gemm, KFIX_N, KFIX_T, n, n, n, 1, z, n, gram, n, 0, out, n);
  return KFIX_OK;
}

kfix_status kfix_ekfac_track(kfix *k, size_t n, const kfix_real *factor, const kfix_real *u,
                             kfix_real *out, kfix_real *values) {
  const size_t square = KFIX_LD(n * n);
  kfix_real *z = k->buffer[KFIX_NET_SCRATCH].at[0], *t = z + square, *other = t + square;
  kfix_real *diagonal = other + square, *ones = diagonal + KFIX_LD(n);
  double trace, off;
  KFIX_RUN(k, fill, 1, n, 1, ones, n);
  KFIX_RUN(k, trace, n, factor, kfix_slot_at(k, KFIX_SLOT_BLOCKS));
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BLOCKS, 1, &trace));
  const double scale = trace > 0 ? (double)n / trace : 1;
  KFIX_TRY(rayleigh(k, n, factor, u, scale, ones, z, other, diagonal));
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, n, n, (kfix_real)scale, u, n, z, n, 0, t, n);
  KFIX_TRY(measure_off(k, n, t, diagonal, &off));
  const kfix_real shift = (kfix_real)(off / (double)n);
  if (shift > 0) {
    KFIX_TRY(rotations(k, n, diagonal, ones, shift, other, t));
    KFIX_TRY(rotate(k, n, u, t, z, other, out));
  } else {
    KFIX_RUN(k, copy, 1, n * n, u, n * n, out, n * n);
  }
  return rayleigh(k, n, factor, out, 1, ones, z, other, values);
}
