/* SPDX-License-Identifier: Apache-2.0
 * Singular triples of Z from its search space. */
#include "factor/kron_svd.h"

#include <math.h>

#include "core/arithmetic.h"
#include "factor/kron_search.h"
#include "factor/kron_vector.h"

/* The first `wanted` eigenpairs of the space are singular pairs of Z. largest: sigma_1^2. */
static int has_converged(const kfix_kron_search *z, size_t wanted, double largest) {
  for (size_t i = 0; i < wanted && i < z->width; i++) {
    double along = 0;
    for (size_t j = z->width - z->last; j < z->width; j++)
      along += z->turn[i * z->width + j] * z->turn[i * z->width + j];
    const double residual = z->outside * sqrt(along), square = z->square[i];
    if (!(square > KFIX_KRON_NOISE2 * largest)) continue;
    if (residual > KFIX_KRON_TOLERANCE * square &&
        residual > 32 * KFIX_REAL_EPS * sqrt(largest * square))
      return 0;
  }
  return 1;
}

/* Extends the space until its first `wanted` eigenpairs are singular pairs of Z. */
static kfix_status search(kfix_kron_search *z, size_t wanted, double largest,
                          kfix_kron_pairs *pairs) {
  while (z->next_count > 0 && pairs->iterations < KFIX_KRON_ITERATIONS_MAX) {
    if (z->width + z->next_count > KFIX_KRON_WIDTH) z->width = KFIX_KRON_KEPT;
    KFIX_TRY(kfix_kron_search_extend(z));
    pairs->iterations++;
    if (z->next_count > 0 && z->width <= KFIX_KRON_KEPT) continue;
    kfix_kron_search_solve(z);
    if (has_converged(z, wanted, largest > 0 ? largest : z->square[0])) return KFIX_OK;
    if (z->width + z->next_count > KFIX_KRON_WIDTH)
      KFIX_TRY(kfix_kron_search_turn(z, KFIX_KRON_KEPT));
  }
  kfix_kron_search_solve(z);
  if (z->next_count > 0) pairs->converged = 0;
  return KFIX_OK;
}

/* Then these pairs stand in the first rows: turned twice, the second time by a matrix whose small
 * values are exact. */
static kfix_status converge(kfix_kron_search *z, size_t wanted, double *largest,
                            kfix_kron_pairs *pairs) {
  KFIX_TRY(search(z, wanted, *largest, pairs));
  KFIX_TRY(kfix_kron_search_turn(z, z->width));
  kfix_kron_search_solve(z);
  KFIX_TRY(kfix_kron_search_turn(z, z->width));
  if (*largest == 0 && z->width > 0) *largest = z->square[0];
  return KFIX_OK;
}

/* How many leading values are one and the same, as far as the search can tell. */
static size_t multiplicity(const kfix_kron_search *z) {
  const double least = (1 - 2 * KFIX_KRON_TOLERANCE) * z->square[0];
  size_t count = 1;
  while (count < z->width && z->square[count] >= least) count++;
  return count;
}

/* turn = the reflection that takes the first axis to x / |x|; x has `count` elements. */
static void reflect_to(kfix_kron_search *z, size_t count, double *x) {
  double length2 = 0, normal2 = 0;
  for (size_t i = 0; i < count; i++) length2 += x[i] * x[i];
  for (size_t i = 0; i < count; i++) {
    x[i] = x[i] / sqrt(length2) - (i == 0 ? 1 : 0);
    normal2 += x[i] * x[i];
  }
  for (size_t i = 0; i < z->width; i++)
    for (size_t j = 0; j < z->width; j++) {
      const int turned = i < count && j < count && normal2 > 0;
      z->turn[i * z->width + j] = (i == j ? 1 : 0) - (turned ? 2 * x[i] * x[j] / normal2 : 0);
    }
}

/* Where the largest value is multiple, the first vector becomes the one that a power iteration from
 * the weights would lead to: what there is of them in that space, which no step takes out of the
 * cone of non-negative coefficients. */
static kfix_status turn_into_cone(kfix_kron_search *z) {
  double along[KFIX_KRON_WIDTH], length = 0;
  const size_t count = multiplicity(z);
  if (count == 1) return KFIX_OK;
  for (size_t i = 0; i < count; i++) {
    along[i] = kfix_kron_dot(z->n, z->weights, z->kq + i * z->ld);
    length += fabs(along[i]);
  }
  if (!(length > 0)) return KFIX_OK;
  reflect_to(z, count, along);
  KFIX_TRY(kfix_kron_search_turn(z, z->width));
  for (size_t i = 0; i < count; i++) z->square[i] = z->gram[i * KFIX_KRON_WIDTH + i];
  return KFIX_OK;
}

static void cut_off(const kfix_kron_space *s, kfix_real *x) {
  for (size_t t = 0; t < s->atoms; t++) x[t] = x[t] < 0 ? 0 : x[t];
}

static double sum(size_t n, const kfix_real *x) {
  double total = 0;
  for (size_t t = 0; t < n; t++) total += (double)x[t];
  return total;
}

/* From coefficients over atoms of norm 1: what both sides are to be multiplied by. */
static void spread(size_t n, double factor, const kfix_real *norm, kfix_real *x) {
  for (size_t t = 0; t < n; t++)
    x[t] = norm[t] > 0 ? (kfix_real)(factor * (double)x[t] / (double)norm[t]) : 0;
}

/* Scales so that both sides have the norm sqrt(sigma). u = L p / sigma, v = R (core^T kp) / sigma^2:
 * one more half of a power step, which is what makes the coefficients of term 0 non-negative. */
static void balance(const kfix_kron_search *z, double sigma, kfix_real *left, kfix_real *right) {
  const kfix_kron_space *s = z->space;
  const double root = sqrt(sigma * z->scale) * (sum(s->atoms, left) < 0 ? -1 : 1);
  spread(s->atoms, root / sigma, s->left_norm, left);
  spread(s->atoms, root / sigma / sigma, s->right_norm, right);
}

/* Term i from the first row of the space, which is then locked. */
static void take(kfix_kron_search *z, size_t i, double largest, kfix_real *left, kfix_real *right,
                 kfix_kron_pairs *pairs) {
  const kfix_kron_space *s = z->space;
  const double square = z->square[0];
  const size_t row = i * z->ld;
  pairs->sigma[i] = 0;
  for (size_t t = 0; t < s->atoms; t++) left[row + t] = right[row + t] = 0;
  if (!(square > KFIX_KRON_NOISE2 * largest)) return;
  for (size_t t = 0; t < s->atoms; t++) left[row + t] = z->p[row + t];
  kfix_kron_core(z, 1, 1, z->kp + row, right + row);
  balance(z, sqrt(square), left + row, right + row);
  if (i == 0 && s->definite) {
    cut_off(s, left);
    cut_off(s, right);
  }
  pairs->sigma[i] = sqrt(square) * z->scale;
}

/* The first row of the space, found, joins the locked ones. */
static void lock(kfix_kron_search *z) {
  const size_t k = z->width;
  for (size_t i = 1; i < k; i++) {
    for (size_t j = 1; j < k; j++)
      z->gram[(i - 1) * KFIX_KRON_WIDTH + j - 1] = z->gram[i * KFIX_KRON_WIDTH + j];
    z->square[i - 1] = z->square[i];
  }
  z->locked++;
  z->width--;
}

kfix_status kfix_kron_svd(const kfix_device *d, const kfix_kron_space *s, size_t rank,
                          kfix_kron_order order, kfix_real *left, kfix_real *right,
                          kfix_kron_pairs *pairs, kfix_real *scratch) {
  kfix_kron_search z;
  double largest = 0;
  if (!d->port->is_host || rank == 0 || rank > KFIX_KRON_RANK_MAX) return KFIX_PORT;
  *pairs = (kfix_kron_pairs){.converged = 1};
  for (size_t t = 0; t < rank * s->ld; t++) left[t] = right[t] = 0;
  KFIX_TRY(kfix_kron_search_begin(&z, d, s, scratch));
  for (size_t i = 0; i < rank; i++) {
    if (z.width + z.next_count == 0) return KFIX_OK;
    if (i == 0 || order == KFIX_KRON_DEFLATE)
      KFIX_TRY(converge(&z, order == KFIX_KRON_DEFLATE ? 1 : rank, &largest, pairs));
    if (i == 0 && s->definite) KFIX_TRY(turn_into_cone(&z));
    take(&z, i, largest, left, right, pairs);
    lock(&z);
  }
  return KFIX_OK;
}
