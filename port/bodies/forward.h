/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the kernels that predictions need besides products. See split.h. */
#ifndef KFIX_CPU_FORWARD_H
#define KFIX_CPU_FORWARD_H

#include "core/likelihood.h"
#include "port/bodies/split.h"

typedef struct kfix_cpu_activate_args {
  kfix_activation f;
  size_t cols;
  kfix_real *a;
  size_t lda;
} kfix_cpu_activate_args;

static void kfix_cpu_activate_row(kfix_activation f, size_t n, kfix_real *a) {
  switch (f) {
    case KFIX_RELU:
      for (size_t j = 0; j < n; j++) a[j] = a[j] < 0 ? 0 : a[j];
      break;
    case KFIX_SIGMOID:
      for (size_t j = 0; j < n; j++) a[j] = kfix_sigmoid(a[j]);
      break;
    case KFIX_TANH:
      for (size_t j = 0; j < n; j++) a[j] = kfix_tanh(a[j]);
      break;
    default:
      break;
  }
}

static void kfix_cpu_activate_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_activate_args *t = args;
  for (size_t r = begin; r < end; r++) kfix_cpu_activate_row(t->f, t->cols, t->a + r * t->lda);
}

static kfix_status kfix_cpu_activate(const kfix_device *d, kfix_activation f, size_t rows,
                                     size_t cols, kfix_real *a, size_t lda) {
  const kfix_cpu_activate_args t = {f, cols, a, lda};
  if (f >= KFIX_SOFTMAX) return KFIX_PORT;
  if (f != KFIX_LINEAR) kfix_cpu_split(d, rows, 16 * cols, kfix_cpu_activate_range, &t);
  return KFIX_OK;
}

typedef struct kfix_cpu_predict_args {
  kfix_loss loss;
  size_t cols;
  const kfix_real *z;
  size_t ldz;
  kfix_real *p;
  size_t ldp;
} kfix_cpu_predict_args;

/* The first place of the largest. A NaN that is passed over comes back through the odds. */
static inline size_t kfix_cpu_argmax(size_t n, const kfix_real *x) {
  size_t best = 0;
  for (size_t j = 1; j < n; j++) best = x[j] > x[best] ? j : best;
  return best;
}

/* e = the odds of each class against the likeliest one, *top, whose place gets 0, or NaN where its
 * logit is not finite; returns their sum. e may be z. */
static double kfix_cpu_odds(size_t n, const kfix_real *z, kfix_real *e, size_t *top) {
  const size_t best = kfix_cpu_argmax(n, z);
  const kfix_real most = z[best];
  double rest;
  for (size_t j = 0; j < n; j++) e[j] = kfix_odds(z[j], most);
  e[best] -= 1;
  KFIX_CPU_ROW_SUM(rest, n, j, (double)e[j]);
  *top = best;
  return rest;
}

static void kfix_cpu_softmax_row(size_t n, const kfix_real *z, kfix_real *p) {
  size_t top;
  const kfix_real total = (kfix_real)(1 + kfix_cpu_odds(n, z, p, &top));
  p[top] = 1;
  for (size_t j = 0; j < n; j++) p[j] = p[j] / total;
}

static void kfix_cpu_predict_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_predict_args *t = args;
  for (size_t r = begin; r < end; r++) {
    const kfix_real *z = t->z + r * t->ldz;
    kfix_real *p = t->p + r * t->ldp;
    if (t->loss == KFIX_CATEGORICAL)
      kfix_cpu_softmax_row(t->cols, z, p);
    else if (t->loss == KFIX_BERNOULLI)
      for (size_t j = 0; j < t->cols; j++) p[j] = kfix_sigmoid(z[j]);
    else
      for (size_t j = 0; j < t->cols; j++) p[j] = z[j];
  }
}

static kfix_status kfix_cpu_predict(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                                    const kfix_real *z, size_t ldz, kfix_real *p, size_t ldp) {
  const kfix_cpu_predict_args t = {loss, cols, z, ldz, p, ldp};
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols > 0) kfix_cpu_split(d, rows, 16 * cols, kfix_cpu_predict_range, &t);
  return KFIX_OK;
}

typedef struct kfix_cpu_matrix_args {
  size_t cols;
  const kfix_real *x;
  size_t ldx;
  kfix_real *out;
  size_t ldo;
  kfix_real value;
} kfix_cpu_matrix_args;

/* How many are NaN or infinite: x - x is 0 for finite x, NaN otherwise. Mostly there are none, which
 * is seen at a glance. */
static double kfix_cpu_count_nonfinite(size_t n, const kfix_real *x) {
  kfix_real lane[2 * KFIX_LANES_IN_SUM] = {0}, any = 0;
  const size_t lanes = sizeof lane / sizeof *lane, whole = n - n % lanes;
  double count = 0;
  for (size_t base = 0; base < whole; base += lanes)
    for (size_t i = 0; i < lanes; i++) lane[i] += x[base + i] - x[base + i];
  for (size_t i = 0; i < lanes; i++) any += lane[i];
  for (size_t j = whole; j < n; j++) any += x[j] - x[j];
  if (any == 0) return 0;
  for (size_t j = 0; j < n; j++) count += x[j] - x[j] == 0 ? 0.0 : 1.0;
  return count;
}

static void kfix_cpu_nonfinite_row(const void *args, size_t r, double *result) {
  const kfix_cpu_matrix_args *t = args;
  *result = kfix_cpu_count_nonfinite(t->cols, t->x + r * t->ldx);
}

static kfix_status kfix_cpu_nonfinite(const kfix_device *d, size_t rows, size_t cols,
                                      const kfix_real *x, size_t ldx, double *out) {
  /* A count does not depend on the order: a long vector is cut up for threads. */
  const int cut = rows == 1 && cols > KFIX_SUM_BLOCK;
  const size_t whole = cut ? cols / KFIX_SUM_BLOCK : 0, done = whole * KFIX_SUM_BLOCK;
  const kfix_cpu_matrix_args t = {KFIX_SUM_BLOCK, x, KFIX_SUM_BLOCK, NULL, 0, 0};
  const kfix_cpu_matrix_args rest = {cols - done, x + done, ldx, NULL, 0, 0};
  KFIX_TRY(kfix_cpu_reduce(d, whole, KFIX_SUM_BLOCK, 1, kfix_cpu_nonfinite_row, &t, out));
  return kfix_cpu_reduce(d, rows, cols - done, 1, kfix_cpu_nonfinite_row, &rest, out);
}

static void kfix_cpu_fill_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_matrix_args t = *(const kfix_cpu_matrix_args *)args;
  for (size_t r = begin; r < end; r++)
    for (size_t j = 0; j < t.cols; j++) t.out[r * t.ldo + j] = t.value;
}

static kfix_status kfix_cpu_fill(const kfix_device *d, size_t rows, size_t cols, kfix_real value,
                                 kfix_real *x, size_t ldx) {
  const kfix_cpu_matrix_args t = {cols, NULL, 0, x, ldx, value};
  kfix_cpu_split(d, rows, cols, kfix_cpu_fill_range, &t);
  return KFIX_OK;
}

typedef struct kfix_cpu_elements_args {
  size_t cols;
  const kfix_real *x;
  size_t ldx;
  const kfix_real *y;
  size_t ldy;
  kfix_real shift;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_elements_args;

/* Residual sums alone use it. Where code bytes are dear and no kind of KFIX_KINDS (lib/net/kinds.h) is
 * one, -DKFIX_WITHOUT_ADD leaves it out. */
#ifdef KFIX_WITHOUT_ADD
#define kfix_cpu_add NULL
#else
static void kfix_cpu_add_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_elements_args t = *(const kfix_cpu_elements_args *)args;
  for (size_t r = begin; r < end; r++) {
    const kfix_real *x = t.x + r * t.ldx, *y = t.y + r * t.ldy;
    kfix_real *out = t.out + r * t.ldo;
    for (size_t j = 0; j < t.cols; j++) out[j] = x[j] + y[j];
  }
}

static kfix_status kfix_cpu_add(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                                size_t ldx, const kfix_real *y, size_t ldy, kfix_real *out,
                                size_t ldo) {
  const kfix_cpu_elements_args t = {cols, x, ldx, y, ldy, 0, out, ldo};
  kfix_cpu_split(d, rows, cols, kfix_cpu_add_range, &t);
  return KFIX_OK;
}
#endif

#endif
