/* SPDX-License-Identifier: Apache-2.0
 * Gram matrices of rank-one atoms and of factors; weighted sums of rank-one atoms. */
#include "factor/kron_space.h"

#include <math.h>
#include <string.h>

#include "core/arithmetic.h"
#include "factor/kron_vector.h"

static double inverse(kfix_real norm) {
  return norm > 0 ? 1 / (double)norm : 0;
}

/* norm = |x_t|^2; w = 1 / |x_t|, 0 for a zero row. */
static kfix_status measure(size_t rows, size_t cols, const kfix_real *x, size_t ldx,
                           kfix_real *norm, kfix_real *w) {
  for (size_t t = 0; t < rows; t++) {
    norm[t] = (kfix_real)kfix_kron_dot(cols, x + t * ldx, x + t * ldx);
    if (!isfinite(norm[t])) return KFIX_STATISTICS_NONFINITE;
    w[t] = (kfix_real)sqrt(inverse(norm[t]));
  }
  return KFIX_OK;
}

/* Row and column of factor e: cosines with the examples, from x_t^T F x_t, and with the factors up
 * to itself. */
static kfix_status add_factor(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                              size_t ldx, size_t e, const kfix_real *const *factors,
                              kfix_real *gram, size_t ld, kfix_real *norm, kfix_real *scratch) {
  const size_t at = rows + e, ldw = KFIX_LD(cols);
  kfix_real *row = gram + at * ld;
  norm[at] = (kfix_real)sqrt(kfix_kron_dot_packed(cols, factors[e], factors[e]));
  if (!isfinite(norm[at])) return KFIX_STATISTICS_NONFINITE;
  const double here = inverse(norm[at]);
  KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_S, rows, cols, cols, 1, x, ldx, factors[e], 0, 0, scratch,
                         ldw));
  for (size_t t = 0; t < rows; t++)
    row[t] =
        (kfix_real)(kfix_kron_dot(cols, x + t * ldx, scratch + t * ldw) * here * inverse(norm[t]));
  for (size_t f = 0; f <= e; f++)
    row[rows + f] = (kfix_real)(kfix_kron_dot_packed(cols, factors[e], factors[f]) * here *
                                inverse(norm[rows + f]));
  for (size_t t = 0; t < at; t++) gram[t * ld + at] = row[t];
  return KFIX_OK;
}

kfix_status kfix_kron_gram(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                           size_t ldx, size_t more, const kfix_real *const *factors,
                           kfix_real *gram, size_t ld, kfix_real *norm, kfix_real *scratch) {
  const kfix_port *port = d->port;
  const size_t count = KFIX_TRIANGLE(rows), ldw = KFIX_LD(cols);
  kfix_real *product = scratch + KFIX_LD(count);
  if (!port->is_host) return KFIX_PORT;
  KFIX_TRY(measure(rows, cols, x, ldx, norm, gram));
  KFIX_TRY(port->scale_rows(d, rows, cols, gram, x, ldx, product, ldw));
  KFIX_TRY(port->syrk(d, KFIX_N, rows, cols, 1, product, ldw, 0, scratch, KFIX_PACKED));
  KFIX_TRY(port->multiply(d, 1, count, scratch, count, scratch, count, scratch, count));
  KFIX_TRY(port->unpack(d, rows, scratch, 0, gram, ld));
  for (size_t e = 0; e < more; e++)
    KFIX_TRY(add_factor(d, rows, cols, x, ldx, e, factors, gram, ld, norm, product));
  return KFIX_OK;
}

/* Row t of the inner products of one side, against coefficients x: sum_s cos_ts norm_s x_s, which is
 * to be multiplied by norm_t. */
static double along(size_t n, const kfix_real *cosines, const kfix_real *norm, const kfix_real *x) {
  double sum = 0;
  for (size_t s = 0; s < n; s++) sum += (double)cosines[s] * (double)norm[s] * (double)x[s];
  return sum;
}

double kfix_kron_norm2(const kfix_kron_space *s) {
  const size_t n = s->atoms;
  double plain = 0, mixed = 0, left = 0, right = 0;
  for (size_t t = 0; t < n; t++) {
    const kfix_real *a = s->left + t * s->ld, *g = s->right + t * s->ld;
    const double la = (double)s->left_norm[t], lg = (double)s->right_norm[t];
    const double w = (double)s->weights[t] * la * lg;
    double sum = 0;
    for (size_t r = 0; r < n; r++)
      sum += (double)a[r] * (double)g[r] * (double)s->left_norm[r] * (double)s->right_norm[r] *
             (double)s->weights[r];
    plain += w * sum;
    if (!s->minus) continue;
    const double x = (double)s->minus[t];
    const double ax = along(n, a, s->left_norm, s->minus),
                 gx = along(n, g, s->right_norm, s->minus);
    mixed += w * ax * gx;
    left += x * la * ax;
    right += x * lg * gx;
  }
  return plain - 2 * mixed + left * right;
}

/* NaN goes with the positive ones. */
static int has_sign(kfix_real c, double sign) {
  return sign > 0 ? !(c <= 0) : c < 0;
}

/* Rows of one sign, scaled by the roots of their coefficients and moved together; how many. */
static kfix_status gather(const kfix_device *d, size_t rows, size_t cols, const kfix_real *c,
                          double sign, const kfix_real *x, size_t ldx, kfix_real *root,
                          kfix_real *out, size_t ldo, size_t *count) {
  size_t kept = 0;
  *count = 0;
  for (size_t t = 0; t < rows; t++) {
    root[t] = (kfix_real)sqrt(fabs((double)c[t]));
    *count += (size_t)has_sign(c[t], sign);
  }
  if (*count == 0) return KFIX_OK;
  KFIX_TRY(d->port->scale_rows(d, rows, cols, root, x, ldx, out, ldo));
  for (size_t t = 0; t < rows; t++) {
    if (!has_sign(c[t], sign)) continue;
    if (kept < t) memcpy(out + kept * ldo, out + t * ldo, cols * sizeof *out);
    kept++;
  }
  return KFIX_OK;
}

kfix_status kfix_kron_sum(const kfix_device *d, size_t rows, size_t cols, const kfix_real *c,
                          const kfix_real *x, size_t ldx, kfix_real *packed, kfix_real *scratch) {
  const size_t ld = KFIX_LD(cols);
  kfix_real *root = scratch + rows * ld;
  size_t count;
  if (!d->port->is_host) return KFIX_PORT;
  for (int sign = 1; sign >= -1; sign -= 2) {
    KFIX_TRY(gather(d, rows, cols, c, sign, x, ldx, root, scratch, ld, &count));
    if (count > 0)
      KFIX_TRY(d->port->syrk(d, KFIX_T, cols, count, (kfix_real)sign, scratch, ld, 1, packed,
                             KFIX_PACKED));
  }
  return KFIX_OK;
}
