/* SPDX-License-Identifier: Apache-2.0
 * diag(d) + weight z z^T, of which z is a row of each block's eigenvectors: deflate, solve the
 * secular equation for what is left, multiply its eigenvectors with those of the blocks. */
#include "factor/tridiagonal_merge.h"

#include <math.h>
#include <string.h>

#include "core/arithmetic.h"
#include "core/elementary.h"

/* What is not zero in a row; kept rows are sorted by it, so that zeros are left out of products. */
enum { LEFT, BOTH, RIGHT, KINDS };

/* A change of T of so many eps norm is let go. */
#define NEGLIGIBLE 4

/* A merge at work. */
typedef struct work {
  const kfix_merge *m;
  const kfix_merge_room *room;
  size_t n, left; /* rows of both blocks, of the first */
  double weight;
  double *d;               /* of the blocks */
  kfix_real *rows;         /* of the blocks */
  size_t kept, dropped;    /* how many */
  size_t of_kind[KINDS];   /* of those kept */
  kfix_real *packed_right; /* after the left parts in room->packed */
  kfix_real *packed_dropped;
} work;

void kfix_merge_lay_out(size_t n, kfix_real *at, kfix_merge_room *room) {
  const size_t ld = KFIX_LD(n);
  double *x = (double *)(void *)at;
  double **doubles[] = {&room->z,      &room->pole,       &room->kept_z, &room->origin,
                        &room->offset, &room->mixed_pole, &room->mixed_z};
  for (size_t i = 0; i < sizeof doubles / sizeof doubles[0]; i++, x += ld) *doubles[i] = x;
  uint32_t *u = (uint32_t *)(void *)x;
  uint32_t **indices[] = {&room->order, &room->sorted, &room->kept, &room->dropped};
  for (size_t i = 0; i < sizeof indices / sizeof indices[0]; i++, u += ld) *indices[i] = u;
  room->kind = (uint8_t *)u;
}

static kfix_real *row_of(const work *w, size_t i) {
  return w->rows + i * w->room->ld;
}

/* z of length 1, and the weight that goes with it. */
static void find_z(work *w) {
  const double coupling = w->m->t->e[w->m->middle - 1], scale = sqrt(0.5);
  w->weight = 2 * fabs(coupling);
  for (size_t i = 0; i < w->n; i++) {
    const int left = i < w->left;
    const double x = (double)row_of(w, i)[left ? w->left - 1 : w->left] * scale;
    w->room->z[i] = left || coupling > 0 ? x : -x;
    w->room->kind[i] = left ? LEFT : RIGHT;
  }
}

/* out = the rows that a and b list, by ascending value; of equals, a's first. b's count from
 * `after`. */
static void merge_lists(const double *d, const uint32_t *a, size_t count_a, const uint32_t *b,
                        size_t count_b, size_t after, uint32_t *out) {
  size_t i = 0, j = 0;
  while (i < count_a || j < count_b) {
    const int take_a = j == count_b || (i < count_a && d[a[i]] <= d[b[j] + after]);
    *out++ = take_a ? a[i++] : (uint32_t)(b[j++] + after);
  }
}

/* Makes row i a whole row. */
static void widen(const work *w, size_t i) {
  kfix_real *row = row_of(w, i);
  if (w->room->kind[i] == LEFT) memset(row + w->left, 0, (w->n - w->left) * sizeof *row);
  if (w->room->kind[i] == RIGHT) memset(row, 0, w->left * sizeof *row);
  w->room->kind[i] = BOTH;
}

/* Into the list of dropped rows, by ascending value. */
static void drop(work *w, size_t i) {
  uint32_t *list = w->room->dropped;
  size_t at = w->dropped++;
  for (; at > 0 && w->d[list[at - 1]] > w->d[i]; at--) list[at] = list[at - 1];
  list[at] = (uint32_t)i;
}

static void keep(work *w, size_t i) {
  w->room->kept[w->kept++] = (uint32_t)i;
}

/* Turns rows i and j so that z_i vanishes. */
static void rotate(const work *w, size_t i, size_t j, double c, double s) {
  const double di = w->d[i], dj = w->d[j];
  const kfix_real cr = (kfix_real)c, sr = (kfix_real)s;
  kfix_real *x = row_of(w, i), *y = row_of(w, j);
  if (w->room->kind[i] != w->room->kind[j]) {
    widen(w, i);
    widen(w, j);
  }
  const size_t begin = w->room->kind[i] == RIGHT ? w->left : 0;
  const size_t end = w->room->kind[i] == LEFT ? w->left : w->n;
  for (size_t k = begin; k < end; k++) {
    const kfix_real old = x[k];
    x[k] = cr * old + sr * y[k];
    y[k] = cr * y[k] - sr * old;
  }
  w->d[i] = c * c * di + s * s * dj;
  w->d[j] = s * s * di + c * c * dj;
}

/* Sorts rows into those that stay as they are and those that the coupling changes: where z is
 * negligible, or where a rotation of two close eigenvalues makes it zero. */
static void deflate(work *w) {
  const double tolerance = NEGLIGIBLE * (double)KFIX_REAL_EPS * w->m->norm;
  double *z = w->room->z;
  size_t last = w->n; /* the last row that is not dropped; n: none */
  for (size_t k = 0; k < w->n; k++) {
    const size_t i = w->room->sorted[k];
    if (w->weight * fabs(z[i]) <= tolerance) {
      drop(w, i);
      continue;
    }
    if (last < w->n) {
      const double r = sqrt(z[i] * z[i] + z[last] * z[last]), c = z[i] / r, s = -z[last] / r;
      if (fabs((w->d[i] - w->d[last]) * c * s) <= tolerance) {
        z[i] = r;
        rotate(w, last, i, c, s);
        drop(w, last);
      } else {
        keep(w, last);
      }
    }
    last = i;
  }
  if (last < w->n) keep(w, last);
}

/* Copies what is not zero of the kept rows, sorted by kind, then the dropped rows; place[k] = where
 * kept row k went. */
static void pack(work *w, uint32_t *place) {
  const size_t n = w->n, left = w->left, right = n - left;
  size_t next[KINDS] = {0};
  for (size_t k = 0; k < w->kept; k++) w->of_kind[w->room->kind[w->room->kept[k]]]++;
  next[BOTH] = w->of_kind[LEFT];
  next[RIGHT] = next[BOTH] + w->of_kind[BOTH];
  w->packed_right = w->room->packed + next[RIGHT] * left;
  w->packed_dropped = w->packed_right + (w->kept - w->of_kind[LEFT]) * right;
  for (size_t k = 0; k < w->kept; k++) {
    const size_t i = w->room->kept[k], kind = w->room->kind[i], at = next[kind]++;
    const kfix_real *row = row_of(w, i);
    if (kind != RIGHT) memcpy(w->room->packed + at * left, row, left * sizeof *row);
    if (kind != LEFT)
      memcpy(w->packed_right + (at - w->of_kind[LEFT]) * right, row + left, right * sizeof *row);
    place[k] = (uint32_t)at;
  }
  for (size_t k = 0; k < w->dropped; k++) {
    widen(w, w->room->dropped[k]);
    memcpy(w->packed_dropped + k * n, row_of(w, w->room->dropped[k]), n * sizeof(kfix_real));
  }
}

/* Poles and z of the kept rows, ascending, with the padding that the kernels read. */
static void find_poles(const work *w) {
  const kfix_merge_room *room = w->room;
  for (size_t k = 0; k < w->kept; k++) {
    room->pole[k] = w->d[room->kept[k]];
    room->kept_z[k] = room->z[room->kept[k]];
  }
  for (size_t k = w->kept; k % 4 != 0; k++) {
    room->pole[k] = INFINITY;
    room->kept_z[k] = 0;
  }
}

/* Row i of mix = eigenvector i of the kept problem, its elements in the order of the packed rows. */
static kfix_status solve_kept(const work *w, const uint32_t *place) {
  const kfix_merge_room *room = w->room;
  const kfix_eigen_kernels *run = w->m->d->port->eigen;
  double square = 0;
  for (size_t k = 0; k < w->kept; k++) square += room->kept_z[k] * room->kept_z[k];
  kfix_secular s = {.n = w->kept,
                    .inverse_weight = 1 / w->weight,
                    .reach = w->weight * square * (1 + 1e-12),
                    .tolerance = (double)KFIX_REAL_EPS * (KFIX_REAL_BYTES == 4 ? 0.5 : 8),
                    .pole = room->pole,
                    .z = room->kept_z,
                    .origin = room->origin,
                    .offset = room->offset,
                    .weight = room->z};
  KFIX_TRY(run->secular_roots(w->m->d, &s));
  KFIX_TRY(run->secular_weights(w->m->d, &s));
  for (size_t k = 0; k < w->kept; k++) {
    room->mixed_pole[place[k]] = room->pole[k];
    room->mixed_z[place[k]] = room->z[k];
  }
  s.pole = room->mixed_pole;
  s.weight = room->mixed_z;
  return run->secular_vectors(w->m->d, &s, room->mix, room->ld_mix);
}

/* The new rows: first the kept ones, then the dropped ones. */
static kfix_status multiply(const work *w) {
  const kfix_merge_room *room = w->room;
  const kfix_device *d = w->m->d;
  const size_t left = w->left, right = w->n - left, k = w->kept;
  const size_t skip = w->of_kind[LEFT];
  KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_N, k, left, k - w->of_kind[RIGHT], 1, room->mix,
                         room->ld_mix, room->packed, left, 0, w->rows, room->ld));
  KFIX_TRY(d->port->gemm(d, KFIX_N, KFIX_N, k, right, k - skip, 1, room->mix + skip, room->ld_mix,
                         w->packed_right, right, 0, w->rows + left, room->ld));
  for (size_t i = 0; i < w->dropped; i++)
    memcpy(row_of(w, k + i), w->packed_dropped + i * w->n, w->n * sizeof(kfix_real));
  return KFIX_OK;
}

/* Eigenvalues by row, and their order. */
static void finish(const work *w) {
  const kfix_merge_room *room = w->room;
  for (size_t k = 0; k < w->dropped; k++) room->z[k] = w->d[room->dropped[k]];
  for (size_t k = 0; k < w->kept; k++) w->d[k] = room->origin[k] + room->offset[k];
  for (size_t k = 0; k < w->dropped; k++) w->d[w->kept + k] = room->z[k];
  for (size_t k = 0; k < w->n; k++) room->sorted[k] = (uint32_t)k;
  merge_lists(w->d, room->sorted, w->kept, room->sorted, w->dropped, w->kept,
              room->order + w->m->first);
}

kfix_status kfix_tridiagonal_merge(const kfix_merge *m) {
  const kfix_merge_room *room = m->room;
  work w = {.m = m,
            .room = room,
            .n = m->end - m->first,
            .left = m->middle - m->first,
            .d = m->t->d + m->first,
            .rows = room->rows + m->first * room->ld + m->first};
  uint32_t *order = room->order + m->first, *place = room->sorted;
  find_z(&w);
  merge_lists(w.d, order, w.left, order + w.left, w.n - w.left, w.left, room->sorted);
  deflate(&w);
  find_poles(&w);
  pack(&w, place);
  if (w.kept > 0) KFIX_TRY(solve_kept(&w, place));
  KFIX_TRY(multiply(&w));
  finish(&w);
  return KFIX_OK;
}
