/* SPDX-License-Identifier: Apache-2.0
 * Products with a triangle, strip by strip: each strip of L is a rectangle with a small triangle at
 * its end, and what lies beyond is not multiplied. */
#include "factor/kron_triangle.h"

#include "core/arithmetic.h"
#include "factor/cholesky.h"

/* Rows of a strip: few enough to skip nearly half, enough to keep gemm busy. */
#define STRIP 128

static size_t strip_end(size_t first, size_t n) {
  return n - first < STRIP ? n : first + STRIP;
}

kfix_status kfix_whitener(const kfix_device *d, size_t n, kfix_real *a, size_t lda, size_t *info) {
  KFIX_TRY(kfix_cholesky(d, n, a, lda, info));
  KFIX_TRY(kfix_lower_inverse(d, n, a, lda));
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++) a[i * lda + j] = 0;
  return KFIX_OK;
}

kfix_status kfix_lower_times(const kfix_device *d, size_t n, const kfix_real *l, size_t ldl,
                             size_t cols, const kfix_real *b, size_t ldb, kfix_real *out,
                             size_t ldo) {
  for (size_t first = 0, end; first < n; first = end) {
    end = strip_end(first, n);
    KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_N, end - first, cols, end, 1, l + first * ldl, ldl, b,
                           ldb, 0, out + first * ldo, ldo));
  }
  return KFIX_OK;
}

kfix_status kfix_lower_transposed_times(const kfix_device *d, size_t n, const kfix_real *l,
                                        size_t ldl, kfix_op op, size_t cols, const kfix_real *b,
                                        size_t ldb, kfix_real *out, size_t ldo) {
  for (size_t first = 0, end; first < n; first = end) {
    end = strip_end(first, n);
    KFIX_TRY(d->port->gemm(d, KFIX_T, op, end - first, cols, n - first, 1, l + first * ldl + first,
                           ldl, b + first * (op == KFIX_T ? 1 : ldb), ldb, 0, out + first * ldo,
                           ldo));
  }
  return KFIX_OK;
}

kfix_status kfix_times_lower_transposed(const kfix_device *d, size_t rows, size_t n,
                                        const kfix_real *b, size_t ldb, const kfix_real *l,
                                        size_t ldl, kfix_real *out, size_t ldo) {
  for (size_t first = 0, end; first < n; first = end) {
    end = strip_end(first, n);
    KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_T, rows, end - first, end, 1, b, ldb, l + first * ldl,
                           ldl, 0, out + first, ldo));
  }
  return KFIX_OK;
}

/* The second product stops at the diagonal: columns first .. end - 1 from row `first` on. */
kfix_status kfix_whiten(const kfix_device *d, size_t n, const kfix_real *l, size_t ldl,
                        const kfix_real *c, size_t ldc, kfix_real *work, kfix_real *out,
                        size_t ldo) {
  const size_t ldw = KFIX_LD(n);
  KFIX_TRY(kfix_lower_times(d, n, l, ldl, n, c, ldc, work, ldw));
  for (size_t first = 0, end; first < n; first = end) {
    end = strip_end(first, n);
    KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_T, n - first, end - first, end, 1, work + first * ldw,
                           ldw, l + first * ldl, ldl, 0, out + first * ldo + first, ldo));
  }
  return KFIX_OK;
}
