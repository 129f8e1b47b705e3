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
#include "dense/spd.h"

#include "core/elementary.h"
#include "dense/whiten.h"

/* Below this order the scalar work on P costs more than short updates do. */
#define SMALL 256

/* One step at work: rows and columns first .. first + width - 1 of the n x n matrix a are P. */
typedef struct step {
  size_t n, first, width;
  kfix_real *a;
  size_t lda;
  kfix_real *w; /* n x width */
} step;

/* B = B P^-1 and M = M - B P^-1 B^T; pivot is L^-1. The rows of B above P are stored as columns to
 * the left of P. Rows of W that belong to P are zero, so that one call of syrk does for all. */
static kfix_status eliminate(const kfix_device *d, const step *s, const kfix_real *pivot) {
  const kfix_port *port = d->port;
  const size_t ld = s->lda, b = s->width, end = s->first + b, below = s->n - end;
  kfix_real *left = s->a + s->first * ld, *under = s->a + end * ld + s->first;
  kfix_real *w_under = s->w + end * b;
  KFIX_TRY(port->gemm(d, KFIX_T, KFIX_T, s->first, b, b, 1, left, ld, pivot, ld, 0, s->w, b));
  KFIX_TRY(port->gemm(d, KFIX_N, KFIX_T, below, b, b, 1, under, ld, pivot, ld, 0, w_under, b));
  for (size_t i = s->first * b; i < end * b; i++) s->w[i] = 0;
  KFIX_TRY(port->syrk(d, KFIX_N, s->n, b, -1, s->w, b, 1, s->a, ld));
  KFIX_TRY(port->gemm(d, KFIX_T, KFIX_T, b, s->first, b, 1, pivot, ld, s->w, b, 0, left, ld));
  KFIX_TRY(port->gemm(d, KFIX_N, KFIX_N, below, b, b, 1, w_under, b, pivot, ld, 0, under, ld));
  return KFIX_OK;
}

static kfix_status sweep(const kfix_device *d, const step *s, size_t *info) {
  kfix_real *pivot = s->a + s->first * s->lda + s->first;
  const size_t bad = kfix_whiten_block(s->width, pivot, s->lda);
  if (bad > 0) {
    *info = s->first + bad;
    return KFIX_NOT_POSITIVE;
  }
  if (s->width < s->n) KFIX_TRY(eliminate(d, s, pivot));
  KFIX_TRY(d->port->syrk(d, KFIX_T, s->width, s->width, -1, pivot, s->lda, 0, s->w, s->width));
  for (size_t i = 0; i < s->width; i++) {
    for (size_t j = 0; j <= i; j++) pivot[i * s->lda + j] = s->w[i * s->width + j];
  }
  return KFIX_OK;
}

/* a = -a. The diagonal bounds the rest of a positive definite matrix, so it tells of overflow. */
static kfix_status negate(size_t n, kfix_real *a, size_t lda, size_t *info) {
  for (size_t i = 0; i < n; i++) {
    kfix_real *row = a + i * lda;
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
  const size_t block = n < SMALL ? KFIX_WHITEN_MAX / 2 : KFIX_WHITEN_MAX;
  *info = 0;
  if (!d->port->is_host) return KFIX_PORT;
  for (size_t first = 0; first < n; first += block) {
    const size_t width = n - first < block ? n - first : block;
    const step s = {n, first, width, a, lda, work};
    KFIX_TRY(sweep(d, &s, info));
  }
  return negate(n, a, lda, info);
}
