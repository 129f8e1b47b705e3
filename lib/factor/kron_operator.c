/* SPDX-License-Identifier: Apache-2.0
 * Products with the rearranged block. */
#include "factor/kron_operator.h"

#include <math.h>

#include "core/arithmetic.h"
#include "core/random.h"
#include "factor/kron_vector.h"

/* The largest norm of a matrix that Z is made of, on one side; NaN and infinity go through. */
static double largest_norm(const kfix_kron_operator *z, int side) {
  const size_t n = z->n[side];
  double most = 0;
  for (size_t t = 0; t < z->rows; t++) {
    const kfix_real *x = z->at[side] + t * z->ld[side];
    const double norm = kfix_kron_dot(n, x, x);
    if (!(norm <= most)) most = norm;
  }
  for (size_t e = 0; e < z->known; e++) {
    const kfix_real *f = z->factor[side][e];
    const double norm = sqrt(kfix_kron_dot_packed(n, f, f));
    if (!(norm <= most)) most = norm;
  }
  return most;
}

kfix_status kfix_kron_operator_begin(kfix_kron_operator *z) {
  z->cancelled = 0;
  for (int side = 0; side < 2; side++) {
    z->scale[side] = largest_norm(z, side);
    if (!isfinite((kfix_real)z->scale[side])) return KFIX_STATISTICS_NONFINITE;
    if (z->scale[side] < KFIX_REAL_MIN) z->scale[side] = 1;
  }
  return KFIX_OK;
}

/* c_t = weight x_t^T M x_t over the scales. work: rows x KFIX_LD(n). */
static kfix_status weigh(const kfix_device *d, const kfix_kron_operator *z, int from, int cut,
                         const kfix_real *m, kfix_real *c, kfix_real *work) {
  const size_t n = z->n[from], ld = KFIX_LD(n);
  KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_S, z->rows, n, n, 1, z->at[from], z->ld[from], m, 0, 0,
                         work, ld));
  for (size_t t = 0; t < z->rows; t++) {
    const double form = kfix_kron_dot(n, z->at[from] + t * z->ld[from], work + t * ld);
    c[t] = (kfix_real)(z->weight * form / z->scale[0] / z->scale[1]);
    if (!isfinite(c[t])) return KFIX_STATISTICS_NONFINITE;
    if (cut && c[t] < 0) c[t] = 0;
  }
  return KFIX_OK;
}

/* What known term e adds to the product. */
static void add_known(kfix_kron_operator *z, size_t e, int from, const kfix_real *in,
                      kfix_real *out) {
  const size_t n = z->n[1 - from];
  const kfix_real *f = z->factor[1 - from][e];
  const double along = kfix_kron_dot_packed(z->n[from], z->factor[from][e], in);
  const double c = z->known_weight[e] * along / z->scale[0] / z->scale[1];
  const double length = fabs(c) * sqrt(kfix_kron_dot_packed(n, f, f));
  if (length > z->cancelled) z->cancelled = length;
  kfix_kron_axpy(KFIX_TRIANGLE(n), c, f, out);
}

/* What is not a number must not pass for a vector with nothing left of it. */
static kfix_status check_finite(size_t n, const kfix_real *x) {
  return isfinite(kfix_kron_dot_packed(n, x, x)) ? KFIX_OK : KFIX_STATISTICS_NONFINITE;
}

kfix_status kfix_kron_operator_times(const kfix_device *d, kfix_kron_operator *z, int from, int cut,
                                     const kfix_real *in, kfix_real *out, kfix_real *scratch) {
  const int to = 1 - from;
  const size_t n = z->n[to], count = KFIX_TRIANGLE(n);
  kfix_real *c = scratch, *work = scratch + KFIX_LD(z->rows);
  if (!d->port->is_host) return KFIX_PORT;
  KFIX_TRY(d->port->fill(d, 1, count, 0, out, count));
  if (z->rows > 0) {
    KFIX_TRY(weigh(d, z, from, cut, in, c, work));
    KFIX_TRY(kfix_kron_sum(d, z->rows, n, c, z->at[to], z->ld[to], out, work));
  }
  for (size_t e = 0; e < z->known; e++) add_known(z, e, from, in, out);
  return check_finite(n, out);
}

double kfix_kron_operator_normalise(const kfix_kron_operator *z, int side, kfix_real *x) {
  const double norm = sqrt(kfix_kron_dot_packed(z->n[side], x, x));
  if (norm > 0) kfix_kron_scale(KFIX_TRIANGLE(z->n[side]), 1 / norm, x);
  return norm;
}

double kfix_kron_operator_balance(const kfix_kron_operator *z, double sigma, kfix_real *u,
                                  kfix_real *v) {
  const double whole = sigma * z->scale[0] * z->scale[1];
  double trace = 0;
  for (size_t i = 0; i < z->n[0]; i++) trace += (double)u[KFIX_TRIANGLE(i) + i];
  kfix_kron_scale(KFIX_TRIANGLE(z->n[0]), trace < 0 ? -sqrt(whole) : sqrt(whole), u);
  kfix_kron_scale(KFIX_TRIANGLE(z->n[1]), trace < 0 ? -sqrt(whole) : sqrt(whole), v);
  return whole;
}

void kfix_kron_operator_random(const kfix_kron_operator *z, int side, uint32_t number,
                               kfix_real *out) {
  const kfix_draw_key key = {0, KFIX_DRAW_PROBE, 0, 0};
  kfix_fill_uniform(&key, number, KFIX_TRIANGLE(z->n[side]), 1, out);
  (void)kfix_kron_operator_normalise(z, side, out);
}

kfix_status kfix_kron_operator_start(const kfix_device *d, const kfix_kron_operator *z,
                                     uint32_t number, kfix_real *out, kfix_real *scratch) {
  const int side = KFIX_KRON_RIGHT;
  const size_t count = KFIX_TRIANGLE(z->n[side]);
  const kfix_real each = (kfix_real)(z->weight / z->scale[side]);
  if (!d->port->is_host) return KFIX_PORT;
  KFIX_TRY(d->port->fill(d, 1, count, 0, out, count));
  if (number > 0) kfix_kron_operator_random(z, side, number, out);
  KFIX_TRY(d->port->fill(d, 1, z->rows, each, scratch, z->rows));
  KFIX_TRY(kfix_kron_sum(d, z->rows, z->n[side], scratch, z->at[side], z->ld[side], out,
                         scratch + KFIX_LD(z->rows)));
  KFIX_TRY(check_finite(z->n[side], out));
  (void)kfix_kron_operator_normalise(z, side, out);
  return KFIX_OK;
}
