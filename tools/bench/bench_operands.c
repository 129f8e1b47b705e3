/* SPDX-License-Identifier: Apache-2.0
 * The operands of a case: products, matrices to factorize, images. */
#include "bench_operands.h"

#include <stdlib.h>
#include <string.h>

#include "bench_image.h"
#include "core/elementary.h"
#include "factor/eigen.h"
#include "lib/kfix.h"

/* The largest order of an eigenproblem. */
#define ROW_MAX 2048

static kfix_real *reals(size_t count) {
  return aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(count * sizeof(kfix_real), (size_t)KFIX_ALIGN));
}

/* Uniform in (-1, 1). */
static void fill(kfix_real *x, size_t count, uint32_t which) {
  const kfix_draw_key key = {1, KFIX_DRAW_WEIGHTS, 0, which};
  for (size_t first = 0; first < count; first += 4096)
    kfix_fill_uniform(&key, (uint32_t)(first / 4096), count - first < 4096 ? count - first : 4096,
                      1, x + first);
}

/* A full n x n symmetric matrix, diagonally dominant, so that every library inverts it. */
static void fill_spd(size_t n, size_t ld, kfix_real *x) {
  fill(x, n * ld, 2);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < i; j++) x[j * ld + i] = x[i * ld + j];
    x[i * ld + i] = (kfix_real)n;
  }
}

/* A full symmetric matrix with eigenvalues that fall like 1 / i and eigenvectors that are not the
 * axes: S (I + N) S with S diagonal and N random, of norm about 1/2. */
static void fill_decaying(size_t n, size_t ld, kfix_real *x) {
  const kfix_real size = (kfix_real)0.4 / kfix_sqrt((kfix_real)n);
  const kfix_draw_key key = {1, KFIX_DRAW_WEIGHTS, 1, 0};
  kfix_real row[ROW_MAX];
  for (size_t i = 0; i < n; i++) {
    kfix_fill_uniform(&key, (uint32_t)i, i + 1, 1, row);
    for (size_t j = 0; j <= i; j++) {
      const kfix_real s = kfix_sqrt((kfix_real)((i + 1) * (j + 1)));
      x[i * ld + j] = x[j * ld + i] = ((i == j ? 1 : 0) + size * row[j]) / s;
    }
  }
}

/* Stored rows and columns of op(X) = rows x cols. */
static size_t stored_ld(kfix_op op, size_t rows, size_t cols) {
  return KFIX_LD(op == KFIX_T ? rows : cols);
}
static size_t stored_count(kfix_op op, size_t rows, size_t cols) {
  return (op == KFIX_T ? cols : rows) * stored_ld(op, rows, cols);
}

static int make_product(const bench_case *c, bench_operands *o) {
  const size_t m = c->kernel == BENCH_GEMM ? c->m : c->n;
  o->lda = stored_ld(c->op_a, m, c->k);
  o->ldb = stored_ld(c->op_b, c->k, c->n);
  o->ldc = KFIX_LD(c->n);
  o->a_count = stored_count(c->op_a, m, c->k);
  o->b_count = stored_count(c->op_b, c->k, c->n);
  o->a = reals(o->a_count);
  o->b = reals(o->b_count);
  o->c = reals(m * o->ldc);
  if (o->a == NULL || o->b == NULL || o->c == NULL) return -1;
  fill(o->a, o->a_count, 0);
  fill(o->b, o->b_count, 1);
  memset(o->c, 0, m * o->ldc * sizeof *o->c);
  return 0;
}

static int make_square(const bench_case *c, bench_operands *o) {
  o->lda = o->ldb = o->ldc = KFIX_LD(c->n);
  o->a_count = c->n * o->lda;
  o->start = reals(o->a_count);
  o->a = reals(o->a_count);
  o->b = reals(o->a_count);
  o->c = reals(o->lda);
  o->scratch = reals(KFIX_EIGEN_REALS(c->n));
  if (o->start == NULL || o->a == NULL || o->b == NULL || o->c == NULL || o->scratch == NULL)
    return -1;
  if (c->kernel == BENCH_SPD_INVERSE)
    fill_spd(c->n, o->lda, o->start);
  else
    fill_decaying(c->n, o->lda, o->start);
  memset(o->b, 0, o->a_count * sizeof *o->b);
  return 0;
}

static int make_images(const bench_case *c, bench_operands *o) {
  o->a_count = bench_image_a(c);
  o->b_count = bench_image_b(c);
  o->a = reals(o->a_count);
  o->b = reals(o->b_count);
  o->c = reals(bench_image_c(c));
  if (o->a == NULL || o->b == NULL || o->c == NULL) return -1;
  fill(o->a, o->a_count, 0);
  fill(o->b, o->b_count, 1);
  memset(o->c, 0, bench_image_c(c) * sizeof *o->c);
  return 0;
}

int bench_operands_make(const bench_case *c, bench_operands *out) {
  *out = (bench_operands){.start = NULL};
  if (bench_case_is_image(c)) return make_images(c, out);
  return c->kernel == BENCH_GEMM || c->kernel == BENCH_SYRK ? make_product(c, out)
                                                            : make_square(c, out);
}

void bench_operands_free(bench_operands *o) {
  free(o->start);
  free(o->scratch);
  free(o->a);
  free(o->b);
  free(o->c);
  *o = (bench_operands){.start = NULL};
}

void bench_operands_restore(const bench_operands *o) {
  if (o->start != NULL) memcpy(o->a, o->start, o->a_count * sizeof *o->a);
}
