/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the kernels of products with the net's Jacobian: F_R u and columns of a root of F_R,
 * row by row; scalar products of rows. See split.h.
 *
 * Where code bytes are dear and nothing of the build calls them, -DKFIX_WITHOUT_JACOBIAN leaves them
 * out. */
#ifndef KFIX_CPU_JACOBIAN_H
#define KFIX_CPU_JACOBIAN_H

#ifdef KFIX_WITHOUT_JACOBIAN
#define kfix_cpu_fisher_times NULL
#define kfix_cpu_fisher_root  NULL
#define kfix_cpu_row_dots     NULL
#else
#include "core/likelihood.h"
#include "port/bodies/forward.h"
#include "port/bodies/predictions.h"

/* The odds of a class against the likeliest one; of that one itself 0, or NaN. */
static inline kfix_real kfix_cpu_odds_but_top(const kfix_real *z, size_t j, size_t top) {
  return kfix_odds(z[j], z[top]) - (j == top ? 1 : 0);
}

/* p_j (u_j - p . u). Odds are computed twice, since out may be u, and there is no other room for them. */
static void kfix_cpu_categorical_times(size_t n, const kfix_real *z, const kfix_real *u,
                                       kfix_real *out) {
  const size_t best = kfix_cpu_argmax(n, z);
  const double top = (double)u[best];
  double odds[KFIX_LANES_IN_SUM] = {0}, product[KFIX_LANES_IN_SUM] = {0};
  KFIX_CPU_TO_LANES(n, lane, j, {
    const double w = (double)kfix_cpu_odds_but_top(z, j, best);
    odds[lane] += w;
    product[lane] += w * ((double)u[j] - top);
  });
  const double total = 1 + kfix_cpu_fold(odds), mean = kfix_cpu_fold(product) / total;
  for (size_t j = 0; j < n; j++) {
    const double w = (double)kfix_odds(z[j], z[best]);
    out[j] = (kfix_real)(w * (((double)u[j] - top) - mean) / total);
  }
}

static void kfix_cpu_fisher_times_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_targets_args t = *(const kfix_cpu_targets_args *)args;
  for (size_t r = begin; r < end; r++) {
    const kfix_real *z = t.z + r * t.ldz, *u = t.y + r * t.ldy;
    kfix_real *out = t.out + r * t.ldo;
    if (t.loss == KFIX_CATEGORICAL)
      kfix_cpu_categorical_times(t.cols, z, u, out);
    else if (t.loss == KFIX_BERNOULLI)
      for (size_t j = 0; j < t.cols; j++)
        out[j] = kfix_bernoulli_variance(kfix_odds_against(z[j])) * u[j];
    else
      for (size_t j = 0; j < t.cols; j++) out[j] = u[j];
  }
}

static kfix_status kfix_cpu_fisher_times(const kfix_device *d, kfix_loss loss, size_t rows,
                                         size_t cols, const kfix_real *z, size_t ldz,
                                         const kfix_real *u, size_t ldu, kfix_real *out,
                                         size_t ldo) {
  const kfix_cpu_targets_args t = {loss, cols, z, ldz, u, ldu, out, ldo};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols > 0) kfix_cpu_split(d, rows, 32 * cols, kfix_cpu_fisher_times_range, &t);
  return KFIX_OK;
}

typedef struct kfix_cpu_root_args {
  kfix_loss loss;
  size_t cols, j;
  const kfix_real *z;
  size_t ldz;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_root_args;

/* sqrt(p_j) times the residual against class j. */
static void kfix_cpu_categorical_root(size_t n, size_t j, const kfix_real *z, kfix_real *out) {
  size_t top;
  const double rest = kfix_cpu_odds(n, z, out, &top);
  const kfix_real total = (kfix_real)(1 + rest), root = kfix_root_of_class(z[j], z[top], rest);
  const kfix_real at_top = kfix_likeliest_residual(rest, top == j ? 1 : 0);
  const kfix_real at_j = top == j ? at_top : out[j] / total - 1;
  for (size_t i = 0; i < n; i++) out[i] = root * (out[i] / total);
  out[top] = root * at_top;
  out[j] = root * at_j;
}

static void kfix_cpu_fisher_root_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_root_args t = *(const kfix_cpu_root_args *)args;
  for (size_t r = begin; r < end; r++) {
    const kfix_real *z = t.z + r * t.ldz;
    kfix_real *out = t.out + r * t.ldo;
    if (t.loss == KFIX_CATEGORICAL) {
      kfix_cpu_categorical_root(t.cols, t.j, z, out);
    } else {
      for (size_t i = 0; i < t.cols; i++) out[i] = 0;
      out[t.j] = t.loss == KFIX_MSE ? 1 : kfix_bernoulli_deviation(z[t.j]);
    }
  }
}

static kfix_status kfix_cpu_fisher_root(const kfix_device *d, kfix_loss loss, size_t rows,
                                        size_t cols, size_t j, const kfix_real *z, size_t ldz,
                                        kfix_real *out, size_t ldo) {
  const kfix_cpu_root_args t = {loss, cols, j, z, ldz, out, ldo};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (j < cols) kfix_cpu_split(d, rows, 16 * cols, kfix_cpu_fisher_root_range, &t);
  return KFIX_OK;
}

typedef struct kfix_cpu_row_dots_args {
  size_t cols;
  const kfix_real *x;
  size_t ldx;
  const kfix_real *y;
  size_t ldy;
  kfix_real beta;
  kfix_real *out;
  size_t inc;
} kfix_cpu_row_dots_args;

static void kfix_cpu_row_dots_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_row_dots_args t = *(const kfix_cpu_row_dots_args *)args;
  for (size_t r = begin; r < end; r++) {
    const kfix_real *x = t.x + r * t.ldx, *y = t.y + r * t.ldy;
    double sum;
    KFIX_CPU_ROW_SUM(sum, t.cols, j, (double)x[j] * (double)y[j]);
    t.out[r * t.inc] = t.beta == 0 ? (kfix_real)sum : t.out[r * t.inc] + (kfix_real)sum;
  }
}

static kfix_status kfix_cpu_row_dots(const kfix_device *d, size_t rows, size_t cols,
                                     const kfix_real *x, size_t ldx, const kfix_real *y, size_t ldy,
                                     kfix_real beta, kfix_real *out, size_t inc) {
  const kfix_cpu_row_dots_args t = {cols, x, ldx, y, ldy, beta, out, inc};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  kfix_cpu_split(d, rows, 2 * cols, kfix_cpu_row_dots_range, &t);
  return KFIX_OK;
}
#endif

#endif
