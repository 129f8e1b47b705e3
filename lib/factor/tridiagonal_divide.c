/* SPDX-License-Identifier: Apache-2.0
 * The tridiagonal eigenproblem by divide and conquer (Cuppen 1981; Gu and Eisenstat 1995), from the
 * bottom up. All couplings between leaves are torn first; then neighbours are merged, level by
 * level. Eigenvectors are rows. */
#include <math.h>

#include "core/arithmetic.h"
#include "core/elementary.h"
#include "factor/tridiagonal_merge.h"

/* Leaves have at most this order. */
#define LEAF 16

static size_t count_leaves(size_t n) {
  size_t leaves = 1;
  while (n / leaves > LEAF) leaves *= 2;
  return leaves;
}

/* First row of part `index` of `parts`. */
static size_t begin_of(size_t n, size_t parts, size_t index) {
  return n * index / parts;
}

/* The largest row sum, which bounds the norm. */
static double norm_of(const kfix_tridiagonal *t) {
  double norm = 0;
  for (size_t i = 0; i < t->n; i++) {
    const double before = i > 0 ? fabs(t->e[i - 1]) : 0;
    const double after = i + 1 < t->n ? fabs(t->e[i]) : 0;
    const double sum = before + fabs(t->d[i]) + after;
    if (sum > norm) norm = sum;
  }
  return norm;
}

/* T = blocks + |e| u u^T at each tear, u = the last unit vector of the left block and that, times
 * the sign of e, of the first of the right one. */
static void tear(const kfix_tridiagonal *t, size_t leaves) {
  for (size_t i = 1; i < leaves; i++) {
    const size_t at = begin_of(t->n, leaves, i);
    t->d[at - 1] -= fabs(t->e[at - 1]);
    t->d[at] -= fabs(t->e[at - 1]);
  }
}

static size_t solve_leaves(const kfix_tridiagonal *t, size_t leaves, const kfix_merge_room *room) {
  for (size_t i = 0; i < leaves; i++) {
    const size_t first = begin_of(t->n, leaves, i), end = begin_of(t->n, leaves, i + 1);
    const kfix_tridiagonal leaf = {end - first, t->d + first, t->e + first};
    const size_t bad = kfix_tridiagonal_qr(&leaf, room->rows + first * room->ld + first, room->ld);
    if (bad > 0) return first + bad;
    for (size_t j = 0; j < leaf.n; j++) room->order[first + j] = (uint32_t)j;
  }
  return 0;
}

kfix_status kfix_tridiagonal_divide(const kfix_device *d, const kfix_tridiagonal *t,
                                    const kfix_merge_room *room, size_t *info) {
  const size_t n = t->n, leaves = count_leaves(n);
  const double norm = norm_of(t);
  tear(t, leaves);
  *info = solve_leaves(t, leaves, room);
  if (*info > 0) return KFIX_NOT_CONVERGED;
  for (size_t parts = leaves; parts > 1; parts /= 2) {
    for (size_t i = 0; i < parts; i += 2) {
      const kfix_merge m = {.d = d,
                            .t = t,
                            .room = room,
                            .first = begin_of(n, parts, i),
                            .middle = begin_of(n, parts, i + 1),
                            .end = begin_of(n, parts, i + 2),
                            .norm = norm};
      KFIX_TRY(kfix_tridiagonal_merge(&m));
    }
  }
  return KFIX_OK;
}
