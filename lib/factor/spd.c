/* SPDX-License-Identifier: Apache-2.0
 * The inverse of a symmetric positive definite matrix by block Gauss-Jordan elimination.
 *
 * One block of rows at a time is swept (the statisticians' sweep operator): with P the pivot block
 * and B the other rows of its columns,
 *     P becomes -P^-1,  B becomes B P^-1,  everything else M becomes M - B P^-1 B^T.
 * After all blocks M is -A^-1. Every step updates the whole triangle, so the work is n / block
 * equal symmetric updates: no triangular solves, no short tail that starves threads, and no second
 * and third pass as in Cholesky, inverse of L, product. What is not yet swept holds Cholesky's
 * Schur complements, so a pivot fails exactly where Cholesky would fail.
 *
 * P^-1 = L^-T L^-1 with L Cholesky's factor of P; W = B L^-T makes the update W W^T symmetric. */
#include "factor/spd.h"

#include <string.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "factor/whiten.h"

_Static_assert(KFIX_SPD_BLOCK(256) <= KFIX_WHITEN_MAX, "a block can be whitened");

/* One step at work: rows and columns first .. first + width - 1 of the n x n matrix a are P. Every
 * product needs a leading dimension: of a packed triangle the panel, the rows and columns of P, is
 * copied out and back. */
typedef struct step {
  size_t n, first, width;
  kfix_real *a;
  size_t lda;
  kfix_real *work;
  kfix_real *left; /* width x first: the rows of P, as far as P */
  size_t ld_left;
  kfix_real *pivot; /* width x width: P, a copy */
  kfix_real *under; /* below x width: the columns of P, under it */
  size_t ld_under;
  kfix_real *w; /* n x width */
} step;

static int is_packed(const step *s) {
  return s->lda == KFIX_PACKED;
}

static kfix_real *row_of(const step *s, size_t i) {
  return s->a + (is_packed(s) ? KFIX_TRIANGLE(i) : i * s->lda);
}

/* Where the panel is worked on. */
static void place_panel(step *s) {
  const size_t b = s->width, end = s->first + b;
  s->pivot = s->work + b * s->first;
  s->w = s->work + s->n * b;
  if (is_packed(s)) {
    s->left = s->work;
    s->ld_left = s->first;
    s->under = s->pivot + b * b;
    s->ld_under = b;
  } else {
    s->left = row_of(s, s->first);
    s->under = end < s->n ? row_of(s, end) + s->first : NULL;
    s->ld_left = s->ld_under = s->lda;
  }
}

static void take_panel(const step *s) {
  const size_t b = s->width, end = s->first + b;
  for (size_t i = 0; i < b; i++) {
    const kfix_real *row = row_of(s, s->first + i);
    if (is_packed(s)) memcpy(s->left + i * s->first, row, s->first * sizeof *row);
    memcpy(s->pivot + i * b, row + s->first, (i + 1) * sizeof *row);
  }
  for (size_t i = end; is_packed(s) && i < s->n; i++)
    memcpy(s->under + (i - end) * b, row_of(s, i) + s->first, b * sizeof *s->under);
}

static void put_panel(const step *s) {
  const size_t b = s->width, end = s->first + b;
  for (size_t i = 0; i < b; i++) {
    kfix_real *row = row_of(s, s->first + i);
    if (is_packed(s)) memcpy(row, s->left + i * s->first, s->first * sizeof *row);
    memcpy(row + s->first, s->w + i * b, (i + 1) * sizeof *row);
  }
  for (size_t i = end; is_packed(s) && i < s->n; i++)
    memcpy(row_of(s, i) + s->first, s->under + (i - end) * b, b * sizeof *s->under);
}

/* B = B P^-1 and M = M - B P^-1 B^T; pivot is L^-1. The rows of B above P are stored as columns to
 * the left of P. Rows of W that belong to P are zero, so that one call of syrk does for all. */
static kfix_status eliminate(const kfix_device *d, const step *s) {
  const kfix_port *port = d->port;
  const size_t b = s->width, end = s->first + b, below = s->n - end;
  kfix_real *w_under = s->w + end * b;
  KFIX_TRY(port->gemm(d, KFIX_T, KFIX_T, s->first, b, b, 1, s->left, s->ld_left, s->pivot, b, 0,
                      s->w, b));
  KFIX_TRY(port->gemm(d, KFIX_N, KFIX_T, below, b, b, 1, s->under, s->ld_under, s->pivot, b, 0,
                      w_under, b));
  for (size_t i = s->first * b; i < end * b; i++) s->w[i] = 0;
  KFIX_TRY(port->syrk(d, KFIX_N, s->n, b, -1, s->w, b, 1, s->a, s->lda));
  KFIX_TRY(port->gemm(d, KFIX_T, KFIX_T, b, s->first, b, 1, s->pivot, b, s->w, b, 0, s->left,
                      s->ld_left));
  return port->gemm(d, KFIX_N, KFIX_N, below, b, b, 1, w_under, b, s->pivot, b, 0, s->under,
                    s->ld_under);
}

static kfix_status sweep(const kfix_device *d, const step *s, size_t *info) {
  take_panel(s);
  const size_t bad = kfix_whiten_block(s->width, s->pivot, s->width);
  if (bad > 0) {
    *info = s->first + bad;
    return KFIX_NOT_POSITIVE;
  }
  if (s->width < s->n) KFIX_TRY(eliminate(d, s));
  KFIX_TRY(d->port->syrk(d, KFIX_T, s->width, s->width, -1, s->pivot, s->width, 0, s->w, s->width));
  put_panel(s);
  return KFIX_OK;
}

/* a = -a. The diagonal bounds the rest of a positive definite matrix, so it tells of overflow. */
static kfix_status negate(const step *s, size_t *info) {
  for (size_t i = 0; i < s->n; i++) {
    kfix_real *row = row_of(s, i);
    for (size_t j = 0; j <= i; j++) row[j] = -row[j];
    if (!(row[i] > 0 && row[i] < INFINITY)) {
      *info = i + 1;
      return KFIX_NOT_POSITIVE;
    }
  }
  return KFIX_OK;
}

kfix_status kfix_spd_inverse(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                             kfix_real *work, size_t *info) {
  const size_t block = KFIX_SPD_BLOCK(n);
  step s = {.n = n, .a = a, .lda = lda, .work = work};
  *info = 0;
  if (!d->port->is_host) return KFIX_PORT;
  for (; s.first < n; s.first += s.width) {
    s.width = n - s.first < block ? n - s.first : block;
    place_panel(&s);
    KFIX_TRY(sweep(d, &s, info));
  }
  return negate(&s, info);
}
