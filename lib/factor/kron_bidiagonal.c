/* SPDX-License-Identifier: Apache-2.0
 * Golub and Kahan's bidiagonalisation with full reorthogonalisation and thick restarts. */
#include "factor/kron_bidiagonal.h"

#include <math.h>
#include <string.h>

#include "core/arithmetic.h"
#include "factor/jacobi.h"
#include "factor/kron_vector.h"

enum { WIDTH = KFIX_KRON_WIDTH };

/* A vector this much shorter than the longest is rounding. */
#define ROUNDING (32 * KFIX_REAL_EPS)

/* Orthonormal matrices: p[0 .. width) on the left, q[0 .. width] on the right, the last of which is
 * not yet multiplied. Z q_k = sum_j h_jk p_j; Z^T p_j = sum_k h_jk q_k, and beta times the last q in
 * addition for the last p. A p may be zero: then so is its row of H. */
typedef struct bases {
  const kfix_device *device;
  kfix_kron_operator z;
  kfix_real *p, *q, *scratch;
  size_t width;
  double beta, longest; /* longest: of the h so far, or what cancelled */
  uint32_t random;      /* matrices drawn */
  int exhausted;        /* there is no next q */
  double *h, *work;     /* WIDTH x WIDTH; H^T H */
  double *x, *y;        /* left and right singular vectors of H: rows of length width */
  double *square;       /* squares of its singular values, descending */
  kfix_kron_pairs *pairs;
} bases;

static kfix_real *base(const bases *b, int side, size_t k) {
  return (side == KFIX_KRON_LEFT ? b->p : b->q) + k * KFIX_KRON_TERM(b->z.n[side]);
}

/* x = the part of it that is orthogonal to `count` bases; along (may be NULL) += what it loses. */
static void orthogonalise(const bases *b, int side, size_t count, kfix_real *x, double *along) {
  const size_t n = b->z.n[side];
  for (int twice = 0; twice < 2; twice++)
    for (size_t j = 0; j < count; j++) {
      const double part = kfix_kron_dot_packed(n, base(b, side, j), x);
      kfix_kron_axpy(KFIX_TRIANGLE(n), -part, base(b, side, j), x);
      if (along) along[j * WIDTH] += part;
    }
}

/* The next q where Z^T gives none: whatever is orthogonal to those there are. */
static void draw(bases *b, kfix_real *next) {
  const int side = KFIX_KRON_RIGHT;
  kfix_kron_operator_random(&b->z, side, ++b->random, next);
  orthogonalise(b, side, b->width, next, NULL);
  const double left = kfix_kron_operator_normalise(&b->z, side, next);
  orthogonalise(b, side, b->width, next, NULL);
  (void)kfix_kron_operator_normalise(&b->z, side, next);
  b->exhausted = !(left > ROUNDING);
}

/* A p for q_k, with column k of H. */
static kfix_status multiply(bases *b, size_t k) {
  kfix_real *p = base(b, KFIX_KRON_LEFT, k);
  for (size_t j = 0; j < WIDTH; j++) b->h[j * WIDTH + k] = b->h[k * WIDTH + j] = 0;
  KFIX_TRY(kfix_kron_operator_times(b->device, &b->z, KFIX_KRON_RIGHT, 0,
                                    base(b, KFIX_KRON_RIGHT, k), p, b->scratch));
  orthogonalise(b, KFIX_KRON_LEFT, k, p, b->h + k);
  b->h[k * WIDTH + k] = kfix_kron_operator_normalise(&b->z, KFIX_KRON_LEFT, p);
  for (size_t j = 0; j <= k; j++)
    if (fabs(b->h[j * WIDTH + k]) > b->longest) b->longest = fabs(b->h[j * WIDTH + k]);
  if (b->z.cancelled > b->longest) b->longest = b->z.cancelled;
  if (b->h[k * WIDTH + k] > ROUNDING * b->longest) return KFIX_OK;
  b->h[k * WIDTH + k] = 0;
  kfix_kron_scale(KFIX_TRIANGLE(b->z.n[KFIX_KRON_LEFT]), 0, p);
  return KFIX_OK;
}

/* The last q gets its p, and the next q is made. */
static kfix_status extend(bases *b) {
  const size_t k = b->width++;
  kfix_real *next = base(b, KFIX_KRON_RIGHT, k + 1);
  KFIX_TRY(multiply(b, k));
  KFIX_TRY(kfix_kron_operator_times(b->device, &b->z, KFIX_KRON_LEFT, 0, base(b, KFIX_KRON_LEFT, k),
                                    next, b->scratch));
  orthogonalise(b, KFIX_KRON_RIGHT, b->width, next, NULL);
  b->beta = kfix_kron_operator_normalise(&b->z, KFIX_KRON_RIGHT, next);
  b->pairs->iterations++;
  if (b->beta > ROUNDING * b->longest) return KFIX_OK;
  b->beta = 0;
  draw(b, next);
  return KFIX_OK;
}

/* square, x, y from H. */
static void solve(bases *b) {
  const size_t k = b->width;
  for (size_t r = 0; r < k; r++)
    for (size_t c = 0; c < k; c++) {
      double *sum = &b->work[r * k + c];
      *sum = 0;
      for (size_t j = 0; j < k; j++) *sum += b->h[j * WIDTH + r] * b->h[j * WIDTH + c];
    }
  kfix_jacobi(k, b->work, b->square, b->y);
  for (size_t r = 0; r < k; r++)
    for (size_t c = 0; c < k; c++) {
      double sum = 0;
      for (size_t j = 0; j < k; j++) sum += b->h[c * WIDTH + j] * b->y[r * k + j];
      b->x[r * k + c] = b->square[r] > 0 ? sum / sqrt(b->square[r]) : 0;
    }
}

static int is_noise(const bases *b, size_t i) {
  return i >= b->width || !(b->square[i] > KFIX_KRON_NOISE2 * b->square[0]);
}

static int has_converged(const bases *b, size_t wanted) {
  for (size_t i = 0; i < wanted && !is_noise(b, i); i++) {
    const double residual = b->beta * fabs(b->x[i * b->width + b->width - 1]);
    if (residual > KFIX_KRON_TOLERANCE * sqrt(b->square[i]) && residual > ROUNDING * b->longest)
      return 0;
  }
  return 1;
}

/* The first `count` bases of a side become these combinations of all of them. */
static void combine(const bases *b, int side, size_t count, const double *by) {
  const size_t step = KFIX_KRON_TERM(b->z.n[side]);
  for (size_t e = 0; e < KFIX_TRIANGLE(b->z.n[side]); e++) {
    kfix_real *x = base(b, side, 0) + e;
    double sum[WIDTH] = {0};
    for (size_t i = 0; i < count; i++)
      for (size_t j = 0; j < b->width; j++) sum[i] += by[i * b->width + j] * (double)x[j * step];
    for (size_t i = 0; i < count; i++) x[i * step] = (kfix_real)sum[i];
  }
}

/* The bases become the first `count` singular vectors, and H diagonal; the last q stays. */
static void restart(bases *b, size_t count) {
  const size_t bytes = KFIX_TRIANGLE(b->z.n[KFIX_KRON_RIGHT]) * sizeof(kfix_real);
  combine(b, KFIX_KRON_LEFT, count, b->x);
  combine(b, KFIX_KRON_RIGHT, count, b->y);
  memmove(base(b, KFIX_KRON_RIGHT, count), base(b, KFIX_KRON_RIGHT, b->width), bytes);
  for (size_t i = 0; i < WIDTH * WIDTH; i++) b->h[i] = 0;
  for (size_t i = 0; i < count; i++) b->h[i * WIDTH + i] = sqrt(b->square[i]);
  b->width = count;
}

static kfix_status search(bases *b, size_t wanted) {
  for (;;) {
    KFIX_TRY(extend(b));
    if (b->width % KFIX_KRON_BLOCK != 0 && !b->exhausted) continue;
    solve(b);
    if (b->exhausted || (b->width >= wanted && has_converged(b, wanted))) return KFIX_OK;
    if (b->pairs->iterations >= KFIX_KRON_STEPS_MAX) break;
    if (b->width < WIDTH) continue;
    size_t kept = (wanted + WIDTH) / 2;
    while (kept > 1 && is_noise(b, kept - 1)) kept--;
    restart(b, kept);
  }
  b->pairs->converged = 0;
  return KFIX_OK;
}

/* Of examples alone: one more step, whose coefficients are not negative [KPSVD Prop. 2.2]. */
static kfix_status step_in_cone(bases *b, kfix_real *u, kfix_real *v) {
  double trace = 0;
  for (size_t i = 0; i < b->z.n[KFIX_KRON_RIGHT]; i++) trace += (double)v[KFIX_TRIANGLE(i) + i];
  if (trace < 0) kfix_kron_scale(KFIX_TRIANGLE(b->z.n[KFIX_KRON_RIGHT]), -1, v);
  KFIX_TRY(kfix_kron_operator_times(b->device, &b->z, KFIX_KRON_RIGHT, 1, v, u, b->scratch));
  (void)kfix_kron_operator_normalise(&b->z, KFIX_KRON_LEFT, u);
  KFIX_TRY(kfix_kron_operator_times(b->device, &b->z, KFIX_KRON_LEFT, 1, u, v, b->scratch));
  (void)kfix_kron_operator_normalise(&b->z, KFIX_KRON_RIGHT, v);
  return KFIX_OK;
}

static kfix_status take(bases *b, size_t i, kfix_real *u, kfix_real *v) {
  const size_t left = KFIX_TRIANGLE(b->z.n[KFIX_KRON_LEFT]) * sizeof *u;
  const size_t right = KFIX_TRIANGLE(b->z.n[KFIX_KRON_RIGHT]) * sizeof *v;
  b->pairs->sigma[i] = 0;
  if (is_noise(b, i)) {
    memset(u, 0, left);
    memset(v, 0, right);
    return KFIX_OK;
  }
  memcpy(u, base(b, KFIX_KRON_LEFT, i), left);
  memcpy(v, base(b, KFIX_KRON_RIGHT, i), right);
  if (i == 0 && b->z.known == 0) KFIX_TRY(step_in_cone(b, u, v));
  b->pairs->sigma[i] = kfix_kron_operator_balance(&b->z, sqrt(b->square[i]), u, v);
  return KFIX_OK;
}

static bases carve(const kfix_device *d, const kfix_kron_operator *z, kfix_kron_pairs *pairs,
                   kfix_real *scratch) {
  bases b = {.device = d, .z = *z, .pairs = pairs, .p = scratch};
  b.q = b.p + WIDTH * KFIX_KRON_TERM(z->n[KFIX_KRON_LEFT]);
  b.h = (double *)(void *)(b.q + (WIDTH + 1) * KFIX_KRON_TERM(z->n[KFIX_KRON_RIGHT]));
  b.work = b.h + WIDTH * WIDTH;
  b.x = b.work + WIDTH * WIDTH;
  b.y = b.x + WIDTH * WIDTH;
  b.square = b.y + WIDTH * WIDTH;
  b.scratch = (kfix_real *)(void *)(b.square + WIDTH);
  return b;
}

kfix_status kfix_kron_bidiagonal(const kfix_device *d, const kfix_kron_operator *z, size_t rank,
                                 kfix_real *left, kfix_real *right, kfix_kron_pairs *pairs,
                                 kfix_real *scratch) {
  bases b = carve(d, z, pairs, scratch);
  if (rank == 0 || rank > KFIX_KRON_RANK_MAX) return KFIX_PORT;
  *pairs = (kfix_kron_pairs){.converged = 1};
  KFIX_TRY(kfix_kron_operator_begin(&b.z));
  b.random = 1;
  KFIX_TRY(kfix_kron_operator_start(d, &b.z, b.random, b.q, b.scratch));
  KFIX_TRY(search(&b, rank));
  restart(&b, rank < b.width ? rank : b.width);
  for (size_t i = 0; i < rank; i++)
    KFIX_TRY(take(&b, i, left + i * KFIX_KRON_TERM(z->n[KFIX_KRON_LEFT]),
                  right + i * KFIX_KRON_TERM(z->n[KFIX_KRON_RIGHT])));
  return KFIX_OK;
}
