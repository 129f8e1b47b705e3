/* SPDX-License-Identifier: Apache-2.0
 * Products and inverses of dense matrices. */
#include "dense_matrix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double *dense_zeros(size_t count, tool_error *err) {
  double *out = calloc(count, sizeof *out);
  if (out == NULL) (void)tool_fail(err, "no memory for %zu numbers", count);
  return out;
}

static void add(size_t n, double factor, const double *restrict x, double *restrict y) {
  for (size_t i = 0; i < n; i++) y[i] += factor * x[i];
}

void dense_multiply(double alpha, dense_block a, int transposed, dense_block b, dense_block c) {
  const size_t inner = transposed ? a.rows : a.cols;
  for (size_t i = 0; i < c.rows; i++)
    for (size_t k = 0; k < inner; k++) {
      const double factor = transposed ? a.at[k * a.ld + i] : a.at[i * a.ld + k];
      if (factor != 0) add(c.cols, alpha * factor, b.at + k * b.ld, c.at + i * c.ld);
    }
}

/* Lower triangle of l becomes Cholesky's factor; the rest is zero. */
static int factorise(size_t n, double *l, tool_error *err) {
  for (size_t k = 0; k < n; k++) {
    double *pivot = l + k * n;
    if (!(pivot[k] > 0))
      return tool_fail(err, "a damped matrix is not positive definite at row %zu", k + 1);
    const double scale = 1 / sqrt(pivot[k]);
    for (size_t j = k; j < n; j++) pivot[j] *= scale; /* row k of L^T */
    for (size_t i = k + 1; i < n; i++) add(n - i, -pivot[i], pivot + i, l + i * n + i);
  }
  return 0;
}

/* a = R^T R with R in the upper triangle; then R^-1, then R^-1 R^-T, each by rows. */
int dense_inverse(size_t n, const double *a, double *out, tool_error *err) {
  double *r = dense_zeros(n * n, err), *s = dense_zeros(n * n, err);
  int result = -1;
  if (r != NULL && s != NULL) {
    memcpy(r, a, n * n * sizeof *r);
    result = factorise(n, r, err);
  }
  for (size_t i = n; i-- > 0 && result == 0;) {
    double *row = s + i * n;
    for (size_t k = i + 1; k < n; k++) add(n - k, -r[i * n + k], s + k * n + k, row + k);
    for (size_t j = i + 1; j < n; j++) row[j] /= r[i * n + i];
    row[i] = 1 / r[i * n + i];
  }
  for (size_t i = 0; i < n && result == 0; i++)
    for (size_t j = 0; j <= i; j++) {
      double sum = 0;
      for (size_t k = i; k < n; k++) sum += s[i * n + k] * s[j * n + k];
      out[i * n + j] = out[j * n + i] = sum;
    }
  free(r);
  free(s);
  return result;
}
