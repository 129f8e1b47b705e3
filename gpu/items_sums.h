/* SPDX-License-Identifier: Apache-2.0
 * Items of sums: a lane of a row sum, a row's result from its lanes, the total over rows; and a count,
 * which needs no order. */
#ifndef KFIX_GPU_ITEMS_SUMS_H
#define KFIX_GPU_ITEMS_SUMS_H

#include "core/likelihood.h"
#include "items.h"

/* What is summed along a row; j runs over its elements. */
typedef enum kfix_sum_of {
  KFIX_SUM_PRODUCT,         /* x y */
  KFIX_SUM_DISTANCE,        /* (x - y)^2 */
  KFIX_SUM_BERNOULLI,       /* loss of the logit x */
  KFIX_SUM_BERNOULLI_ERROR, /* (sigmoid(x) - y)^2 */
  KFIX_SUM_VARIANCE,        /* p (1 - p) x y of the logit z */
  KFIX_SUM_DIAGONAL         /* the diagonal of a packed triangle x */
} kfix_sum_of;

KFIX_INLINE double kfix_sum_element(kfix_sum_of of, const kfix_real *x, const kfix_real *y,
                                    const kfix_real *z, size_t j) {
  double difference;
  switch (of) {
    case KFIX_SUM_PRODUCT:
      return (double)x[j] * (double)y[j];
    case KFIX_SUM_DISTANCE:
      difference = (double)x[j] - (double)y[j];
      return difference * difference;
    case KFIX_SUM_BERNOULLI:
      return (double)kfix_bernoulli_loss(x[j], y[j], kfix_odds_against(x[j]));
    case KFIX_SUM_BERNOULLI_ERROR:
      difference = (double)kfix_bernoulli_residual(x[j], y[j], kfix_odds_against(x[j]));
      return difference * difference;
    case KFIX_SUM_VARIANCE:
      return (double)kfix_bernoulli_variance(kfix_odds_against(z[j])) * (double)x[j] * (double)y[j];
    default:
      return (double)x[KFIX_TRIANGLE(j + 1) - 1];
  }
}

/* Item: lane l of row r is number r KFIX_LANES_IN_SUM + l, and so is its place. */
typedef struct kfix_lanes_args {
  size_t of; /* kfix_sum_of */
  size_t cols;
  kfix_in x, y, z;
  double *lanes;
} kfix_lanes_args;

/* A lane adds its elements in order, but asks for several before it adds the first: memory is far
 * from a device, and few lanes share a multiprocessor. */
#define KFIX_SUM_AHEAD 16

/* of: a constant, so that nothing is chosen within the loop. */
KFIX_INLINE double kfix_lane_sum(kfix_sum_of of, size_t n, const kfix_real *x, const kfix_real *y,
                                 const kfix_real *z, size_t lane) {
  const size_t stride = KFIX_LANES_IN_SUM, ahead = KFIX_SUM_AHEAD * stride;
  double sum = 0, term[KFIX_SUM_AHEAD];
  size_t j = lane;
  for (; j + ahead - stride < n; j += ahead) {
    for (size_t i = 0; i < KFIX_SUM_AHEAD; i++)
      term[i] = kfix_sum_element(of, x, y, z, j + i * stride);
    for (size_t i = 0; i < KFIX_SUM_AHEAD; i++) sum += term[i];
  }
  if (j >= n) return sum;
  for (size_t i = 0; i < KFIX_SUM_AHEAD; i++)
    term[i] = kfix_sum_element(of, x, y, z, j + i * stride < n ? j + i * stride : j);
  for (size_t i = 0; i < KFIX_SUM_AHEAD; i++)
    if (j + i * stride < n) sum += term[i];
  return sum;
}

KFIX_INLINE double kfix_lane_sum_of(size_t of, size_t n, const kfix_real *x, const kfix_real *y,
                                    const kfix_real *z, size_t lane) {
  switch ((kfix_sum_of)of) {
    case KFIX_SUM_PRODUCT:
      return kfix_lane_sum(KFIX_SUM_PRODUCT, n, x, y, z, lane);
    case KFIX_SUM_DISTANCE:
      return kfix_lane_sum(KFIX_SUM_DISTANCE, n, x, y, z, lane);
    case KFIX_SUM_BERNOULLI:
      return kfix_lane_sum(KFIX_SUM_BERNOULLI, n, x, y, z, lane);
    case KFIX_SUM_BERNOULLI_ERROR:
      return kfix_lane_sum(KFIX_SUM_BERNOULLI_ERROR, n, x, y, z, lane);
    case KFIX_SUM_VARIANCE:
      return kfix_lane_sum(KFIX_SUM_VARIANCE, n, x, y, z, lane);
    default:
      return kfix_lane_sum(KFIX_SUM_DIAGONAL, n, x, y, z, lane);
  }
}

KFIX_INLINE void kfix_lanes_item(const kfix_lanes_args *t, size_t i) {
  const size_t r = i / KFIX_LANES_IN_SUM, lane = i % KFIX_LANES_IN_SUM;
  const kfix_real *x = t->x.at + r * t->x.ld, *y = t->y.at ? t->y.at + r * t->y.ld : NULL;
  const kfix_real *z = t->z.at ? t->z.at + r * t->z.ld : NULL;
  t->lanes[i] = kfix_lane_sum_of(t->of, t->cols, x, y, z, lane);
}

/* The same for several dot products of vectors at once. A vector is rows of KFIX_SUM_BLOCK elements,
 * the last one shorter; sum w takes the rows from w rows_each. */
#define KFIX_DOTS_MAX 5
typedef struct kfix_dots_args {
  size_t rows_each, n;
  const kfix_real *x[KFIX_DOTS_MAX], *y[KFIX_DOTS_MAX];
  double *lanes;
} kfix_dots_args;

KFIX_INLINE void kfix_dots_item(const kfix_dots_args *t, size_t i) {
  const size_t row = i / KFIX_LANES_IN_SUM, lane = i % KFIX_LANES_IN_SUM;
  const size_t w = row / t->rows_each, before = row % t->rows_each * KFIX_SUM_BLOCK;
  const size_t n = kfix_smaller(t->n - before, KFIX_SUM_BLOCK);
  t->lanes[i] = kfix_lane_sum(KFIX_SUM_PRODUCT, n, t->x[w] + before, t->y[w] + before, NULL, lane);
}

/* Items that add whole numbers to the same place: their order does not matter. */
#ifdef __CUDA_ARCH__
#define KFIX_ADD_TOGETHER(at, count) (void)atomicAdd(at, count)
#else
#define KFIX_ADD_TOGETHER(at, count) (void)(*(at) += (count))
#endif

/* Item i looks at elements i, i + items, ... of `total`, KFIX_ELEMENTS_AT_ONCE of them at most; *out +=
 * how many are NaN or infinite, which is hardly ever any, so hardly ever written. */
#define KFIX_ELEMENTS_AT_ONCE 8
typedef struct kfix_nonfinite_args {
  size_t cols, total, items;
  kfix_in x;
  double *out;
} kfix_nonfinite_args;

KFIX_INLINE void kfix_nonfinite_item(const kfix_nonfinite_args *t, size_t i) {
  kfix_real x[KFIX_ELEMENTS_AT_ONCE];
  double count = 0;
  for (size_t a = 0; a < KFIX_ELEMENTS_AT_ONCE; a++) {
    const size_t e = i + a * t->items;
    x[a] = e < t->total ? KFIX_AT(t->x, e / t->cols, e % t->cols) : 0;
  }
  for (size_t a = 0; a < KFIX_ELEMENTS_AT_ONCE; a++) count += x[a] - x[a] == 0 ? 0 : 1;
  if (count > 0) KFIX_ADD_TOGETHER(t->out, count);
}

/* Item: result[r stride] = scale * the folded lanes of row r. */
typedef struct kfix_fold_args {
  const double *lanes;
  double scale;
  double *result;
  size_t stride;
} kfix_fold_args;

KFIX_INLINE void kfix_fold_item(const kfix_fold_args *t, size_t r) {
  double lane[KFIX_LANES_IN_SUM];
  for (size_t l = 0; l < KFIX_LANES_IN_SUM; l++) lane[l] = t->lanes[r * KFIX_LANES_IN_SUM + l];
  const double sum = kfix_fold_lanes(lane);
  t->result[r * t->stride] = t->scale == 1 ? sum : t->scale * sum;
}

/* Item: out[r inc] = the folded lanes of row r, rounded; or, `more`, added to what is there. */
typedef struct kfix_fold_rows_args {
  const double *lanes;
  size_t more;
  kfix_real *out;
  size_t inc;
} kfix_fold_rows_args;

KFIX_INLINE void kfix_fold_rows_item(const kfix_fold_rows_args *t, size_t r) {
  double lane[KFIX_LANES_IN_SUM];
  for (size_t l = 0; l < KFIX_LANES_IN_SUM; l++) lane[l] = t->lanes[r * KFIX_LANES_IN_SUM + l];
  const kfix_real sum = (kfix_real)kfix_fold_lanes(lane);
  t->out[r * t->inc] = t->more ? t->out[r * t->inc] + sum : sum;
}

/* Item: result w of row block b, summed from zero, is number b width + w, and so is its place. */
typedef struct kfix_blocks_args {
  const double *result;
  const kfix_real *weights; /* NULL: all 1 */
  size_t rows, width, head, block;
  double *out;
} kfix_blocks_args;

KFIX_INLINE size_t kfix_count_blocks(size_t rows, size_t head, size_t block) {
  return rows > head ? 1 + (rows - head + block - 1) / block : rows > 0;
}

KFIX_INLINE double kfix_row_term(const kfix_blocks_args *t, size_t r, size_t w) {
  const double result = t->result[r * t->width + w];
  return t->weights ? (double)t->weights[r] * result : result;
}

KFIX_INLINE void kfix_blocks_item(const kfix_blocks_args *t, size_t i) {
  const size_t b = i / t->width, w = i % t->width;
  const size_t end = kfix_smaller(t->head + b * t->block, t->rows);
  size_t r = b == 0 ? 0 : t->head + (b - 1) * t->block;
  double sum = 0, term[KFIX_SUM_AHEAD];
  for (; r + KFIX_SUM_AHEAD <= end; r += KFIX_SUM_AHEAD) {
    for (size_t a = 0; a < KFIX_SUM_AHEAD; a++) term[a] = kfix_row_term(t, r + a, w);
    for (size_t a = 0; a < KFIX_SUM_AHEAD; a++) sum += term[a];
  }
  for (; r < end; r++) sum += kfix_row_term(t, r, w);
  t->out[i] = sum;
}

/* Item: out[w] += result w of each row, row after row; or, `fresh`, from zero. Results of a row are
 * `apart` from one another, rows `stride`. */
typedef struct kfix_total_args {
  const double *result;
  size_t rows, stride, apart, fresh;
  double *out;
} kfix_total_args;

KFIX_INLINE void kfix_total_item(const kfix_total_args *t, size_t w) {
  const double *result = t->result + w * t->apart;
  double sum = t->fresh ? 0 : t->out[w], term[KFIX_SUM_AHEAD];
  size_t r = 0;
  for (; r + KFIX_SUM_AHEAD <= t->rows; r += KFIX_SUM_AHEAD) {
    for (size_t i = 0; i < KFIX_SUM_AHEAD; i++) term[i] = result[(r + i) * t->stride];
    for (size_t i = 0; i < KFIX_SUM_AHEAD; i++) sum += term[i];
  }
  for (; r < t->rows; r++) sum += result[r * t->stride];
  t->out[w] = sum;
}

#endif
