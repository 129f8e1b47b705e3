/* SPDX-License-Identifier: Apache-2.0
 * The squared Smith iteration. */
#include "factor/kron_smith.h"

#include <math.h>

#include "core/arithmetic.h"
#include "factor/factor.h"
#include "factor/kron_triangle.h"

/* ---- a side ---- */

kfix_status kfix_smith_side_set(const kfix_device *d, kfix_real *a, const kfix_real *c,
                                const kfix_smith_side *out, kfix_real *scratch, size_t *info) {
  const size_t n = out->n, ld = KFIX_LD(n), most = KFIX_TRIANGLE(n - 1);
  kfix_real *full = scratch + n * ld, *m = full + n * ld;
  KFIX_TRY(kfix_factor_whiten(d, n, a, ld, info));
  KFIX_TRY(d->port->unpack(d, n, c, 0, full, ld));
  KFIX_TRY(kfix_whiten(d, n, a, ld, full, ld, scratch, m, ld));
  KFIX_TRY(d->port->pack(d, n, a, ld, out->inverse));
  KFIX_TRY(d->port->pack(d, n, m, ld, scratch));
  KFIX_TRY(d->port->copy(d, 1, most, scratch, most, out->rows, most));
  return d->port->copy(d, 1, n, scratch + most, n, out->last, n);
}

/* L^-1 in full, with its zeros. */
static kfix_status unpack_inverse(const kfix_device *d, const kfix_smith_side *s, kfix_real *out) {
  const size_t ld = KFIX_LD(s->n);
  KFIX_TRY(d->port->unpack(d, s->n, s->inverse, 0, out, ld));
  for (size_t i = 0; i + 1 < s->n; i++)
    KFIX_TRY(d->port->fill(d, 1, s->n - 1 - i, 0, out + i * ld + i + 1, ld));
  return KFIX_OK;
}

/* ---- powers ---- */

/* M, or a power of it: n x n of leading dimension KFIX_LD(n). */
typedef struct power {
  size_t n;
  kfix_real *m;
} power;

/* Where things are in the scratch: powers of N and M; a packed triangle of either; a product on its way,
 * rows x cols of leading dimension KFIX_LD(cols). */
typedef struct room {
  power n, m;
  kfix_real *packed, *half;
} room;

static room lay_out(const kfix_smith_side *b, const kfix_smith_side *a, kfix_real *scratch) {
  const size_t most = b->n > a->n ? b->n : a->n;
  room at = {.n = {b->n, scratch}};
  at.m = (power){a->n, scratch + b->n * KFIX_LD(b->n)};
  at.packed = at.m.m + a->n * KFIX_LD(a->n);
  at.half = at.packed + KFIX_LD(KFIX_TRIANGLE(most));
  return at;
}

static kfix_status unpack_m(const kfix_device *d, const kfix_smith_side *s, const room *at,
                            kfix_real *out) {
  const size_t most = KFIX_TRIANGLE(s->n - 1);
  KFIX_TRY(d->port->copy(d, 1, most, s->rows, most, at->packed, most));
  KFIX_TRY(d->port->copy(d, 1, s->n, s->last, s->n, at->packed + most, s->n));
  return d->port->unpack(d, s->n, at->packed, 0, out, KFIX_LD(s->n));
}

/* M = alpha M^2 = alpha M M^T. */
static kfix_status square(const kfix_device *d, const power *p, double alpha, kfix_real *packed) {
  const size_t ld = KFIX_LD(p->n);
  KFIX_TRY(
      d->port->syrk(d, KFIX_N, p->n, p->n, (kfix_real)alpha, p->m, ld, 0, packed, KFIX_PACKED));
  return d->port->unpack(d, p->n, packed, 0, p->m, ld);
}

/* The squared length of the triangle of a power, into a slot. */
static kfix_status measure(const kfix_device *d, const power *p, kfix_real *packed, double *slot) {
  KFIX_TRY(d->port->pack(d, p->n, p->m, KFIX_LD(p->n), packed));
  return d->port->dot(d, KFIX_TRIANGLE(p->n), packed, packed, slot);
}

/* Squared lengths of the triangles of both powers. The slots are where no product is on its way. */
static kfix_status measure_both(const kfix_device *d, const room *at, double *size) {
  double *slot = (double *)(void *)at->half;
  KFIX_TRY(measure(d, &at->n, at->packed, slot));
  KFIX_TRY(measure(d, &at->m, at->packed, slot + 1));
  return d->port->download(d, size, slot, 2 * sizeof *size);
}

/* Squares both. Only their product counts, so what makes one grow is given to the other: else one
 * would overflow while the other one vanishes. */
static kfix_status square_both(const kfix_device *d, const room *at, const double *size) {
  const double ratio = sqrt(size[0] / size[1]);
  const double balance = ratio > 0 && isfinite(ratio) ? ratio : 1;
  KFIX_TRY(square(d, &at->n, 1 / balance, at->packed));
  return square(d, &at->m, balance, at->packed);
}

/* ---- the iteration ---- */

/* U, dense or not; at NULL: no U, only its course. */
typedef struct solution {
  kfix_real *at;
  size_t ld;
  kfix_real sign;
} solution;

/* U += sign N U M. */
static kfix_status add_terms(const kfix_device *d, const room *at, const solution *u,
                             kfix_real sign) {
  const size_t rows = at->n.n, cols = at->m.n, ld = KFIX_LD(cols);
  KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_N, rows, cols, rows, sign, at->n.m, KFIX_LD(rows), u->at,
                         u->ld, 0, at->half, ld));
  return d->port->gemm(d, KFIX_N, KFIX_N, rows, cols, cols, 1, at->half, ld, at->m.m, ld, 1, u->at,
                       u->ld);
}

/* The 2^j-th root of what q^(2^j) is about. */
static double root_of(double product, unsigned j) {
  for (; j > 0; j--) product = sqrt(product);
  return product;
}

/* From M and N on. */
static kfix_status iterate(const kfix_device *d, const room *at, double tolerance,
                           const solution *u, kfix_smith_course *course) {
  const double never = sqrt((double)at->n.n * (double)at->m.n);
  for (unsigned j = 0;; j++) {
    double size[2];
    KFIX_TRY(measure_both(d, at, size));
    const double product = sqrt(size[0]) * sqrt(size[1]), p = 2 * product;
    *course = (kfix_smith_course){j + 1, root_of(product, j)};
    if (p * p <= tolerance) break;
    if (!(product < never) || j + 1 == KFIX_SMITH_STEPS_MAX) return KFIX_NOT_CONVERGED;
    if (u->at) KFIX_TRY(add_terms(d, at, u, j > 0 ? 1 : -u->sign));
    KFIX_TRY(square_both(d, at, size));
  }
  return u->at ? add_terms(d, at, u, course->steps > 1 ? 1 : -u->sign) : KFIX_OK;
}

static kfix_status run(const kfix_device *d, const kfix_smith_side *b, const kfix_smith_side *a,
                       const room *at, double tolerance, const solution *u,
                       kfix_smith_course *course) {
  KFIX_TRY(unpack_m(d, b, at, at->n.m));
  KFIX_TRY(unpack_m(d, a, at, at->m.m));
  return iterate(d, at, tolerance, u, course);
}

kfix_status kfix_smith_course_of(const kfix_device *d, const kfix_smith_side *b,
                                 const kfix_smith_side *a, double tolerance, kfix_real *scratch,
                                 kfix_smith_course *course) {
  const room at = lay_out(b, a, scratch);
  const solution none = {NULL, 0, 1};
  return run(d, b, a, &at, tolerance, &none, course);
}

/* U = L_B^-1 V L_A^-T. */
static kfix_status whiten(const kfix_device *d, const kfix_smith_side *b, const kfix_smith_side *a,
                          const room *at, const kfix_real *v, size_t ldv, const solution *u) {
  const size_t rows = b->n, cols = a->n, ld = KFIX_LD(cols);
  KFIX_TRY(unpack_inverse(d, b, at->n.m));
  KFIX_TRY(kfix_lower_times(d, rows, at->n.m, KFIX_LD(rows), cols, v, ldv, at->half, ld));
  KFIX_TRY(unpack_inverse(d, a, at->m.m));
  return kfix_times_lower_transposed(d, rows, cols, at->half, ld, at->m.m, ld, u->at, u->ld);
}

/* U = scale L_B^-T U L_A^-1. */
static kfix_status unwhiten(const kfix_device *d, const kfix_smith_side *b,
                            const kfix_smith_side *a, const room *at, kfix_real scale,
                            const solution *u) {
  const size_t rows = b->n, cols = a->n, ld = KFIX_LD(cols);
  KFIX_TRY(unpack_inverse(d, b, at->n.m));
  KFIX_TRY(kfix_lower_transposed_times(d, rows, at->n.m, KFIX_LD(rows), KFIX_N, cols, u->at, u->ld,
                                       at->half, ld));
  KFIX_TRY(unpack_inverse(d, a, at->m.m));
  return d->port->gemm(d, KFIX_N, KFIX_N, rows, cols, cols, scale, at->half, ld, at->m.m, ld, 0,
                       u->at, u->ld);
}

kfix_status kfix_smith_solve(const kfix_device *d, const kfix_smith_side *b,
                             const kfix_smith_side *a, kfix_real sign, double tolerance,
                             kfix_real scale, const kfix_real *v, size_t ldv, kfix_real *u,
                             size_t ldu, kfix_real *scratch, kfix_smith_course *course) {
  const room at = lay_out(b, a, scratch);
  const solution out = {u, ldu, sign};
  KFIX_TRY(whiten(d, b, a, &at, v, ldv, &out));
  KFIX_TRY(run(d, b, a, &at, tolerance, &out, course));
  return unwhiten(d, b, a, &at, scale, &out);
}
