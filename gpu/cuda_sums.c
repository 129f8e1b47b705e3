/* SPDX-License-Identifier: Apache-2.0
 * Sums: lanes, rows, totals, in the order that port.h prescribes; and counts. */
#include "cuda_device.h"

enum { RESULTS_MAX = 3 };

/* Lanes of `rows` rows, folded into result[r stride]. */
static kfix_status row_sums(const kfix_device *d, const kfix_lanes_args *sum, size_t rows,
                            double scale, double *result, size_t stride) {
  const kfix_fold_args fold = {sum->lanes, scale, result, stride};
  KFIX_LAUNCH(d, lanes, sum, rows * KFIX_LANES_IN_SUM);
  KFIX_LAUNCH(d, fold, &fold, rows);
  return KFIX_OK;
}

/* out[w] += result w of all rows: blocks from zero, side by side, where the lanes were; then block
 * after block. */
static kfix_status add_up(const kfix_device *d, const double *result, size_t rows, size_t width,
                          kfix_row_blocks by, double *out) {
  double *sums = kfix_cuda_of(d)->scratch.sums + RESULTS_MAX * rows;
  const size_t count = kfix_count_blocks(rows, by.head, by.rows);
  const kfix_blocks_args blocks = {result, by.weights, rows, width, by.head, by.rows, sums};
  const kfix_total_args total = {sums, count, width, 1, 0, out};
  KFIX_LAUNCH(d, blocks, &blocks, count * width);
  KFIX_LAUNCH(d, total, &total, width);
  return KFIX_OK;
}

/* Sums over the rows of a matrix: `lanes` come after the results. */
static kfix_lanes_args over_rows(const kfix_device *d, kfix_sum_of of, size_t rows, size_t cols) {
  double *sums = kfix_cuda_of(d)->scratch.sums;
  return (kfix_lanes_args){.of = of, .cols = cols, .lanes = sums + RESULTS_MAX * rows};
}

kfix_status kfix_cuda_trace(const kfix_device *d, size_t n, const kfix_real *packed, double *out) {
  kfix_lanes_args sum = over_rows(d, KFIX_SUM_DIAGONAL, 1, n);
  sum.x = (kfix_in){packed, 0};
  return row_sums(d, &sum, 1, 1, out, 1);
}

kfix_status kfix_cuda_row_dots(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                               size_t ldx, const kfix_real *y, size_t ldy, kfix_real beta,
                               kfix_real *out, size_t inc) {
  kfix_lanes_args sum = over_rows(d, KFIX_SUM_PRODUCT, rows, cols);
  const kfix_fold_rows_args fold = {sum.lanes, beta != 0, out, inc};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  sum.x = (kfix_in){x, ldx};
  sum.y = (kfix_in){y, ldy};
  KFIX_LAUNCH(d, lanes, &sum, rows * KFIX_LANES_IN_SUM);
  KFIX_LAUNCH(d, fold_rows, &fold, rows);
  return KFIX_OK;
}

kfix_status kfix_cuda_dot_products(const kfix_device *d, size_t n, size_t count,
                                   const kfix_real *const *x, const kfix_real *const *y,
                                   double *out) {
  const size_t blocks = KFIX_ROUND_UP(n, (size_t)KFIX_SUM_BLOCK) / KFIX_SUM_BLOCK;
  double *result = kfix_cuda_of(d)->scratch.sums, *lanes = result + count * blocks;
  kfix_dots_args dots = {.rows_each = blocks, .n = n, .lanes = lanes};
  const kfix_fold_args fold = {lanes, 1, result, 1};
  const kfix_total_args total = {result, blocks, 1, blocks, 1, out};
  for (size_t w = 0; w < count; w++) {
    dots.x[w] = x[w];
    dots.y[w] = y[w];
  }
  KFIX_LAUNCH(d, dots, &dots, count * blocks * KFIX_LANES_IN_SUM);
  KFIX_LAUNCH(d, fold, &fold, count * blocks);
  KFIX_LAUNCH(d, total, &total, count);
  return KFIX_OK;
}

kfix_status kfix_cuda_dot(const kfix_device *d, size_t n, const kfix_real *x, const kfix_real *y,
                          double *out) {
  return kfix_cuda_dot_products(d, n, 1, &x, &y, out);
}

kfix_status kfix_cuda_nonfinite(const kfix_device *d, size_t rows, size_t cols, const kfix_real *x,
                                size_t ldx, double *out) {
  const size_t total = rows * cols;
  const size_t items = (total + KFIX_ELEMENTS_AT_ONCE - 1) / KFIX_ELEMENTS_AT_ONCE;
  const kfix_nonfinite_args args = {cols, total, items, {x, ldx}, out};
  KFIX_LAUNCH(d, nonfinite, &args, items);
  return KFIX_OK;
}

kfix_status kfix_cuda_loss(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                           const kfix_real *z, size_t ldz, const kfix_real *y, size_t ldy,
                           kfix_real *w, size_t ldw, kfix_row_blocks blocks, double *out) {
  const kfix_in logits = {z, ldz}, targets = {y, ldy};
  const int bernoulli = loss == KFIX_BERNOULLI;
  double *result = kfix_cuda_of(d)->scratch.sums;
  (void)w, (void)ldw; /* odds come faster than memory here */
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols == 0) return KFIX_OK;
  if (loss == KFIX_CATEGORICAL) {
    const kfix_categorical_args args = {cols, logits, targets, result};
    KFIX_LAUNCH(d, categorical, &args, rows);
  } else {
    kfix_lanes_args sum =
        over_rows(d, bernoulli ? KFIX_SUM_BERNOULLI : KFIX_SUM_DISTANCE, rows, cols);
    sum.x = logits;
    sum.y = targets;
    KFIX_TRY(row_sums(d, &sum, rows, bernoulli ? 1 : 0.5, result, 2));
    sum.of = bernoulli ? KFIX_SUM_BERNOULLI_ERROR : KFIX_SUM_DISTANCE;
    KFIX_TRY(row_sums(d, &sum, rows, 1, result + 1, 2));
  }
  return add_up(d, result, rows, 2, blocks, out);
}

/* Result w of each row: x^T F_R y with F_R diagonal. */
static kfix_status diagonal_fisher(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                                   kfix_in z, kfix_in x, kfix_in y, double *result, size_t width) {
  kfix_lanes_args sum =
      over_rows(d, loss == KFIX_MSE ? KFIX_SUM_PRODUCT : KFIX_SUM_VARIANCE, rows, cols);
  sum.x = x;
  sum.y = y;
  sum.z = z;
  return row_sums(d, &sum, rows, 1, result, width);
}

kfix_status kfix_cuda_fisher(const kfix_device *d, kfix_loss loss, size_t rows, size_t cols,
                             const kfix_real *z, size_t ldz, const kfix_real *u, size_t ldu,
                             const kfix_real *v, size_t ldv, kfix_real *w, size_t ldw,
                             kfix_row_blocks blocks, double *out) {
  const kfix_in zs = {z, ldz}, us = {u, ldu}, vs = {v, ldv};
  const size_t width = v ? 3 : 1;
  double *result = kfix_cuda_of(d)->scratch.sums;
  if (loss >= KFIX_LOSS_COUNT) return KFIX_PORT;
  if (cols == 0) return KFIX_OK;
  if (loss == KFIX_CATEGORICAL) {
    const kfix_covariance_args args = {cols, width, zs, us, vs, {w, ldw}, result};
    KFIX_LAUNCH(d, covariance, &args, rows);
  } else {
    KFIX_TRY(diagonal_fisher(d, loss, rows, cols, zs, us, us, result, width));
    if (v) KFIX_TRY(diagonal_fisher(d, loss, rows, cols, zs, us, vs, result + 1, width));
    if (v) KFIX_TRY(diagonal_fisher(d, loss, rows, cols, zs, vs, vs, result + 2, width));
  }
  return add_up(d, result, rows, width, blocks, out);
}
