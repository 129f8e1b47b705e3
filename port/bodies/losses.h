/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the sums over examples: loss, error, Fisher products. See split.h.
 *
 * What core/likelihood.h gives is kfix_real; sums and all other terms are taken in double. */
#ifndef KFIX_CPU_LOSSES_H
#define KFIX_CPU_LOSSES_H

#include "core/likelihood.h"
#include "port/bodies/predictions.h"
#include "port/bodies/split.h"

/* log(sum exp(z)) - y.z = log1p(rest) + (max - y.z) */
static void kfix_cpu_categorical_loss(size_t n, const kfix_real *z, const kfix_real *y,
                                      kfix_real *w, double *results) {
  size_t top;
  const double rest = kfix_cpu_odds(n, z, w, &top);
  double along;
  KFIX_CPU_ROW_SUM(along, n, j, (double)y[j] * (double)z[j]);
  results[0] = (double)kfix_log1p((kfix_real)rest) + ((double)z[top] - along);
  results[1] = top == kfix_cpu_argmax(n, y) ? 0.0 : 1.0;
}

static void kfix_cpu_bernoulli_loss(size_t n, const kfix_real *z, const kfix_real *y,
                                    double *results) {
  double loss[KFIX_LANES_IN_SUM] = {0}, error[KFIX_LANES_IN_SUM] = {0};
  KFIX_CPU_TO_LANES(n, lane, j, {
    const kfix_real e = kfix_odds_against(z[j]);
    const double off = (double)kfix_bernoulli_residual(z[j], y[j], e);
    loss[lane] += (double)kfix_bernoulli_loss(z[j], y[j], e);
    error[lane] += off * off;
  });
  results[0] = kfix_cpu_fold(loss);
  results[1] = kfix_cpu_fold(error);
}

static inline double kfix_cpu_square_of_difference(kfix_real x, kfix_real y) {
  const double e = (double)x - (double)y;
  return e * e;
}

static void kfix_cpu_loss_row(const void *args, size_t r, double *results) {
  const kfix_cpu_targets_args *t = args;
  const kfix_real *z = t->z + r * t->ldz, *y = t->y + r * t->ldy;
  if (t->loss == KFIX_CATEGORICAL) {
    kfix_cpu_categorical_loss(t->cols, z, y, t->out + r * t->ldo, results);
  } else if (t->loss == KFIX_BERNOULLI) {
    kfix_cpu_bernoulli_loss(t->cols, z, y, results);
  } else {
    KFIX_CPU_ROW_SUM(results[1], t->cols, j, kfix_cpu_square_of_difference(z[j], y[j]));
    results[0] = 0.5 * results[1];
  }
}

static kfix_status kfix_cpu_loss(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                                 const kfix_real *z, size_t ldz, const kfix_real *y, size_t ldy,
                                 kfix_real *w, size_t ldw, kfix_row_blocks blocks, double *out) {
  const kfix_cpu_targets_args t = {loss, cols, z, ldz, y, ldy, w, ldw};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols == 0) return KFIX_OK;
  return kfix_cpu_reduce_rows(d, rows, 16 * cols, 2, kfix_cpu_loss_row, &t, blocks, out);
}

typedef struct kfix_cpu_fisher_args {
  kfix_loss loss;
  size_t cols;
  const kfix_real *z;
  size_t ldz;
  const kfix_real *u;
  size_t ldu;
  const kfix_real *v;
  size_t ldv;
  kfix_real *w;
  size_t ldw;
} kfix_cpu_fisher_args;

/* F_R of one row: weights w, which are 1 (mse), p (1 - p) of each output (Bernoulli) or the odds of
 * each class (categorical); the likeliest class and the sum of the odds. */
typedef struct kfix_cpu_spread {
  kfix_loss loss;
  size_t n, top;
  double rest;
  const kfix_real *w;
} kfix_cpu_spread;

static kfix_cpu_spread kfix_cpu_spread_of(kfix_loss loss, size_t n, const kfix_real *z,
                                          kfix_real *w) {
  kfix_cpu_spread s = {loss, n, 0, 0, w};
  if (loss == KFIX_CATEGORICAL) s.rest = kfix_cpu_odds(n, z, w, &s.top);
  for (size_t j = 0; loss == KFIX_BERNOULLI && j < n; j++)
    w[j] = kfix_bernoulli_variance(kfix_odds_against(z[j]));
  for (size_t j = 0; loss == KFIX_MSE && j < n; j++) w[j] = 1;
  return s;
}

/* x less its mean over the classes. The mean is taken from x of the likeliest class on: it is small
 * where that class is all but certain, and then nothing cancels. Other losses: x itself. */
typedef struct kfix_cpu_centred {
  const kfix_real *x;
  double top, mean;
} kfix_cpu_centred;

static kfix_cpu_centred kfix_cpu_centre(const kfix_cpu_spread *s, const kfix_real *x) {
  kfix_cpu_centred c = {x, 0, 0};
  if (s->loss != KFIX_CATEGORICAL) return c;
  double sum;
  c.top = (double)x[s->top];
  KFIX_CPU_ROW_SUM(sum, s->n, j, (double)s->w[j] * ((double)x[j] - c.top));
  c.mean = sum / (1 + s->rest);
  return c;
}

/* u^T F_R v. The likeliest class has the weight 1 in the sum, where it differs from the mean by the
 * mean. */
static double kfix_cpu_fisher_product(const kfix_cpu_spread *s, kfix_cpu_centred u,
                                      kfix_cpu_centred v) {
  double sum;
  KFIX_CPU_ROW_SUM(
      sum, s->n, j,
      (double)s->w[j] * (((double)u.x[j] - u.top) - u.mean) * (((double)v.x[j] - v.top) - v.mean));
  return (sum + u.mean * v.mean) / (1 + s->rest);
}

static void kfix_cpu_fisher_row(const void *args, size_t r, double *results) {
  const kfix_cpu_fisher_args *t = args;
  const kfix_cpu_spread s =
      kfix_cpu_spread_of(t->loss, t->cols, t->z + r * t->ldz, t->w + r * t->ldw);
  const kfix_cpu_centred u = kfix_cpu_centre(&s, t->u + r * t->ldu);
  results[0] = kfix_cpu_fisher_product(&s, u, u);
  if (t->v) {
    const kfix_cpu_centred v = kfix_cpu_centre(&s, t->v + r * t->ldv);
    results[1] = kfix_cpu_fisher_product(&s, u, v);
    results[2] = kfix_cpu_fisher_product(&s, v, v);
  }
}

static kfix_status kfix_cpu_fisher(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                                   const kfix_real *z, size_t ldz, const kfix_real *u, size_t ldu,
                                   const kfix_real *v, size_t ldv, kfix_real *w, size_t ldw,
                                   kfix_row_blocks blocks, double *out) {
  const kfix_cpu_fisher_args t = {loss, cols, z, ldz, u, ldu, v, ldv, w, ldw};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols == 0) return KFIX_OK;
  return kfix_cpu_reduce_rows(d, rows, 24 * cols, v ? 3 : 1, kfix_cpu_fisher_row, &t, blocks, out);
}

#endif
