/* SPDX-License-Identifier: Apache-2.0
 * A product must not overlap its operands, so a strip is copied out before it is overwritten. */
#include "factor/strips.h"

#include <string.h>

#include "core/arithmetic.h"

#define BLOCK  KFIX_STRIP_BLOCK
#define LENGTH KFIX_STRIP_LENGTH

void kfix_triangle_copy(size_t n, const kfix_real *a, size_t lda, kfix_triangle *out) {
  memset(out, 0, sizeof *out);
  for (size_t i = 0; i < n; i++) memcpy(out->x + i * BLOCK, a + i * lda, (i + 1) * sizeof *a);
}

/* Row i of L^-1 from the rows above: (e_i - sum_k L_ik row_k) / L_ii. */
void kfix_triangle_inverse(size_t n, const kfix_real *l, size_t ldl, kfix_triangle *out) {
  memset(out, 0, sizeof *out);
  for (size_t i = 0; i < n; i++) {
    kfix_real *row = out->x + i * BLOCK;
    const kfix_real pivot = l[i * ldl + i];
    for (size_t k = 0; k < i; k++)
      for (size_t j = 0; j <= k; j++) row[j] -= l[i * ldl + k] * out->x[k * BLOCK + j];
    for (size_t j = 0; j < i; j++) row[j] /= pivot;
    row[i] = 1 / pivot;
  }
}

kfix_status kfix_strips_right(const kfix_device *d, size_t rows, size_t n, kfix_real alpha,
                              kfix_real *c, size_t ldc, kfix_op op, const kfix_triangle *t) {
  kfix_real strip[LENGTH * BLOCK];
  for (size_t i = 0; i < rows; i += LENGTH) {
    const size_t count = kfix_smaller(LENGTH, rows - i);
    kfix_real *at = c + i * ldc;
    for (size_t r = 0; r < count; r++) memcpy(strip + r * n, at + r * ldc, n * sizeof *c);
    KFIX_TRY(d->port->gemm(d, KFIX_N, op, count, n, n, alpha, strip, n, t->x, BLOCK, 0, at, ldc));
  }
  return KFIX_OK;
}

kfix_status kfix_strips_left(const kfix_device *d, size_t n, size_t cols, const kfix_triangle *t,
                             kfix_real *c, size_t ldc) {
  kfix_real strip[BLOCK * LENGTH];
  for (size_t j = 0; j < cols; j += LENGTH) {
    const size_t count = kfix_smaller(LENGTH, cols - j);
    for (size_t r = 0; r < n; r++) memcpy(strip + r * LENGTH, c + r * ldc + j, count * sizeof *c);
    KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_N, n, count, n, 1, t->x, BLOCK, strip, LENGTH, 0, c + j,
                           ldc));
  }
  return KFIX_OK;
}
