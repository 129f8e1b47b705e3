/* SPDX-License-Identifier: Apache-2.0
 * Items of predictive distributions: softmax and the categorical losses row by row (few outputs),
 * samples draw by draw. */
#ifndef KFIX_GPU_ITEMS_PREDICTIONS_H
#define KFIX_GPU_ITEMS_PREDICTIONS_H

#include "core/random.h"
#include "items_sums.h"

KFIX_INLINE kfix_real kfix_row_max(size_t n, const kfix_real *x) {
  kfix_real m = x[0];
  for (size_t j = 1; j < n; j++) m = x[j] > m ? x[j] : m;
  return m;
}

KFIX_INLINE size_t kfix_row_argmax(size_t n, const kfix_real *x) {
  size_t best = 0;
  for (size_t j = 1; j < n; j++) best = x[j] > x[best] ? j : best;
  return best;
}

/* A whole row sum by one item. */
KFIX_INLINE double kfix_row_sum(kfix_sum_of of, size_t n, const kfix_real *x, const kfix_real *y,
                                const kfix_real *p) {
  double lane[KFIX_LANES_IN_SUM];
  for (size_t l = 0; l < KFIX_LANES_IN_SUM; l++) lane[l] = 0;
  for (size_t j = 0; j < n; j++) lane[j % KFIX_LANES_IN_SUM] += kfix_sum_element(of, x, y, p, j);
  return kfix_fold_lanes(lane);
}

KFIX_INLINE double kfix_row_sum_exp(size_t n, const kfix_real *z, kfix_real max) {
  double lane[KFIX_LANES_IN_SUM];
  for (size_t l = 0; l < KFIX_LANES_IN_SUM; l++) lane[l] = 0;
  for (size_t j = 0; j < n; j++) lane[j % KFIX_LANES_IN_SUM] += (double)kfix_exp(z[j] - max);
  return kfix_fold_lanes(lane);
}

typedef struct kfix_softmax_args {
  size_t cols;
  kfix_in z;
  kfix_out p;
} kfix_softmax_args;

KFIX_INLINE void kfix_softmax_item(const kfix_softmax_args *t, size_t r) {
  const kfix_real *z = t->z.at + r * t->z.ld;
  kfix_real *p = t->p.at + r * t->p.ld;
  const kfix_real max = kfix_row_max(t->cols, z);
  const kfix_real total = (kfix_real)kfix_row_sum_exp(t->cols, z, max);
  for (size_t j = 0; j < t->cols; j++) p[j] = kfix_exp(z[j] - max) / total;
}

/* result[2 r] = cross entropy of row r, result[2 r + 1] = 1 if its class is wrong. */
typedef struct kfix_categorical_args {
  size_t cols;
  kfix_in z, p, y;
  double *result;
} kfix_categorical_args;

KFIX_INLINE void kfix_categorical_item(const kfix_categorical_args *t, size_t r) {
  const kfix_real *z = t->z.at + r * t->z.ld, *p = t->p.at + r * t->p.ld;
  const kfix_real *y = t->y.at + r * t->y.ld, max = kfix_row_max(t->cols, z);
  const double sum = kfix_row_sum_exp(t->cols, z, max);
  const double along = kfix_row_sum(KFIX_SUM_PRODUCT, t->cols, y, z, NULL);
  t->result[2 * r] = ((double)max + (double)kfix_log((kfix_real)sum)) - along;
  t->result[2 * r + 1] = kfix_row_argmax(t->cols, p) == kfix_row_argmax(t->cols, y) ? 0.0 : 1.0;
}

/* result[r width + 0, 1, 2] = u^T F_R u, u^T F_R v, v^T F_R v; v NULL: the first alone. */
typedef struct kfix_covariance_args {
  size_t cols, width;
  kfix_in p, u, v;
  double *result;
} kfix_covariance_args;

KFIX_INLINE double kfix_covariance(size_t n, const kfix_real *p, const kfix_real *u,
                                   const kfix_real *v) {
  const double sum = kfix_row_sum(KFIX_SUM_WEIGHTED, n, u, v, p);
  return sum - kfix_row_sum(KFIX_SUM_PRODUCT, n, p, u, NULL) *
                   kfix_row_sum(KFIX_SUM_PRODUCT, n, p, v, NULL);
}

KFIX_INLINE void kfix_covariance_item(const kfix_covariance_args *t, size_t r) {
  const kfix_real *p = t->p.at + r * t->p.ld, *u = t->u.at + r * t->u.ld;
  double *result = t->result + r * t->width;
  result[0] = kfix_covariance(t->cols, p, u, u);
  if (!t->v.at) return;
  const kfix_real *v = t->v.at + r * t->v.ld;
  result[1] = kfix_covariance(t->cols, p, u, v);
  result[2] = kfix_covariance(t->cols, p, v, v);
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
  for (size_t j = 0; j < n; j++) y[j] = j == drawn ? 1 : 0;
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
    for (size_t j = 4 * d; j < 4 * d + 4 && j < t->cols; j++)
      y[j] = kfix_uniform(word[j % 4]) < p[j] ? 1 : 0;
  } else {
    for (size_t j = 2 * d; j < 2 * d + 2 && j < t->cols; j++)
      y[j] = p[j] + kfix_normal(word[2 * (j % 2)], word[2 * (j % 2) + 1]);
  }
}

#endif
