/* SPDX-License-Identifier: Apache-2.0
 * Items of F_R u and of a root of F_R, row by row (few outputs). */
#ifndef KFIX_GPU_ITEMS_JACOBIAN_H
#define KFIX_GPU_ITEMS_JACOBIAN_H

#include "items_predictions.h"

/* out = p_j (u_j - p . u). out may be u. */
typedef struct kfix_class_times_args {
  size_t cols;
  kfix_in z, u;
  kfix_out out;
} kfix_class_times_args;

KFIX_INLINE void kfix_class_times_item(const kfix_class_times_args *t, size_t r) {
  const kfix_real *z = t->z.at + r * t->z.ld, *u = t->u.at + r * t->u.ld;
  kfix_real *out = t->out.at + r * t->out.ld;
  const size_t best = kfix_row_argmax(t->cols, z);
  const double top = (double)u[best], total = 1 + kfix_row_odds(t->cols, z, best);
  double lane[KFIX_LANES_IN_SUM];
  for (size_t l = 0; l < KFIX_LANES_IN_SUM; l++) lane[l] = 0;
  for (size_t j = 0; j < t->cols; j++)
    lane[j % KFIX_LANES_IN_SUM] += (double)kfix_odds_but_top(z, j, best) * ((double)u[j] - top);
  const double mean = kfix_fold_lanes(lane) / total;
  for (size_t j = 0; j < t->cols; j++) {
    const double w = (double)kfix_odds(z[j], z[best]);
    out[j] = (kfix_real)(w * (((double)u[j] - top) - mean) / total);
  }
}

/* out = column j of the root. */
typedef struct kfix_fisher_root_args {
  size_t loss; /* kfix_loss */
  size_t cols, j;
  kfix_in z;
  kfix_out out;
} kfix_fisher_root_args;

KFIX_INLINE void kfix_class_root(size_t n, size_t j, const kfix_real *z, kfix_real *out) {
  const size_t top = kfix_row_argmax(n, z);
  const double rest = kfix_row_odds(n, z, top);
  const kfix_real total = (kfix_real)(1 + rest), root = kfix_root_of_class(z[j], z[top], rest);
  for (size_t i = 0; i < n; i++)
    out[i] = root * (kfix_odds(z[i], z[top]) / total - (i == j ? 1 : 0));
  out[top] = root * kfix_likeliest_residual(rest, top == j ? 1 : 0);
}

KFIX_INLINE void kfix_fisher_root_item(const kfix_fisher_root_args *t, size_t r) {
  const kfix_real *z = t->z.at + r * t->z.ld;
  kfix_real *out = t->out.at + r * t->out.ld;
  if (t->loss == KFIX_CATEGORICAL) {
    kfix_class_root(t->cols, t->j, z, out);
    return;
  }
  for (size_t i = 0; i < t->cols; i++) out[i] = 0;
  out[t->j] = t->loss == KFIX_MSE ? 1 : kfix_bernoulli_deviation(z[t->j]);
}

#endif
