/* SPDX-License-Identifier: Apache-2.0
 * Products of reflections, applied in blocks: H_i ... H_j = I - V^T R V with the v in the rows of V
 * and R upper triangular, R^-1 = the upper triangle of V V^T with half its diagonal (Puglisi 1992;
 * Joffrain et al. 2006). */
#include <string.h>

#include "core/arithmetic.h"
#include "factor/tridiagonal.h"

#define BLOCK   KFIX_REFLECTIONS
#define LD_GRAM KFIX_LD(BLOCK)

/* V (count x n) = rows first .. of a, with zeros from the diagonal on. */
static void gather(size_t first, size_t count, size_t n, const kfix_real *a, size_t lda,
                   kfix_real *v, size_t ldv) {
  for (size_t i = 0; i < count; i++) {
    memcpy(v + i * ldv, a + (first + i) * lda, (first + i) * sizeof *v);
    memset(v + i * ldv + first + i, 0, (n - first - i) * sizeof *v);
  }
}

/* L^-1 in place, row by row from those above. The order is small; products would cost stack. */
static void invert_lower(size_t n, kfix_real *l) {
  for (size_t i = 0; i < n; i++) {
    kfix_real old[BLOCK], *row = l + i * LD_GRAM;
    memcpy(old, row, (i + 1) * sizeof *row);
    memset(row, 0, i * sizeof *row);
    for (size_t k = 0; k < i; k++)
      for (size_t j = 0; j <= k; j++) row[j] -= old[k] * l[k * LD_GRAM + j];
    for (size_t j = 0; j < i; j++) row[j] /= old[i];
    row[i] = 1 / old[i];
  }
}

/* gram = R^T for the count x n matrix V. Where v is zero its reflection is I, whatever R is. */
static kfix_status find_r(const kfix_device *d, size_t count, size_t n, const kfix_real *v,
                          size_t ldv, kfix_real *gram) {
  memset(gram, 0, BLOCK * LD_GRAM * sizeof *gram);
  KFIX_TRY(d->port->syrk(d, KFIX_N, count, n, 1, v, ldv, 0, gram, LD_GRAM));
  for (size_t i = 0; i < count; i++) {
    kfix_real *diagonal = gram + i * LD_GRAM + i;
    *diagonal = *diagonal > 0 ? *diagonal / 2 : 1;
  }
  invert_lower(count, gram);
  return KFIX_OK;
}

kfix_status kfix_reflect_rows(const kfix_device *d, size_t n, const kfix_real *a, size_t lda,
                              kfix_real *c, size_t ldc, kfix_real *work) {
  const kfix_port *port = d->port;
  const size_t ld = KFIX_LD(n);
  kfix_real *v = work, *gram = v + BLOCK * ld;
  kfix_real *cv = gram + BLOCK * LD_GRAM, *cvr = cv + BLOCK * ld;
  for (size_t first = 1; first < n; first += BLOCK) {
    const size_t count = n - first < BLOCK ? n - first : BLOCK, cols = first + count - 1;
    gather(first, count, cols, a, lda, v, ld);
    KFIX_TRY(find_r(d, count, cols, v, ld, gram));
    KFIX_TRY(port->gemm(d, KFIX_N, KFIX_T, n, count, cols, 1, c, ldc, v, ld, 0, cv, BLOCK));
    KFIX_TRY(
        port->gemm(d, KFIX_N, KFIX_T, n, count, count, 1, cv, BLOCK, gram, LD_GRAM, 0, cvr, BLOCK));
    KFIX_TRY(port->gemm(d, KFIX_N, KFIX_N, n, cols, count, -1, cvr, BLOCK, v, ld, 1, c, ldc));
  }
  return KFIX_OK;
}
