/* SPDX-License-Identifier: Apache-2.0
 * (F + lambda I)^-1 v by a Cholesky factorization in the smaller of two spaces. */
#include "block_natural.h"

#include <math.h>
#include <stdlib.h>

#include "block_error.h"
#include "symmetric_values.h"

/* g_t^T V abar_t */
static double along(const block_rows *f, const kfix_real *v, size_t t) {
  const kfix_real *a = f->abar + t * f->in, *g = f->g + t * f->out;
  double sum = 0;
  for (size_t i = 0; i < f->out; i++) {
    double row = 0;
    for (size_t j = 0; j < f->in; j++) row += (double)v[i * f->in + j] * (double)a[j];
    sum += (double)g[i] * row;
  }
  return sum;
}

/* zeta -= c g_t abar_t^T */
static void subtract(const block_rows *f, double c, size_t t, double *zeta) {
  const kfix_real *a = f->abar + t * f->in, *g = f->g + t * f->out;
  for (size_t i = 0; i < f->out; i++) {
    const double factor = c * (double)g[i];
    for (size_t j = 0; j < f->in; j++) zeta[i * f->in + j] -= factor * (double)a[j];
  }
}

static int by_examples(const block_rows *f, double lambda, const kfix_real *v, double *zeta,
                       double *k, double *c) {
  const size_t m = f->rows, n = f->in * f->out;
  block_gram(f, k);
  for (size_t t = 0; t < m; t++) {
    k[t * m + t] += (double)m * lambda;
    c[t] = along(f, v, t);
  }
  if (!(lambda > 0) || cholesky_solve(m, k, c) != 0) return -1;
  for (size_t i = 0; i < n; i++) zeta[i] = (double)v[i];
  for (size_t t = 0; t < m; t++) subtract(f, c[t], t, zeta);
  for (size_t i = 0; i < n; i++) zeta[i] /= lambda;
  return 0;
}

/* v as F orders it: element i out + j belongs to abar_i and g_j. */
static int by_parameters(const block_rows *f, double lambda, const kfix_real *v, double *zeta,
                         double *dense, double *x) {
  const size_t n = f->in * f->out;
  block_dense(f, dense);
  for (size_t i = 0; i < n; i++) {
    dense[i * n + i] += lambda;
    x[i] = (double)v[i % f->out * f->in + i / f->out];
  }
  if (cholesky_solve(n, dense, x) != 0) return -1;
  for (size_t i = 0; i < n; i++) zeta[i % f->out * f->in + i / f->out] = x[i];
  return 0;
}

int block_natural_gradient(const block_rows *f, double lambda, const kfix_real *v, double *zeta,
                           tool_error *err) {
  const size_t n = f->in * f->out, order = f->rows < n ? f->rows : n;
  int solved = -1;
  if (order <= BLOCK_ORDER_MAX) {
    double *matrix = malloc(order * (order + 1) * sizeof *matrix);
    if (matrix == NULL) return tool_fail(err, "no memory for a matrix of order %zu", order);
    double *vector = matrix + order * order;
    solved = f->rows < n ? by_examples(f, lambda, v, zeta, matrix, vector)
                         : by_parameters(f, lambda, v, zeta, matrix, vector);
    free(matrix);
  }
  for (size_t i = 0; i < n && solved != 0; i++) zeta[i] = NAN;
  return 0;
}

double block_distance(size_t n, const kfix_real *u, const double *zeta) {
  double difference = 0, norm = 0;
  for (size_t i = 0; i < n; i++) {
    difference += ((double)u[i] - zeta[i]) * ((double)u[i] - zeta[i]);
    norm += zeta[i] * zeta[i];
  }
  return norm > 0 ? sqrt(difference / norm) : (double)NAN;
}
