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

/* One step at work: rows and columns first .. first + width - 1 of the n x n matrix a are P. */
typedef struct step {
  size_t n, first, width;
  kfix_real *a;
  size_t lda;
  kfix_real *b, *w; /* n x width each; rows of P are zero */
} step;

static void gather(const step *s) {
  const size_t end = s->first + s->width;
  for (size_t p = s->first; p < end; p++) {
    for (size_t i = 0; i < s->first; i++) {
      s->b[i * s->width + (p - s->first)] = s->a[p * s->lda + i];
    }
  }
  for (size_t i = s->first * s->width; i < end * s->width; i++) s->b[i] = 0;
  for (size_t i = end; i < s->n; i++) {
    for (size_t p = 0; p < s->width; p++) {
      s->b[i * s->width + p] = s->a[i * s->lda + s->first + p];
    }
  }
}

static void scatter(const step *s) {
  const size_t end = s->first + s->width;
  for (size_t p = s->first; p < end; p++) {
    for (size_t i = 0; i < s->first; i++) {
      s->a[p * s->lda + i] = s->b[i * s->width + (p - s->first)];
    }
  }
  for (size_t i = end; i < s->n; i++) {
    for (size_t p = 0; p < s->width; p++) {
      s->a[i * s->lda + s->first + p] = s->b[i * s->width + p];
    }
  }
}

/* b = B P^-1 and M = M - B P^-1 B^T; pivot is L^-1. */
static kfix_status eliminate(const kfix_device *d, const step *s, const kfix_real *pivot) {
  const kfix_port *port = d->port;
  const size_t n = s->n, width = s->width;
  gather(s);
  KFIX_TRY(port->gemm(d, KFIX_N, KFIX_T, n, width, width, 1, s->b, width, pivot, s->lda, 0, s->w,
                      width));
  KFIX_TRY(port->syrk(d, KFIX_N, n, width, -1, s->w, width, 1, s->a, s->lda));
  KFIX_TRY(port->gemm(d, KFIX_N, KFIX_N, n, width, width, 1, s->w, width, pivot, s->lda, 0, s->b,
                      width));
  scatter(s);
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

/* b and w share `work`, so that twice the width fits into n. */
static size_t block_of(size_t n) {
  if (n <= KFIX_SPD_BLOCK) return n;
  return n < 2 * KFIX_SPD_BLOCK ? KFIX_SPD_BLOCK / 2 : KFIX_SPD_BLOCK;
}

kfix_status kfix_spd_inverse(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                             kfix_real *work, size_t *info) {
  const size_t block = block_of(n);
  *info = 0;
  if (!d->port->is_host) return KFIX_PORT;
  for (size_t first = 0; first < n; first += block) {
    const size_t width = n - first < block ? n - first : block;
    kfix_real *w = width < n ? work + n * width : work;
    const step s = {n, first, width, a, lda, work, w};
    KFIX_TRY(sweep(d, &s, info));
  }
  return negate(n, a, lda, info);
}
