/* SPDX-License-Identifier: Apache-2.0
 * Cholesky's factorization by blocks: narrow ones within wide ones, so that scalar work stays in a
 * small triangle and the bulk is a symmetric update of full depth. */
#include "factor/cholesky.h"

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "factor/strips.h"

#define BLOCK KFIX_STRIP_BLOCK

/* Columns that are finished before the rest of the matrix is updated. */
#define WIDE 128

typedef struct matrix {
  const kfix_device *d;
  size_t n;
  kfix_real *a;
  size_t lda;
} matrix;

/* Returns 0, or the 1-based row of the bad pivot. */
static size_t factor_block(size_t n, kfix_real *a, size_t lda) {
  for (size_t k = 0; k < n; k++) {
    kfix_real *pivot = a + k * lda + k;
    if (!(*pivot > 0 && *pivot < INFINITY)) return k + 1;
    *pivot = kfix_sqrt(*pivot);
    for (size_t i = k + 1; i < n; i++) {
      kfix_real *row = a + i * lda;
      row[k] /= *pivot;
      for (size_t j = k + 1; j <= i; j++) row[j] -= row[k] * a[j * lda + k];
    }
  }
  return 0;
}

/* Finishes columns first .. first + width - 1 and updates those up to `end` with them. */
static kfix_status narrow_step(const matrix *m, size_t first, size_t width, size_t end,
                               size_t *info) {
  const kfix_port *port = m->d->port;
  const size_t next = first + width, ld = m->lda;
  kfix_real *pivot = m->a + first * ld + first, *under = pivot + width * ld;
  kfix_real *corner = under + width, *far = m->a + end * ld + first;
  kfix_triangle inverse;
  const size_t bad = factor_block(width, pivot, ld);
  if (bad > 0) {
    *info = first + bad;
    return KFIX_NOT_POSITIVE;
  }
  kfix_triangle_inverse(width, pivot, ld, &inverse);
  KFIX_TRY(kfix_strips_right(m->d, m->n - next, width, 1, under, ld, KFIX_T, &inverse));
  KFIX_TRY(port->syrk(m->d, KFIX_N, end - next, width, -1, under, ld, 1, corner, ld));
  return port->gemm(m->d, KFIX_N, KFIX_T, m->n - end, end - next, width, -1, far, ld, under, ld, 1,
                    far + width, ld);
}

kfix_status kfix_cholesky(const kfix_device *d, size_t n, kfix_real *a, size_t lda, size_t *info) {
  const matrix m = {d, n, a, lda};
  *info = 0;
  if (!d->port->is_host) return KFIX_PORT;
  for (size_t first = 0; first < n; first += WIDE) {
    const size_t end = kfix_smaller(n, first + WIDE);
    for (size_t i = first; i < end; i += BLOCK)
      KFIX_TRY(narrow_step(&m, i, kfix_smaller(BLOCK, end - i), end, info));
    KFIX_TRY(d->port->syrk(d, KFIX_N, n - end, end - first, -1, a + end * lda + first, lda, 1,
                           a + end * lda + end, lda));
  }
  return KFIX_OK;
}
