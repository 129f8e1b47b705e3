/* SPDX-License-Identifier: Apache-2.0
 * The symmetric eigenproblem: scale, reduce to tridiagonal form, solve, transform back, choose
 * signs. */
#include "factor/eigen.h"

#include <math.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "factor/tridiagonal_merge.h"

#define LEAST_EXPONENT (KFIX_REAL_BYTES == 4 ? -126 : -1022)

/* Rows that are transposed at a time: a line of the cache. */
#define TURN (KFIX_ALIGN / KFIX_REAL_BYTES)

/* Elements at a time, in loops that the compiler turns into vectors. */
#define LANES 8

typedef struct extremes {
  kfix_real least, most; /* at most 0, at least 0 */
  int finite;
} extremes;

static void extend(extremes *e, kfix_real x) {
  e->least = x < e->least ? x : e->least;
  e->most = x > e->most ? x : e->most;
}

/* x - x is 0 for finite x, NaN otherwise. */
static extremes extremes_of(size_t n, const kfix_real *x) {
  kfix_real least[LANES] = {0}, most[LANES] = {0}, bad[LANES] = {0};
  extremes e = {0, 0, 1};
  size_t j = 0;
  for (; j + LANES <= n; j += LANES) {
    for (size_t l = 0; l < LANES; l++) least[l] = x[j + l] < least[l] ? x[j + l] : least[l];
    for (size_t l = 0; l < LANES; l++) most[l] = x[j + l] > most[l] ? x[j + l] : most[l];
    for (size_t l = 0; l < LANES; l++) bad[l] += x[j + l] - x[j + l];
  }
  for (size_t l = 0; j + l < n; l++) {
    extend(&e, x[j + l]);
    bad[l] += x[j + l] - x[j + l];
  }
  for (size_t l = 0; l < LANES; l++) {
    extend(&e, least[l]);
    extend(&e, most[l]);
    e.finite &= bad[l] == 0;
  }
  return e;
}

/* *largest = the largest magnitude in the lower triangle. Returns 0, or the 1-based row of an
 * element that is not finite. */
static size_t measure(size_t n, const kfix_real *a, size_t lda, kfix_real *largest) {
  *largest = 0;
  for (size_t i = 0; i < n; i++) {
    const extremes e = extremes_of(i + 1, a + i * lda);
    if (!e.finite) return i + 1;
    if (e.most > *largest) *largest = e.most;
    if (-e.least > *largest) *largest = -e.least;
  }
  return 0;
}

/* e with 2^-e times the largest element in [1/2, 1), and 2^-e finite. */
static int exponent_of(kfix_real largest) {
  int exponent;
  (void)frexp((double)largest, &exponent);
  return exponent < LEAST_EXPONENT ? LEAST_EXPONENT : exponent;
}

static kfix_status scale_lower(const kfix_device *d, size_t n, kfix_real *a, size_t lda,
                               kfix_real factor) {
  for (size_t i = 0; i < n; i++)
    KFIX_TRY(d->port->axpby(d, i + 1, factor, a + i * lda, 0, NULL, a + i * lda));
  return KFIX_OK;
}

/* The sign of the element of largest magnitude, the first of equals. */
static kfix_real sign_of(size_t n, const kfix_real *x) {
  const extremes e = extremes_of(n, x);
  size_t j = 0;
  if (-e.least != e.most) return -e.least > e.most ? -1 : 1;
  while (j + 1 < n && x[j] != e.least && x[j] != e.most) j++;
  return x[j] < 0 ? -1 : 1;
}

/* Row i of x, times its sign, becomes column i of out, in the order that `order` gives. */
static void turn(size_t n, const kfix_real *x, size_t ldx, const uint32_t *order, kfix_real *out,
                 size_t ldo) {
  for (size_t j = 0; j < n; j += TURN) {
    const size_t count = n - j < TURN ? n - j : TURN;
    const kfix_real *row[TURN];
    kfix_real sign[TURN];
    for (size_t k = 0; k < count; k++) {
      row[k] = x + order[j + k] * ldx;
      sign[k] = sign_of(n, row[k]);
    }
    for (size_t i = 0; i < n; i++)
      for (size_t k = 0; k < count; k++) out[i * ldo + j + k] = sign[k] * row[k][i];
  }
}

/* Where things are in the scratch. */
typedef struct room {
  kfix_tridiagonal t;
  kfix_merge_room merge;
  kfix_real *work; /* for the way there and back; in between its beginning is merge.packed */
} room;

static room lay_out(size_t n, kfix_real *scratch, kfix_real *vectors, size_t ldv) {
  const size_t ld = KFIX_LD(n), doubles = ld * sizeof(double) / sizeof(kfix_real);
  room r = {.t = {n, (double *)(void *)scratch, (double *)(void *)(scratch + doubles)}};
  kfix_merge_lay_out(n, scratch + 2 * doubles, &r.merge);
  r.merge.rows = scratch + 2 * doubles + KFIX_MERGE_REALS(n);
  r.merge.ld = ld;
  r.merge.mix = vectors;
  r.merge.ld_mix = ldv;
  r.merge.packed = r.work = r.merge.rows + n * ld;
  return r;
}

kfix_status kfix_eigen(const kfix_device *d, size_t n, kfix_real *a, size_t lda, kfix_real *values,
                       kfix_real *vectors, size_t ldv, kfix_real *scratch, size_t *info) {
  const size_t ld = KFIX_LD(n);
  room r = lay_out(n, scratch, vectors, ldv);
  kfix_real largest;
  *info = 0;
  if (!d->port->is_host || !d->port->eigen) return KFIX_PORT;
  if (n == 0) return KFIX_OK;
  *info = measure(n, a, lda, &largest);
  if (*info > 0) return KFIX_NOT_CONVERGED;
  const int exponent = exponent_of(largest);
  KFIX_TRY(scale_lower(d, n, a, lda, (kfix_real)ldexp(1, -exponent)));
  KFIX_TRY(kfix_tridiagonalise(d, n, a, lda, r.work, &r.t));
  KFIX_TRY(kfix_tridiagonal_divide(d, &r.t, &r.merge, info));
  KFIX_TRY(kfix_reflect_rows(d, n, a, lda, r.merge.rows, ld, r.work));
  turn(n, r.merge.rows, ld, r.merge.order, vectors, ldv);
  for (size_t i = 0; i < n; i++) values[i] = (kfix_real)ldexp(r.t.d[r.merge.order[i]], exponent);
  return KFIX_OK;
}
