/* SPDX-License-Identifier: Apache-2.0
 * The squared Smith iteration. */
#include "factor/kron_smith.h"

#include <math.h>

#include "core/arithmetic.h"
#include "factor/factor.h"
#include "factor/kron_triangle.h"

/* Both triangles of m from the lower one, by way of a packed copy in work. */
static kfix_status mirror(const kfix_device *d, size_t n, kfix_real *m, kfix_real *work) {
  KFIX_TRY(d->port->pack(d, n, m, KFIX_LD(n), work));
  return d->port->unpack(d, n, work, 0, m, KFIX_LD(n));
}

kfix_status kfix_smith_side_set(const kfix_device *d, size_t n, kfix_real *a, const kfix_real *c,
                                kfix_real *m, kfix_real *scratch, size_t *info) {
  const size_t ld = KFIX_LD(n);
  kfix_real *full = scratch + n * ld;
  KFIX_TRY(kfix_factor_whiten(d, n, a, ld, info));
  KFIX_TRY(d->port->unpack(d, n, c, 0, full, ld));
  KFIX_TRY(kfix_whiten(d, n, a, ld, full, ld, scratch, m, ld));
  return mirror(d, n, m, scratch);
}

/* A power of M in the making: from one half of its room to the other. */
typedef struct power {
  size_t n;
  const kfix_real *now;
  kfix_real *next, *other;
} power;

/* alpha M^2 = alpha M M^T, of which syrk makes one triangle, in `next`. It is mirrored by way of
 * `other`, where the power before the last, or nothing, stands. */
static kfix_status square(const kfix_device *d, power *p, double alpha) {
  const size_t ld = KFIX_LD(p->n);
  KFIX_TRY(d->port->syrk(d, KFIX_N, p->n, p->n, (kfix_real)alpha, p->now, ld, 0, p->next, ld));
  KFIX_TRY(mirror(d, p->n, p->next, p->other));
  kfix_real *made = p->next;
  p->next = p->other;
  p->other = made;
  p->now = made;
  return KFIX_OK;
}

/* Where things are in the scratch: powers of N and M, U, a product on its way, its increment. The
 * last three are dense, rows x cols. */
typedef struct room {
  power n, m;
  kfix_real *u, *half, *increment;
} room;

static room lay_out(const kfix_smith_side *b, const kfix_smith_side *a, kfix_real *scratch) {
  const size_t rows = b->n * KFIX_LD(b->n), cols = a->n * KFIX_LD(a->n);
  room at = {.n = {b->n, b->m, scratch, scratch + rows}};
  scratch += 2 * rows;
  at.m = (power){a->n, a->m, scratch, scratch + cols};
  at.u = scratch + 2 * cols;
  at.half = at.u + KFIX_LD(b->n * a->n);
  at.increment = at.half + KFIX_LD(b->n * a->n);
  return at;
}

/* U += sign N U M. */
static kfix_status add_terms(const kfix_device *d, const room *at, kfix_real sign) {
  const size_t rows = at->n.n, cols = at->m.n;
  KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_N, rows, cols, rows, sign, at->n.now, KFIX_LD(rows), at->u,
                         cols, 0, at->half, cols));
  KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_N, rows, cols, cols, 1, at->half, cols, at->m.now,
                         KFIX_LD(cols), 0, at->increment, cols));
  return d->port->axpby(d, rows * cols, 1, at->u, 1, at->increment, at->u);
}

/* The squared length of the triangle of a power, into a slot. */
static kfix_status measure(const kfix_device *d, const power *p, double *slot) {
  KFIX_TRY(d->port->pack(d, p->n, p->now, KFIX_LD(p->n), p->next));
  return d->port->dot(d, KFIX_TRIANGLE(p->n), p->next, p->next, slot);
}

/* Squares both. Only their product counts, so what makes one grow is given to the other: else a
 * radius above 1 would overflow while the other one vanishes. */
static kfix_status square_both(const kfix_device *d, room *at) {
  double *slot = (double *)(void *)at->half, size[2];
  KFIX_TRY(measure(d, &at->n, slot));
  KFIX_TRY(measure(d, &at->m, slot + 1));
  KFIX_TRY(d->port->download(d, size, slot, sizeof size));
  const double ratio = sqrt(size[0] / size[1]);
  const double balance = ratio > 0 && isfinite(ratio) ? ratio : 1;
  KFIX_TRY(square(d, &at->n, 1 / balance));
  return square(d, &at->m, balance);
}

static kfix_status iterate(const kfix_device *d, room *at, kfix_real sign, unsigned steps) {
  for (unsigned j = 0; j < steps; j++) {
    if (j > 0) KFIX_TRY(square_both(d, at));
    KFIX_TRY(add_terms(d, at, j > 0 ? 1 : -sign));
  }
  return KFIX_OK;
}

kfix_status kfix_smith_solve(const kfix_device *d, const kfix_smith_side *b,
                             const kfix_smith_side *a, kfix_real sign, unsigned steps,
                             const kfix_real *v, size_t ldv, kfix_real *u, size_t ldu,
                             kfix_real *scratch, double *norms) {
  const size_t rows = b->n, cols = a->n, ldb = KFIX_LD(rows), lda = KFIX_LD(cols);
  room at = lay_out(b, a, scratch);
  KFIX_TRY(kfix_lower_times(d, rows, b->inverse, ldb, cols, v, ldv, at.half, cols));
  KFIX_TRY(kfix_times_lower_transposed(d, rows, cols, at.half, cols, a->inverse, lda, at.u, cols));
  KFIX_TRY(iterate(d, &at, sign, steps));
  if (norms) KFIX_TRY(d->port->dot(d, rows * cols, at.u, at.u, &norms[0]));
  if (norms) KFIX_TRY(d->port->dot(d, rows * cols, at.increment, at.increment, &norms[1]));
  KFIX_TRY(kfix_lower_transposed_times(d, rows, b->inverse, ldb, KFIX_N, cols, at.u, cols, at.half,
                                       cols));
  return d->port->gemm(d, KFIX_N, KFIX_N, rows, cols, cols, 1, at.half, cols, a->inverse, lda, 0, u,
                       ldu);
}
