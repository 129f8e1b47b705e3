/* SPDX-License-Identifier: Apache-2.0
 * Products, one row of C at a time: a strip of accumulators, a block of k, then the next. */
#include "port/ref/ref_product.h"

#include "core/arithmetic.h"
#include "core/elementary.h"

#define STRIP 64

typedef struct operand {
  kfix_op op;
  const kfix_real *x;
  size_t ld;
} operand;

/* op(X)[i][j] */
static inline kfix_real at(const operand *x, size_t i, size_t j) {
  if (x->op == KFIX_N) return x->x[i * x->ld + j];
  if (x->op == KFIX_T) return x->x[j * x->ld + i];
  return i < j ? x->x[KFIX_TRIANGLE(j) + i] : x->x[KFIX_TRIANGLE(i) + j];
}

/* acc[j] = fma(alpha a[i][p], b[p][first + j], acc[j]) for p in [from, to), ascending. */
static void accumulate(const operand *a, const operand *b, kfix_real alpha, size_t i, size_t first,
                       size_t count, size_t from, size_t to, kfix_real *acc) {
  for (size_t p = from; p < to; p++) {
    const kfix_real scaled = alpha * at(a, i, p);
    for (size_t j = 0; j < count; j++) acc[j] = kfix_fma(scaled, at(b, p, first + j), acc[j]);
  }
}

/* Row i of C: its first `cols` elements. */
static void product_row(const operand *a, const operand *b, size_t i, size_t cols, size_t k,
                        kfix_real alpha, kfix_real beta, kfix_real *c) {
  if (beta == 0)
    for (size_t j = 0; j < cols; j++) c[j] = 0;
  for (size_t first = 0; first < cols; first += STRIP) {
    const size_t count = cols - first < STRIP ? cols - first : STRIP;
    for (size_t from = 0; from < k; from += KFIX_KC) {
      const size_t to = k - from < KFIX_KC ? k : from + KFIX_KC;
      kfix_real acc[STRIP] = {0};
      accumulate(a, b, alpha, i, first, count, from, to, acc);
      for (size_t j = 0; j < count; j++) c[first + j] += acc[j];
    }
  }
}

kfix_status kfix_ref_gemm(const kfix_device *d, kfix_op op_a, kfix_op op_b, size_t m, size_t n,
                          size_t k, kfix_real alpha, const kfix_real *a, size_t lda,
                          const kfix_real *b, size_t ldb, kfix_real beta, kfix_real *c,
                          size_t ldc) {
  const operand left = {op_a, a, lda}, right = {op_b, b, ldb};
  (void)d;
  if (beta != 0 && beta != 1) return KFIX_PORT;
  for (size_t i = 0; i < m; i++) product_row(&left, &right, i, n, k, alpha, beta, c + i * ldc);
  return KFIX_OK;
}

kfix_status kfix_ref_syrk(const kfix_device *d, kfix_op op, size_t n, size_t k, kfix_real alpha,
                          const kfix_real *a, size_t lda, kfix_real beta, kfix_real *c,
                          size_t ldc) {
  const operand left = {op, a, lda}, right = {op == KFIX_N ? KFIX_T : KFIX_N, a, lda};
  (void)d;
  if ((beta != 0 && beta != 1) || op == KFIX_S) return KFIX_PORT;
  for (size_t i = 0; i < n; i++) {
    kfix_real *row = ldc == KFIX_PACKED ? c + KFIX_TRIANGLE(i) : c + i * ldc;
    product_row(&left, &right, i, i + 1, k, alpha, beta, row);
  }
  return KFIX_OK;
}
