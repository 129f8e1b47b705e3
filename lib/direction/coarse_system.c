/* SPDX-License-Identifier: Apache-2.0
 * The small system of a coarse space: read from the device, solved on the host in double. */
#include <math.h>

#include "core/arithmetic.h"
#include "direction/coarse.h"

/* Element (i, j) of a packed triangle. */
static double at(const double *f, size_t i, size_t j) {
  return i >= j ? f[KFIX_TRIANGLE(i) + j] : f[KFIX_TRIANGLE(j) + i];
}

/* ---- from the device ---- */

static double *number_at(const kfix *k, size_t i) {
  return (double *)(void *)k->along[KFIX_COARSE_NUMBERS].at[0] + i;
}

/* Column i j of a block: its products with the gradient, with Delta, and with those of the same block up to
 * itself. Numbers of a block stand together: first two for each column, then the triangle. */
static kfix_status put_numbers(kfix *k, uint32_t i, uint32_t columns, const kfix_real *delta) {
  const kfix_block *b = &k->block[i];
  const size_t count = KFIX_W_COUNT(b->cols, b->out);
  const size_t first = (size_t)i * (2 * (size_t)columns + KFIX_TRIANGLE(columns));
  const kfix_real *gradient = k->buffer[KFIX_NET_GRADIENT].at[0] + b->w;
  for (uint32_t j = 0; j < columns; j++) {
    const kfix_real *v = kfix_coarse_column(k, j) + b->w;
    KFIX_RUN(k, dot, count, v, gradient, number_at(k, first + 2 * (size_t)j));
    KFIX_RUN(k, dot, count, v, delta + b->w, number_at(k, first + 2 * (size_t)j + 1));
    for (uint32_t o = 0; o <= j; o++)
      KFIX_RUN(k, dot, count, v, kfix_coarse_column(k, o) + b->w,
               number_at(k, first + 2 * (size_t)columns + KFIX_TRIANGLE(j) + o));
  }
  return KFIX_OK;
}

/* mu^T mu / mass and mu^T J^T Delta / mass. */
static kfix_status put_gram(kfix *k, const kfix_coarse *w) {
  const kfix_real part = (kfix_real)(1 / w->f.mass);
  KFIX_RUN(k, syrk, KFIX_T, w->n, w->f.rows, part, w->mu.at, w->mu.ld, 0,
           k->along[KFIX_COARSE_GRAM].at[0], KFIX_PACKED);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, w->n, 1, w->f.rows, part, w->mu.at, w->mu.ld,
           k->along[KFIX_COARSE_OF_DELTA].at[0], 1, 0, k->along[KFIX_COARSE_RIGHT].at[0], 1);
  return KFIX_OK;
}

/* Reals of the device as doubles; room: as many. */
static kfix_status download(kfix *k, const kfix_real *from, size_t count, kfix_real *room,
                            double *out) {
  KFIX_RUN(k, download, room, from, count * sizeof *room);
  for (size_t i = 0; i < count; i++) out[i] = room[i];
  return KFIX_OK;
}

/* F_coarse += damping V_i^T V_i, b = R0 (gradient + damping Delta) + mu^T J^T Delta / mass, and R0 gradient. */
static void add_numbers(const kfix *k, const kfix_coarse *w, const double *numbers,
                        double *gradient, kfix_coarse_system *s) {
  const size_t depth = k->depth, columns = w->columns;
  const double damping = w->phase->damping;
  for (size_t i = 0; i < depth; i++) {
    const double *own = numbers + i * (2 * columns + KFIX_TRIANGLE(columns));
    for (size_t j = 0; j < columns; j++) {
      const size_t c = j * depth + i;
      gradient[c] = own[2 * j];
      s->b[c] += own[2 * j] + damping * own[2 * j + 1];
      for (size_t o = 0; o <= j; o++)
        s->f[KFIX_TRIANGLE(c) + o * depth + i] += damping * own[2 * columns + KFIX_TRIANGLE(j) + o];
    }
  }
}

/* |J^T Delta|^2 / mass + damping |Delta|^2. */
static kfix_status read_form(kfix *k, const kfix_coarse *w, const kfix_real *delta, double *form) {
  const kfix_real *sum = k->along[KFIX_COARSE_OF_DELTA].at[0];
  double *at = kfix_slot_at(k, KFIX_SLOT_UU), slot[2];
  KFIX_RUN(k, dot, w->f.rows, sum, sum, at);
  KFIX_RUN(k, dot, k->parameters, delta, delta, at + 1);
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_UU, 2, slot));
  *form = slot[0] / w->f.mass + w->phase->damping * slot[1];
  return KFIX_OK;
}

static void carve(const kfix *k, const kfix_coarse *w, kfix_coarse_system *s) {
  const size_t n = w->n;
  double *next = (double *)(void *)k->along[KFIX_COARSE_HOST].at[0];
  s->n = n;
  s->f = next, next += KFIX_TRIANGLE(n);
  s->used = next, next += KFIX_TRIANGLE(n);
  s->b = next, next += n;
  s->gradient = next, next += n;
  s->beta = next, next += n;
  s->work = next;
}

/* Numbers that come from the device stand in the room of the factor. */
kfix_status kfix_coarse_read(kfix *k, const kfix_coarse *w, const kfix_real *delta,
                             kfix_coarse_system *s) {
  const kfix_space_info *space = kfix_space_of(k);
  const size_t numbers = KFIX_COARSE_SLOTS(k->depth, w->columns);
  carve(k, w, s);
  kfix_real *room = (kfix_real *)(void *)s->work;
  for (uint32_t i = 0; i < k->depth; i++) KFIX_TRY(put_numbers(k, i, w->columns, delta));
  KFIX_TRY(put_gram(k, w));
  KFIX_TRY(download(k, k->along[KFIX_COARSE_GRAM].at[0], KFIX_TRIANGLE(w->n), room, s->f));
  KFIX_TRY(download(k, k->along[KFIX_COARSE_RIGHT].at[0], w->n, room, s->b));
  KFIX_RUN(k, download, s->work, number_at(k, 0), numbers * sizeof(double));
  add_numbers(k, w, s->work, s->gradient, s);
  s->right = space->additive ? s->gradient : s->b;
  KFIX_TRY(read_form(k, w, delta, &s->form));
  if (k->options.coarse_space != KFIX_COARSE_TKO) s->used = s->f;
  return s->used == s->f ? KFIX_OK : kfix_tko_matrix(k, w, room, s->used);
}

/* ---- on the host ---- */

/* A factorization in the making: rows of L, the diagonal that is left, and the scale of each column. */
typedef struct factor {
  size_t n, rank;
  const double *f;
  double *rows, *left, *scale;
} factor;

/* The column that is least a combination of those before, the first of equals; n: none. */
static size_t pivot_of(const factor *a, double least) {
  size_t best = a->n;
  double most = least;
  for (size_t i = 0; i < a->n; i++)
    if (a->left[i] > most) {
      most = a->left[i];
      best = i;
    }
  return best;
}

/* Column `rank` of L, by pivot p, whose row is then complete: left is 0, and what is on its diagonal is
 * positive. */
static void eliminate(factor *a, size_t p) {
  const size_t n = a->n, r = a->rank++;
  double *row = a->rows + p * n;
  row[r] = sqrt(a->left[p]);
  a->left[p] = 0;
  for (size_t i = 0; i < n; i++) {
    double *other = a->rows + i * n, sum = at(a->f, i, p) * a->scale[i] * a->scale[p];
    if (!(a->left[i] > 0)) continue;
    for (size_t t = 0; t < r; t++) sum -= other[t] * row[t];
    other[r] = sum / row[r];
    a->left[i] -= other[r] * other[r];
  }
}

/* The pivots, in their order, come into `order`, of n numbers that are read back as sizes. */
static void factorise(factor *a, double least, double *order) {
  for (size_t i = 0; i < a->n; i++) {
    const double d = at(a->f, i, i);
    a->scale[i] = d > 0 ? 1 / sqrt(d) : 0;
    a->left[i] = d > 0 ? 1 : 0;
  }
  for (size_t p; (p = pivot_of(a, least)) < a->n;) {
    order[a->rank] = (double)p;
    eliminate(a, p);
  }
}

/* L L^T x = right over the pivots; beta of the others is 0. */
static void substitute(const factor *a, const double *right, const double *order, double *beta) {
  const size_t n = a->n;
  for (size_t i = 0; i < n; i++) beta[i] = 0;
  for (size_t r = 0; r < a->rank; r++) {
    const size_t p = (size_t)order[r];
    double sum = right[p] * a->scale[p];
    for (size_t t = 0; t < r; t++) sum -= a->rows[p * n + t] * beta[(size_t)order[t]];
    beta[p] = sum / a->rows[p * n + r];
  }
  for (size_t r = a->rank; r-- > 0;) {
    const size_t p = (size_t)order[r];
    for (size_t s = r + 1; s < a->rank; s++) {
      const size_t q = (size_t)order[s];
      beta[p] -= a->rows[q * n + r] * beta[q];
    }
    beta[p] /= a->rows[p * n + r];
  }
  for (size_t i = 0; i < n; i++) beta[i] *= a->scale[i];
}

size_t kfix_coarse_solve(size_t n, const double *f, const double *right, double least, double *work,
                         double *beta) {
  factor a = {n, 0, f, work, work + n * n, work + n * n + n};
  double *order = work + n * n + 2 * n;
  factorise(&a, least, order);
  substitute(&a, right, order, beta);
  return a.rank;
}

double kfix_coarse_change(const kfix_coarse_system *s) {
  double change = 0;
  for (size_t i = 0; i < s->n; i++) {
    double row = -2 * s->b[i];
    for (size_t j = 0; j < s->n; j++) row += at(s->f, i, j) * s->beta[j];
    change += s->beta[i] * row;
  }
  return change;
}

double kfix_coarse_form(const kfix_coarse_system *s) {
  double form = s->form + kfix_coarse_change(s);
  for (size_t i = 0; i < s->n; i++) form += 2 * s->beta[i] * s->gradient[i];
  return form;
}
