/* SPDX-License-Identifier: Apache-2.0
 * Householder's reduction of a symmetric matrix, from the last row to the first, by blocks.
 *
 * Within a block the matrix is not updated: what A would be is A - sum_j v_j w_j^T + w_j v_j^T over
 * the rows j done so far, and is applied to the one row and the one vector that are needed. `left`
 * holds the v backwards, then the w forwards; `right` the same rows in the opposite order, so that
 * the sum is left^T right. At the end of a block one product of that depth updates the rest. */
#include <math.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "factor/tridiagonal.h"

#define BLOCK KFIX_REFLECTIONS

/* A sum of squares; the root of it has a reciprocal. */
#define NEGLIGIBLE (KFIX_REAL_BYTES == 4 ? 0x1p-200 : 0x1p-1000)

/* Rows of the update at a time: what they cover above the diagonal is wasted. */
#define UPDATE_ROWS 48

typedef struct reduction {
  const kfix_device *d;
  kfix_real *a;
  size_t lda, ld;     /* ld: of left and right */
  size_t width, done; /* reflections of this block, and so far */
  kfix_real *left, *right, *w, *small, *symv;
} reduction;

static kfix_real *row_of(const reduction *r, size_t i) {
  return r->a + i * r->lda;
}

/* The 2 done rows of left or right that are in use lie around the middle. */
static size_t begin_of(const reduction *r) {
  return r->width - r->done;
}

/* row -= its share of left^T right: all of it, or element i of right alone. */
static kfix_status subtract(const reduction *r, size_t n, const kfix_real *factor, kfix_real *row) {
  if (r->done == 0) return KFIX_OK;
  return r->d->port->eigen->gemv(r->d, KFIX_T, 2 * r->done, n, -1, r->left + begin_of(r) * r->ld,
                                 r->ld, factor, 1, row);
}

/* Row i, elements 0 .. i, as the reflections so far make it. */
static kfix_status bring_up_to_date(const reduction *r, size_t i) {
  const kfix_real *column = r->right + begin_of(r) * r->ld + i;
  for (size_t k = 0; k < 2 * r->done; k++) r->small[k] = column[k * r->ld];
  return subtract(r, i + 1, r->small, row_of(r, i));
}

/* x[0 .. n) becomes v, its last element 1, or v = 0 where x is already what H x should be. Returns
 * tau = 2 / v^T v, or 0; *beta = the last element of H x, the others are zero. */
static kfix_status reflection(const reduction *r, size_t n, kfix_real *x, double *beta,
                              double *tau) {
  const kfix_port *port = r->d->port;
  const double alpha = (double)x[n - 1];
  double sum = 0;
  KFIX_TRY(port->dot(r->d, n - 1, x, x, &sum));
  const double norm = sqrt(alpha * alpha + sum);
  *tau = 0;
  *beta = alpha;
  /* The matrix is scaled to one, so an error of that size is nothing, while the reciprocal below
   * would overflow: what is left of a matrix of low rank shrinks by eps at each row. NaN goes on,
   * to be found. */
  if (sum < NEGLIGIBLE) return port->fill(r->d, 1, n, 0, x, n);
  *beta = alpha > 0 ? -norm : norm;
  *tau = (*beta - alpha) / *beta;
  x[n - 1] = 1;
  return port->axpby(r->d, n - 1, (kfix_real)(1 / (alpha - *beta)), x, 0, NULL, x);
}

/* w = tau A v - (tau / 2)(tau v^T A v) v, with A as it would be. */
static kfix_status companion(const reduction *r, size_t n, const kfix_real *v, double tau) {
  const kfix_port *port = r->d->port;
  const size_t rows = 2 * r->done;
  double dot = 0;
  KFIX_TRY(port->eigen->symv(r->d, n, r->a, r->lda, v, r->w, r->symv));
  if (rows > 0)
    KFIX_TRY(port->eigen->gemv(r->d, KFIX_N, rows, n, 1, r->right + begin_of(r) * r->ld, r->ld, v,
                               0, r->small));
  KFIX_TRY(subtract(r, n, r->small, r->w));
  KFIX_TRY(port->dot(r->d, n, r->w, v, &dot));
  return port->axpby(r->d, n, (kfix_real)tau, r->w, (kfix_real)(-tau * tau * dot / 2), v, r->w);
}

static void keep(reduction *r, size_t n, const kfix_real *v) {
  kfix_real *at[] = {r->left, r->right};
  const size_t up = r->width - 1 - r->done, down = r->width + r->done;
  const size_t place[] = {up, down};
  for (int k = 0; k < 2; k++) {
    kfix_real *to_v = at[k] + place[k] * r->ld, *to_w = at[k] + place[1 - k] * r->ld;
    for (size_t j = 0; j < n; j++) to_v[j] = v[j];
    for (size_t j = 0; j < n; j++) to_w[j] = r->w[j];
  }
  r->done++;
}

static kfix_status reduce_row(reduction *r, size_t i, kfix_tridiagonal *t) {
  kfix_real *row = row_of(r, i);
  double tau;
  KFIX_TRY(bring_up_to_date(r, i));
  t->d[i] = (double)row[i];
  if (i == 0) return KFIX_OK;
  KFIX_TRY(reflection(r, i, row, &t->e[i - 1], &tau));
  KFIX_TRY(companion(r, i, row, tau));
  keep(r, i, row);
  return KFIX_OK;
}

/* The leading n x n triangle. */
static kfix_status update(const reduction *r, size_t n) {
  for (size_t i = 0; i < n; i += UPDATE_ROWS) {
    const size_t rows = n - i < UPDATE_ROWS ? n - i : UPDATE_ROWS;
    KFIX_TRY(r->d->port->gemm(r->d, KFIX_T, KFIX_N, rows, i + rows, 2 * r->width, -1, r->left + i,
                              r->ld, r->right, r->ld, 1, row_of(r, i), r->lda));
  }
  return KFIX_OK;
}

kfix_status kfix_tridiagonalise(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                                kfix_real *work, kfix_tridiagonal *t) {
  const size_t ld = KFIX_LD(n);
  reduction r = {.d = d, .a = a, .lda = lda, .ld = ld};
  r.left = work;
  r.right = r.left + 2 * BLOCK * ld;
  r.w = r.right + 2 * BLOCK * ld;
  r.symv = r.w + ld;
  r.small = r.symv + KFIX_SYMV_BANDS * ld;
  for (size_t end = n; end > 0; end -= r.width) {
    r.width = end < BLOCK ? end : BLOCK;
    r.done = 0;
    for (size_t i = end; i-- > end - r.width;) KFIX_TRY(reduce_row(&r, i, t));
    KFIX_TRY(update(&r, end - r.width));
  }
  return KFIX_OK;
}
