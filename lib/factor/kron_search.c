/* SPDX-License-Identifier: Apache-2.0
 * Block Lanczos with full reorthogonalisation in the inner product of the atoms. */
#include "factor/kron_search.h"

#include <math.h>
#include <string.h>

#include "core/arithmetic.h"
#include "core/random.h"
#include "factor/jacobi.h"
#include "factor/kron_vector.h"

_Static_assert(KFIX_KRON_SVD_REALS(1) ==
                   (4 * KFIX_KRON_ROWS + 2 * KFIX_KRON_BLOCK + KFIX_KRON_WIDTH + 3) * KFIX_LD(1) +
                       KFIX_KRON_ROWS * KFIX_KRON_ROWS +
                       (3 * KFIX_KRON_WIDTH + 1) * KFIX_KRON_WIDTH *
                           (sizeof(double) / KFIX_REAL_BYTES),
               "port/kronecker.h counts what is laid out here");

/* Relative size of what rounding may leave of a sum. */
#define ROUNDING (32 * KFIX_REAL_EPS)

void kfix_kron_core(const kfix_kron_search *z, int transposed, size_t rows, const kfix_real *x,
                    kfix_real *out) {
  const kfix_real *to = transposed ? z->minus_right : z->minus_left;
  const kfix_real *from = transposed ? z->minus_left : z->minus_right;
  for (size_t r = 0; r < rows; r++, x += z->ld, out += z->ld) {
    const double along = z->space->minus ? kfix_kron_dot(z->n, from, x) : 0;
    for (size_t t = 0; t < z->n; t++) out[t] = z->weights[t] * x[t];
    if (z->space->minus) kfix_kron_axpy(z->n, -along, to, out);
  }
}

/* out (m rows) = alpha x (m rows) y^op + beta out. */
static kfix_status multiply(const kfix_kron_search *z, kfix_op op, size_t m, size_t n, size_t k,
                            kfix_real alpha, const kfix_real *x, size_t ldx, const kfix_real *y,
                            kfix_real beta, kfix_real *out, size_t ldo) {
  return z->device->port->gemm(z->device, KFIX_N, op, m, n, k, alpha, x, ldx, y, z->ld, beta, out,
                               ldo);
}

/* next -= its part in the space; knext too where it is there already. */
static kfix_status project(kfix_kron_search *z, size_t count, int with_images) {
  const size_t rows = z->locked + z->width;
  if (rows == 0) return KFIX_OK;
  KFIX_TRY(multiply(z, KFIX_T, count, rows, z->n, 1, z->next, z->ld, z->kq, 0, z->small, rows));
  KFIX_TRY(multiply(z, KFIX_N, count, z->n, rows, -1, z->small, rows, z->q, 1, z->next, z->ld));
  if (!with_images) return KFIX_OK;
  return multiply(z, KFIX_N, count, z->n, rows, -1, z->small, rows, z->kq, 1, z->knext, z->ld);
}

/* Row i of next loses its part along the rows before it and gets length 1; it is dropped where its
 * squared length is not above floor[i]. */
static kfix_status orthonormalise(kfix_kron_search *z, size_t count, double *floor,
                                  size_t *kept_count) {
  const size_t n = z->n, ld = z->ld;
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    kfix_real *x = z->next + kept * ld, *kx = z->knext + kept * ld;
    if (kept < i) {
      memcpy(x, z->next + i * ld, n * sizeof *x);
      memcpy(kx, z->knext + i * ld, n * sizeof *kx);
    }
    for (size_t j = 0; j < kept; j++) {
      const double along = kfix_kron_dot(n, x, z->knext + j * ld);
      kfix_kron_axpy(n, -along, z->next + j * ld, x);
      kfix_kron_axpy(n, -along, z->knext + j * ld, kx);
    }
    const double square = kfix_kron_dot(n, x, kx);
    if (!isfinite(square)) return KFIX_STATISTICS_NONFINITE;
    if (!(square > floor[i])) continue;
    kfix_kron_scale(n, 1 / sqrt(square), x);
    kfix_kron_scale(n, 1 / sqrt(square), kx);
    floor[kept++] = 0;
  }
  *kept_count = kept;
  return KFIX_OK;
}

/* What squared length tells of a vector: more than the rounding of its own inner product, and than
 * what cancellation left of the vector it came from. before: x . x of that one. */
static double floor_of(const kfix_kron_search *z, const kfix_real *x, double before) {
  return ROUNDING * z->bound * (kfix_kron_dot(z->n, x, x) + ROUNDING * before);
}

/* The `count` rows of next, orthonormal to the space and to one another: twice is enough. */
static kfix_status make_next(kfix_kron_search *z, size_t count) {
  double floor[KFIX_KRON_BLOCK], outside = 0;
  for (size_t i = 0; i < count; i++)
    floor[i] = kfix_kron_dot(z->n, z->next + i * z->ld, z->next + i * z->ld);
  KFIX_TRY(project(z, count, 0));
  KFIX_TRY(project(z, count, 0));
  KFIX_TRY(multiply(z, KFIX_N, count, z->n, z->n, 1, z->next, z->ld, z->space->right, 0, z->knext,
                    z->ld));
  for (size_t i = 0; i < count; i++) {
    floor[i] = floor_of(z, z->next + i * z->ld, floor[i]);
    outside += fabs(kfix_kron_dot(z->n, z->next + i * z->ld, z->knext + i * z->ld));
  }
  z->outside = sqrt(outside);
  KFIX_TRY(orthonormalise(z, count, floor, &count));
  KFIX_TRY(project(z, count, 1));
  KFIX_TRY(orthonormalise(z, count, floor, &count));
  z->next_count = count;
  return KFIX_OK;
}

/* The largest row sum of R^T R, whose elements are not negative but for indefinite factors. */
static kfix_status find_bound(kfix_kron_search *z) {
  for (size_t t = 0; t < z->n; t++) z->next[t] = 1;
  KFIX_TRY(
      multiply(z, KFIX_N, 1, z->n, z->n, 1, z->next, z->ld, z->space->right, 0, z->knext, z->ld));
  z->bound = 0;
  for (size_t t = 0; t < z->n; t++) {
    const double here = fabs((double)z->knext[t]);
    if (!(here <= z->bound)) z->bound = here;
  }
  return isfinite(z->bound) ? KFIX_OK : KFIX_STATISTICS_NONFINITE;
}

/* Row 0: the weights, so that v is near E[g g^T] over its norm. The others: weights times fixed random numbers. */
static void start(kfix_kron_search *z) {
  const kfix_draw_key key = {0, KFIX_DRAW_PROBE, 0, 0};
  for (uint32_t r = 0; r < KFIX_KRON_BLOCK; r++) {
    kfix_real *x = z->next + r * z->ld;
    if (r > 0) kfix_fill_uniform(&key, r, z->n, 1, x);
    for (size_t t = 0; t < z->n; t++) x[t] = z->weights[t] * (r > 0 ? x[t] : 1);
  }
}

static void carve(kfix_kron_search *z, kfix_real *scratch) {
  const size_t rows = KFIX_KRON_ROWS * z->ld, square = KFIX_KRON_WIDTH * KFIX_KRON_WIDTH;
  z->q = scratch;
  z->kq = z->q + rows;
  z->p = z->kq + rows;
  z->kp = z->p + rows;
  z->next = z->kp + rows;
  z->knext = z->next + KFIX_KRON_BLOCK * z->ld;
  z->spare = z->knext + KFIX_KRON_BLOCK * z->ld;
  z->small = z->spare + KFIX_KRON_WIDTH * z->ld;
  z->weights = z->small + KFIX_KRON_ROWS * KFIX_KRON_ROWS;
  z->minus_left = z->weights + z->ld;
  z->minus_right = z->minus_left + z->ld;
  z->gram = (double *)(void *)(z->minus_right + z->ld);
  z->work = z->gram + square;
  z->turn = z->work + square;
  z->square = z->turn + square;
}

static double largest(size_t n, const kfix_real *x) {
  double found = 0;
  for (size_t t = 0; t < n; t++) found = (double)x[t] > found ? (double)x[t] : found;
  return found;
}

/* Weights and minus for atoms of norm 1: times the norms, over the largest norms, so that nothing
 * overflows. */
static void normalise(kfix_kron_search *z) {
  const kfix_kron_space *s = z->space;
  const double left = largest(z->n, s->left_norm), right = largest(z->n, s->right_norm);
  z->scale = left * right;
  if (z->scale == 0) return;
  for (size_t t = 0; t < z->n; t++) {
    const double a = (double)s->left_norm[t] / left, g = (double)s->right_norm[t] / right;
    z->weights[t] = (kfix_real)((double)s->weights[t] * a * g);
    if (!s->minus) continue;
    z->minus_left[t] = (kfix_real)((double)s->minus[t] * a);
    z->minus_right[t] = (kfix_real)((double)s->minus[t] * g);
  }
}

kfix_status kfix_kron_search_begin(kfix_kron_search *z, const kfix_device *d,
                                   const kfix_kron_space *s, kfix_real *scratch) {
  *z = (kfix_kron_search){.device = d, .space = s, .n = s->atoms, .ld = s->ld};
  carve(z, scratch);
  normalise(z);
  if (z->scale == 0) return KFIX_OK;
  KFIX_TRY(find_bound(z));
  start(z);
  return make_next(z, KFIX_KRON_BLOCK);
}

/* gram's rows from `first` on. */
static kfix_status fill_gram(kfix_kron_search *z, size_t first) {
  const size_t k = z->width, active = z->locked * z->ld;
  KFIX_TRY(multiply(z, KFIX_T, k - first, k, z->n, 1, z->p + active + first * z->ld, z->ld,
                    z->kp + active, 0, z->small, k));
  for (size_t i = first; i < k; i++)
    for (size_t j = 0; j <= i; j++) {
      const double here = (double)z->small[(i - first) * k + j];
      if (!isfinite(here)) return KFIX_STATISTICS_NONFINITE;
      z->gram[i * KFIX_KRON_WIDTH + j] = z->gram[j * KFIX_KRON_WIDTH + i] = here;
    }
  return KFIX_OK;
}

kfix_status kfix_kron_search_extend(kfix_kron_search *z) {
  const size_t at = z->locked + z->width, count = z->next_count;
  kfix_real *p = z->p + at * z->ld, *kp = z->kp + at * z->ld;
  memcpy(z->q + at * z->ld, z->next, count * z->ld * sizeof *p);
  memcpy(z->kq + at * z->ld, z->knext, count * z->ld * sizeof *p);
  kfix_kron_core(z, 0, count, z->knext, p);
  KFIX_TRY(multiply(z, KFIX_N, count, z->n, z->n, 1, p, z->ld, z->space->left, 0, kp, z->ld));
  kfix_kron_core(z, 1, count, kp, z->next);
  z->width += count;
  z->last = count;
  KFIX_TRY(fill_gram(z, z->width - count));
  return make_next(z, count);
}

void kfix_kron_search_solve(kfix_kron_search *z) {
  const size_t k = z->width;
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < k; j++) z->work[i * k + j] = z->gram[i * KFIX_KRON_WIDTH + j];
  kfix_jacobi(k, z->work, z->square, z->turn);
}

/* x = the first `kept` rows of turn times x. */
static kfix_status turn_rows(kfix_kron_search *z, size_t kept, kfix_real *x) {
  const size_t k = z->width;
  KFIX_TRY(multiply(z, KFIX_N, kept, z->n, k, 1, z->small, k, x, 0, z->spare, z->ld));
  memcpy(x, z->spare, kept * z->ld * sizeof *x);
  return KFIX_OK;
}

kfix_status kfix_kron_search_turn(kfix_kron_search *z, size_t kept) {
  const size_t active = z->locked * z->ld;
  kfix_real *const all[] = {z->q, z->kq, z->p, z->kp};
  for (size_t i = 0; i < kept * z->width; i++) z->small[i] = (kfix_real)z->turn[i];
  for (size_t i = 0; i < 4; i++) KFIX_TRY(turn_rows(z, kept, all[i] + active));
  z->width = kept;
  return fill_gram(z, 0);
}
