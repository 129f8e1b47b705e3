/* SPDX-License-Identifier: Apache-2.0
 * Items of predictive distributions: softmax and the categorical losses row by row (few outputs),
 * samples draw by draw. */
#ifndef KFIX_GPU_ITEMS_PREDICTIONS_H
#define KFIX_GPU_ITEMS_PREDICTIONS_H

#include "core/likelihood.h"
#include "core/random.h"
#include "items_sums.h"

KFIX_INLINE size_t kfix_row_argmax(size_t n, const kfix_real *x) {
  size_t best = 0;
  for (size_t j = 1; j < n; j++) best = x[j] > x[best] ? j : best;
  return best;
}

/* A whole row sum of products by one item. */
KFIX_INLINE double kfix_row_dot(size_t n, const kfix_real *x, const kfix_real *y) {
  double lane[KFIX_LANES_IN_SUM];
  for (size_t l = 0; l < KFIX_LANES_IN_SUM; l++) lane[l] = 0;
  for (size_t j = 0; j < n; j++) lane[j % KFIX_LANES_IN_SUM] += (double)x[j] * (double)y[j];
  return kfix_fold_lanes(lane);
}

/* The odds of a class against the likeliest one; of that one itself 0, or NaN. */
KFIX_INLINE kfix_real kfix_odds_but_top(const kfix_real *z, size_t j, size_t top) {
  return kfix_odds(z[j], z[top]) - (j == top ? 1 : 0);
}

/* Their sum. */
KFIX_INLINE double kfix_row_odds(size_t n, const kfix_real *z, size_t top) {
  double lane[KFIX_LANES_IN_SUM];
  for (size_t l = 0; l < KFIX_LANES_IN_SUM; l++) lane[l] = 0;
  for (size_t j = 0; j < n; j++)
    lane[j % KFIX_LANES_IN_SUM] += (double)kfix_odds_but_top(z, j, top);
  return kfix_fold_lanes(lane);
}

/* out = p, or p - y where there is a y. out may be z, but not y. */
typedef struct kfix_softmax_args {
  size_t cols;
  kfix_in z, y;
  kfix_out out;
} kfix_softmax_args;

KFIX_INLINE void kfix_softmax_item(const kfix_softmax_args *t, size_t r) {
  const kfix_real *z = t->z.at + r * t->z.ld, *y = t->y.at ? t->y.at + r * t->y.ld : NULL;
  kfix_real *out = t->out.at + r * t->out.ld;
  const size_t top = kfix_row_argmax(t->cols, z);
  const double rest = kfix_row_odds(t->cols, z, top);
  const kfix_real most = z[top], total = (kfix_real)(1 + rest);
  for (size_t j = 0; j < t->cols; j++) out[j] = kfix_odds(z[j], most) / total - (y ? y[j] : 0);
  if (y) out[top] = kfix_likeliest_residual(rest, y[top]);
}

/* result[2 r] = cross entropy of row r, result[2 r + 1] = 1 if its class is wrong. */
typedef struct kfix_categorical_args {
  size_t cols;
  kfix_in z, y;
  double *result;
} kfix_categorical_args;

KFIX_INLINE void kfix_categorical_item(const kfix_categorical_args *t, size_t r) {
  const kfix_real *z = t->z.at + r * t->z.ld, *y = t->y.at + r * t->y.ld;
  const size_t top = kfix_row_argmax(t->cols, z);
  const double rest = kfix_row_odds(t->cols, z, top);
  const double along = kfix_row_dot(t->cols, y, z);
  t->result[2 * r] = (double)kfix_log1p((kfix_real)rest) + ((double)z[top] - along);
  t->result[2 * r + 1] = top == kfix_row_argmax(t->cols, y) ? 0.0 : 1.0;
}

/* result[r width + 0, 1, 2] = u^T F_R u, u^T F_R v, v^T F_R v; v NULL: the first alone. w: odds. */
typedef struct kfix_covariance_args {
  size_t cols, width;
  kfix_in z, u, v;
  kfix_out w;
  double *result;
} kfix_covariance_args;

/* One row of classes: odds, the likeliest class, the sum of the odds. */
typedef struct kfix_classes {
  size_t n, top;
  double rest;
  const kfix_real *w;
} kfix_classes;

/* The mean of x less its entry of the likeliest class. */
KFIX_INLINE double kfix_mean_from_top(const kfix_classes *c, const kfix_real *x) {
  double lane[KFIX_LANES_IN_SUM];
  for (size_t l = 0; l < KFIX_LANES_IN_SUM; l++) lane[l] = 0;
  for (size_t j = 0; j < c->n; j++)
    lane[j % KFIX_LANES_IN_SUM] += (double)c->w[j] * ((double)x[j] - (double)x[c->top]);
  return kfix_fold_lanes(lane) / (1 + c->rest);
}

KFIX_INLINE double kfix_covariance(const kfix_classes *c, const kfix_real *u, double u_mean,
                                   const kfix_real *v, double v_mean) {
  const double u_top = (double)u[c->top], v_top = (double)v[c->top];
  double lane[KFIX_LANES_IN_SUM];
  for (size_t l = 0; l < KFIX_LANES_IN_SUM; l++) lane[l] = 0;
  for (size_t j = 0; j < c->n; j++)
    lane[j % KFIX_LANES_IN_SUM] +=
        (double)c->w[j] * (((double)u[j] - u_top) - u_mean) * (((double)v[j] - v_top) - v_mean);
  return (kfix_fold_lanes(lane) + u_mean * v_mean) / (1 + c->rest);
}

KFIX_INLINE void kfix_covariance_item(const kfix_covariance_args *t, size_t r) {
  const kfix_real *z = t->z.at + r * t->z.ld, *u = t->u.at + r * t->u.ld;
  const size_t top = kfix_row_argmax(t->cols, z);
  kfix_real *w = t->w.at + r * t->w.ld;
  double *result = t->result + r * t->width;
  for (size_t j = 0; j < t->cols; j++) w[j] = kfix_odds_but_top(z, j, top);
  const kfix_classes c = {t->cols, top, kfix_row_odds(t->cols, z, top), w};
  const double u_mean = kfix_mean_from_top(&c, u);
  result[0] = kfix_covariance(&c, u, u_mean, u, u_mean);
  if (!t->v.at) return;
  const kfix_real *v = t->v.at + r * t->v.ld;
  const double v_mean = kfix_mean_from_top(&c, v);
  result[1] = kfix_covariance(&c, u, u_mean, v, v_mean);
  result[2] = kfix_covariance(&c, v, v_mean, v, v_mean);
}

/* Samples. An item is a draw: 4 outputs (bernoulli), 2 (mse), a row (categorical). */
typedef struct kfix_sample_args {
  size_t loss; /* kfix_loss */
  kfix_draw_key key;
  size_t first, cols;
  kfix_in p;
  kfix_out y;
} kfix_sample_args;

KFIX_INLINE size_t kfix_draws_in_row(kfix_loss loss, size_t cols) {
  if (loss == KFIX_CATEGORICAL) return 1;
  return loss == KFIX_BERNOULLI ? (cols + 3) / 4 : (cols + 1) / 2;
}

KFIX_INLINE void kfix_sample_class(size_t n, kfix_real u, const kfix_real *p, kfix_real *y) {
  kfix_real sum = p[0];
  size_t drawn = 0;
  while (drawn + 1 < n && !(u < sum)) sum += p[++drawn];
  const kfix_real one = 1 + 0 * sum;
  for (size_t j = 0; j < n; j++) y[j] = j == drawn ? one : 0;
}

KFIX_INLINE void kfix_sample_item(const kfix_sample_args *t, size_t i) {
  const kfix_loss loss = (kfix_loss)t->loss;
  const size_t draws = kfix_draws_in_row(loss, t->cols), r = i / draws, d = i % draws;
  const kfix_real *p = t->p.at + r * t->p.ld;
  kfix_real *y = t->y.at + r * t->y.ld;
  uint32_t word[4];
  kfix_draw(&t->key, (uint32_t)d, (uint32_t)(t->first + r), word);
  if (loss == KFIX_CATEGORICAL) {
    kfix_sample_class(t->cols, kfix_uniform(word[0]), p, y);
  } else if (loss == KFIX_BERNOULLI) {
    for (size_t j = 4 * d; j < 4 * d + 4 && j < t->cols; j++) {
      const kfix_real mean = p[j];
      y[j] = (kfix_uniform(word[j % 4]) < mean ? 1 : 0) + 0 * mean;
    }
  } else {
    for (size_t j = 2 * d; j < 2 * d + 2 && j < t->cols; j++)
      y[j] = p[j] + kfix_normal(word[2 * (j % 2)], word[2 * (j % 2) + 1]);
  }
}

#endif
