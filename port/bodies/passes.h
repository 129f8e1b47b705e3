/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the kernels that do in one pass over long vectors what a step does with them.
 * See split.h. Each works on a block of a vector sum at a time, which stays in the near caches. */
#ifndef KFIX_CPU_PASSES_H
#define KFIX_CPU_PASSES_H

#include "port/bodies/vectors.h"

/* So many elements of each operand stay in the nearest cache. */
#define KFIX_CPU_STRETCH 512

static inline size_t kfix_cpu_sum_blocks(size_t n) {
  return KFIX_ROUND_UP(n, (size_t)KFIX_SUM_BLOCK) / KFIX_SUM_BLOCK;
}

/* Where block `block` of n elements begins; its length in *count. */
static inline size_t kfix_cpu_sum_block(size_t n, size_t block, size_t *count) {
  const size_t first = block * KFIX_SUM_BLOCK;
  *count = n - first < KFIX_SUM_BLOCK ? n - first : KFIX_SUM_BLOCK;
  return first;
}

typedef struct kfix_cpu_dots_args {
  size_t n;
  const kfix_real *g, *u, *v;
} kfix_cpu_dots_args;

/* Four lanes: so few that all five sums of them are in registers. */
typedef kfix_real kfix_cpu_four
    __attribute__((vector_size(4 * KFIX_REAL_BYTES), aligned(KFIX_REAL_BYTES), may_alias));
typedef double kfix_cpu_four_sums __attribute__((vector_size(4 * sizeof(double))));
#define KFIX_CPU_FOUR(x) \
  __builtin_convertvector(*(const kfix_cpu_four *)(const void *)(x), kfix_cpu_four_sums)

/* Adds to lanes lane .. lane + 3 of g.u, g.v, u.u, u.v, v.v what elements j .. end - 1 are. */
static void kfix_cpu_five_sums(size_t j, size_t end, const kfix_real *g, const kfix_real *u,
                               const kfix_real *v, double sums[5][KFIX_LANES_IN_SUM], size_t lane) {
  kfix_cpu_four_sums sum[5];
  for (size_t i = 0; i < 5; i++) memcpy(&sum[i], sums[i] + lane, sizeof sum[i]);
  for (j += lane; j < end; j += KFIX_LANES_IN_SUM) {
    const kfix_cpu_four_sums a = KFIX_CPU_FOUR(g + j), b = KFIX_CPU_FOUR(u + j);
    const kfix_cpu_four_sums c = KFIX_CPU_FOUR(v + j);
    sum[0] += a * b;
    sum[1] += a * c;
    sum[2] += b * b;
    sum[3] += b * c;
    sum[4] += c * c;
  }
  for (size_t i = 0; i < 5; i++) memcpy(sums[i] + lane, &sum[i], sizeof sum[i]);
}

static void kfix_cpu_five_dots(size_t n, const kfix_real *g, const kfix_real *u, const kfix_real *v,
                               double *results) {
  double sums[5][KFIX_LANES_IN_SUM] = {{0}};
  const size_t whole = n - n % KFIX_LANES_IN_SUM;
  for (size_t at = 0; at < whole; at += KFIX_CPU_STRETCH) {
    const size_t end = whole - at < KFIX_CPU_STRETCH ? whole : at + KFIX_CPU_STRETCH;
    for (size_t lane = 0; lane < KFIX_LANES_IN_SUM; lane += 4)
      kfix_cpu_five_sums(at, end, g, u, v, sums, lane);
  }
  for (size_t j = whole; j < n; j++) {
    const double a = (double)g[j], b = (double)u[j], c = (double)v[j];
    sums[0][j - whole] += a * b;
    sums[1][j - whole] += a * c;
    sums[2][j - whole] += b * b;
    sums[3][j - whole] += b * c;
    sums[4][j - whole] += c * c;
  }
  for (size_t i = 0; i < 5; i++) results[i] = kfix_cpu_fold(sums[i]);
}

static void kfix_cpu_dots_block(const void *args, size_t block, double *results) {
  const kfix_cpu_dots_args *t = args;
  size_t n;
  const size_t at = kfix_cpu_sum_block(t->n, block, &n);
  const kfix_real *g = t->g + at, *u = t->u + at;
  if (t->v) {
    kfix_cpu_five_dots(n, g, u, t->v + at, results);
  } else {
    KFIX_CPU_ROW_SUM(results[0], n, j, (double)g[j] * (double)u[j]);
    KFIX_CPU_ROW_SUM(results[1], n, j, (double)u[j] * (double)u[j]);
  }
}

static kfix_status kfix_cpu_dots(const kfix_device *d, size_t n, const kfix_real *g,
                                 const kfix_real *u, const kfix_real *v, double *out) {
  const kfix_cpu_dots_args t = {n, g, u, v};
  const size_t blocks = kfix_cpu_sum_blocks(n);
  double sum[5] = {0};
  KFIX_TRY(kfix_cpu_reduce(d, blocks, 5 * KFIX_SUM_BLOCK, v ? 5 : 2, kfix_cpu_dots_block, &t, sum));
  out[0] = sum[0];
  out[2] = v ? sum[2] : sum[1];
  if (!v) return KFIX_OK;
  out[1] = sum[1];
  out[3] = sum[3];
  out[4] = sum[4];
  return KFIX_OK;
}

typedef struct kfix_cpu_decay_args {
  size_t n;
  kfix_cpu_axpby_args g;
} kfix_cpu_decay_args;

static void kfix_cpu_decay_block(const void *args, size_t block, double *results) {
  const kfix_cpu_decay_args *t = args;
  size_t n;
  const size_t at = kfix_cpu_sum_block(t->n, block, &n);
  const kfix_real *theta = t->g.x + at;
  kfix_cpu_axpby_range(&t->g, at, at + n);
  results[0] = kfix_cpu_count_nonfinite(n, t->g.out + at);
  KFIX_CPU_ROW_SUM(results[1], n, j, (double)theta[j] * (double)theta[j]);
}

static kfix_status kfix_cpu_decay(const kfix_device *d, size_t n, kfix_real eta,
                                  const kfix_real *theta, kfix_real *g, double *bad,
                                  double *square) {
  const kfix_cpu_decay_args t = {n, {eta, theta, 1, g, g}};
  double sum[2] = {0};
  KFIX_TRY(
      kfix_cpu_reduce(d, kfix_cpu_sum_blocks(n), KFIX_SUM_BLOCK, 2, kfix_cpu_decay_block, &t, sum));
  *bad += sum[0];
  *square = sum[1];
  return KFIX_OK;
}

typedef struct kfix_cpu_move_args {
  size_t n;
  kfix_cpu_axpby_args v, theta, mean;
} kfix_cpu_move_args;

static void kfix_cpu_move_block(const void *args, size_t block, double *result) {
  const kfix_cpu_move_args *t = args;
  size_t n;
  const size_t first = kfix_cpu_sum_block(t->n, block, &n), end = first + n;
  *result = 0;
  for (size_t at = first, stop; at < end; at = stop) {
    stop = end - at < KFIX_CPU_STRETCH ? end : at + KFIX_CPU_STRETCH;
    kfix_cpu_axpby_range(&t->v, at, stop);
    kfix_cpu_axpby_range(&t->theta, at, stop);
    kfix_cpu_axpby_range(&t->mean, at, stop);
    *result += kfix_cpu_count_nonfinite(stop - at, t->v.out + at);
    *result += kfix_cpu_count_nonfinite(stop - at, t->theta.out + at);
    *result += kfix_cpu_count_nonfinite(stop - at, t->mean.out + at);
  }
}

static kfix_status kfix_cpu_move(const kfix_device *d, size_t n, kfix_real a, const kfix_real *x,
                                 kfix_real b, const kfix_real *y, kfix_real *v_out,
                                 const kfix_real *theta, kfix_real *theta_out, kfix_real xi,
                                 const kfix_real *mean, kfix_real *mean_out, double *bad) {
  const kfix_cpu_move_args t = {n,
                                {a, x, b, y, v_out},
                                {1, theta, 1, v_out, theta_out},
                                {1 - xi, theta_out, xi, mean, mean_out}};
  return kfix_cpu_reduce(d, kfix_cpu_sum_blocks(n), KFIX_SUM_BLOCK, 1, kfix_cpu_move_block, &t,
                         bad);
}

#endif
