/* SPDX-License-Identifier: Apache-2.0
 * L^-1 by eliminating on the block and on the identity at once. Column k of L is used up in the
 * step that makes column k of L^-1, so both live in one triangle. * and - are separate roundings:
 * fma would be a call on machines without it. */
#include "factor/whiten.h"

#include "core/arithmetic.h"
#include "core/elementary.h"

/* Row i of the triangle: a[i][c] -= factor r[c], c <= i. */
static void subtract(size_t count, kfix_real factor, const kfix_real *restrict r,
                     kfix_real *restrict row) {
  for (size_t c = 0; c < count; c++) row[c] -= factor * r[c];
}

size_t kfix_whiten_block(size_t n, kfix_real *a, size_t lda) {
  kfix_real r[KFIX_WHITEN_MAX]; /* row k of L^-1 up to its diagonal, then column k of L */
  for (size_t k = 0; k < n; k++) {
    kfix_real *pivot = a + k * lda;
    if (!(pivot[k] > 0 && pivot[k] < INFINITY)) return k + 1;
    const kfix_real scale = 1 / kfix_sqrt(pivot[k]);
    for (size_t c = 0; c < k; c++) r[c] = pivot[c] *= scale;
    r[k] = pivot[k] = scale;
    for (size_t i = k + 1; i < n; i++) {
      r[i] = a[i * lda + k] * scale;
      a[i * lda + k] = 0;
      pivot[i] = 0;
    }
    for (size_t i = k + 1; i < n; i++) subtract(i + 1, r[i], r, a + i * lda);
  }
  return 0;
}
