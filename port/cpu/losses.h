/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the sums over examples: loss, error, Fisher products. See split.h.
 *
 * Sums and differences are taken in double; softplus, exp and log, and the Bernoulli terms
 * fma(-y, z, softplus(z)) and p (1 - p) = fma(-p, p, p), in kfix_real. */
#ifndef KFIX_CPU_LOSSES_H
#define KFIX_CPU_LOSSES_H

#include "core/elementary.h"
#include "port/cpu/predictions.h"
#include "port/cpu/split.h"

typedef struct kfix_cpu_loss_args {
  kfix_loss loss;
  size_t cols;
  const kfix_real *z;
  size_t ldz;
  const kfix_real *p;
  size_t ldp;
  const kfix_real *y;
  size_t ldy;
} kfix_cpu_loss_args;

static inline double kfix_cpu_square_of_difference(kfix_real x, kfix_real y) {
  const double e = (double)x - (double)y;
  return e * e;
}

static double kfix_cpu_distance(size_t n, const kfix_real *x, const kfix_real *y) {
  double sum;
  KFIX_CPU_ROW_SUM(sum, n, j, kfix_cpu_square_of_difference(x[j], y[j]));
  return sum;
}

/* log(sum exp(z - max)) + max - y.z */
static double kfix_cpu_cross_entropy(size_t n, const kfix_real *z, const kfix_real *y) {
  const kfix_real max = kfix_cpu_max(n, z);
  double sum, along;
  KFIX_CPU_ROW_SUM(sum, n, j, (double)kfix_exp(z[j] - max));
  KFIX_CPU_ROW_SUM(along, n, j, (double)y[j] * (double)z[j]);
  return ((double)max + (double)kfix_log((kfix_real)sum)) - along;
}

static double kfix_cpu_bernoulli_loss(size_t n, const kfix_real *z, const kfix_real *y) {
  double sum;
  KFIX_CPU_ROW_SUM(sum, n, j, (double)kfix_fma(-y[j], z[j], kfix_softplus(z[j])));
  return sum;
}

static inline size_t kfix_cpu_argmax(size_t n, const kfix_real *x) {
  size_t best = 0;
  for (size_t j = 1; j < n; j++) best = x[j] > x[best] ? j : best;
  return best;
}

static void kfix_cpu_loss_row(const void *args, size_t r, double *results) {
  const kfix_cpu_loss_args *t = args;
  const kfix_real *z = t->z + r * t->ldz, *p = t->p + r * t->ldp, *y = t->y + r * t->ldy;
  const size_t n = t->cols;
  if (t->loss == KFIX_CATEGORICAL) {
    results[0] = kfix_cpu_cross_entropy(n, z, y);
    results[1] = kfix_cpu_argmax(n, p) == kfix_cpu_argmax(n, y) ? 0.0 : 1.0;
  } else {
    results[0] = t->loss == KFIX_BERNOULLI ? kfix_cpu_bernoulli_loss(n, z, y)
                                           : 0.5 * kfix_cpu_distance(n, y, z);
    results[1] = kfix_cpu_distance(n, p, y);
  }
}

static kfix_status kfix_cpu_loss(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                                 const kfix_real *z, size_t ldz, const kfix_real *p, size_t ldp,
                                 const kfix_real *y, size_t ldy, double *out) {
  const kfix_cpu_loss_args t = {loss, cols, z, ldz, p, ldp, y, ldy};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols == 0) return KFIX_OK;
  return kfix_cpu_reduce(d, rows, 16 * cols, 2, kfix_cpu_loss_row, &t, out);
}

typedef struct kfix_cpu_fisher_args {
  kfix_loss loss;
  size_t cols;
  const kfix_real *p;
  size_t ldp;
  const kfix_real *u;
  size_t ldu;
  const kfix_real *v;
  size_t ldv;
} kfix_cpu_fisher_args;

static double kfix_cpu_dot_row(size_t n, const kfix_real *u, const kfix_real *v) {
  double sum;
  KFIX_CPU_ROW_SUM(sum, n, j, (double)u[j] * (double)v[j]);
  return sum;
}

/* u^T F_R v of one example */
static double kfix_cpu_fisher_product(kfix_loss loss, size_t n, const kfix_real *p,
                                      const kfix_real *u, const kfix_real *v) {
  double sum;
  if (loss == KFIX_MSE) return kfix_cpu_dot_row(n, u, v);
  if (loss == KFIX_BERNOULLI) {
    KFIX_CPU_ROW_SUM(sum, n, j, (double)kfix_fma(-p[j], p[j], p[j]) * (double)u[j] * (double)v[j]);
    return sum;
  }
  KFIX_CPU_ROW_SUM(sum, n, j, (double)p[j] * (double)u[j] * (double)v[j]);
  return sum - kfix_cpu_dot_row(n, p, u) * kfix_cpu_dot_row(n, p, v);
}

static void kfix_cpu_fisher_row(const void *args, size_t r, double *results) {
  const kfix_cpu_fisher_args *t = args;
  const kfix_real *p = t->p + r * t->ldp, *u = t->u + r * t->ldu;
  results[0] = kfix_cpu_fisher_product(t->loss, t->cols, p, u, u);
  if (t->v) {
    const kfix_real *v = t->v + r * t->ldv;
    results[1] = kfix_cpu_fisher_product(t->loss, t->cols, p, u, v);
    results[2] = kfix_cpu_fisher_product(t->loss, t->cols, p, v, v);
  }
}

static kfix_status kfix_cpu_fisher(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                                   const kfix_real *p, size_t ldp, const kfix_real *u, size_t ldu,
                                   const kfix_real *v, size_t ldv, double *out) {
  const kfix_cpu_fisher_args t = {loss, cols, p, ldp, u, ldu, v, ldv};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  return kfix_cpu_reduce(d, rows, 12 * cols, v ? 3 : 1, kfix_cpu_fisher_row, &t, out);
}

#endif
