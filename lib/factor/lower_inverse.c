/* SPDX-License-Identifier: Apache-2.0
 * L^-1 in place, from the last columns to the first:
 *     [L11 0; L21 L22]^-1 = [X11 0; -X22 L21 X11, X22],
 * with X22 known. Both products with triangles are done in place, block by block, in the order in
 * which nothing is overwritten that is still needed. */
#include "core/arithmetic.h"
#include "factor/cholesky.h"
#include "factor/strips.h"

#define BLOCK KFIX_STRIP_BLOCK

/* Columns at a time. */
#define WIDE 64

/* C (m x n) = X C with X lower m x m: blocks of rows from the last to the first. */
static kfix_status multiply_left(const kfix_device *d, size_t m, size_t n, const kfix_real *x,
                                 kfix_real *c, size_t ld) {
  kfix_triangle t;
  for (size_t end = m; end > 0;) {
    const size_t first = (end - 1) / BLOCK * BLOCK;
    kfix_real *rows = c + first * ld;
    kfix_triangle_copy(end - first, x + first * ld + first, ld, &t);
    KFIX_TRY(kfix_strips_left(d, end - first, n, &t, rows, ld));
    KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_N, end - first, n, first, 1, x + first * ld, ld, c, ld,
                           1, rows, ld));
    end = first;
  }
  return KFIX_OK;
}

/* C (m x n) = -C X with X lower n x n: blocks of columns from the first to the last. */
static kfix_status multiply_right(const kfix_device *d, size_t m, size_t n, const kfix_real *x,
                                  kfix_real *c, size_t ld) {
  kfix_triangle t;
  for (size_t first = 0; first < n; first += BLOCK) {
    const size_t end = kfix_smaller(n, first + BLOCK);
    kfix_triangle_copy(end - first, x + first * ld + first, ld, &t);
    KFIX_TRY(kfix_strips_right(d, m, end - first, -1, c + first, ld, KFIX_N, &t));
    KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_N, m, end - first, n - end, -1, c + end, ld,
                           x + end * ld + first, ld, 1, c + first, ld));
  }
  return KFIX_OK;
}

/* The first `width` columns of L (n x n), of which the rest is inverted; width x width is small. */
static kfix_status extend_narrow(const kfix_device *d, size_t n, size_t width, kfix_real *l,
                                 size_t ld) {
  kfix_real *under = l + width * ld;
  kfix_triangle t;
  kfix_triangle_inverse(width, l, ld, &t);
  for (size_t i = 0; i < width; i++)
    for (size_t j = 0; j <= i; j++) l[i * ld + j] = t.x[i * BLOCK + j];
  KFIX_TRY(multiply_left(d, n - width, width, under + width, under, ld));
  return kfix_strips_right(d, n - width, width, -1, under, ld, KFIX_N, &t);
}

kfix_status kfix_lower_inverse(const kfix_device *d, size_t n, kfix_real *l, size_t ldl) {
  if (!d->port->is_host) return KFIX_PORT;
  for (size_t end = n; end > 0;) {
    const size_t first = (end - 1) / WIDE * WIDE, width = end - first;
    kfix_real *corner = l + first * ldl + first, *under = l + end * ldl + first;
    for (size_t stop = width; stop > 0;) {
      const size_t start = (stop - 1) / BLOCK * BLOCK;
      KFIX_TRY(extend_narrow(d, width - start, stop - start, corner + start * ldl + start, ldl));
      stop = start;
    }
    KFIX_TRY(multiply_left(d, n - end, width, under + width, under, ldl));
    KFIX_TRY(multiply_right(d, n - end, width, corner, under, ldl));
    end = first;
  }
  return KFIX_OK;
}
