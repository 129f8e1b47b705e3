/* SPDX-License-Identifier: Apache-2.0
 * Block-tridiagonal K-FAC [KFAC 4.3]: the inverse of the F-hat that agrees with A (x) G on the
 * diagonal blocks and on those next to them, and whose inverse is block-tridiagonal.
 *
 * The paper multiplies by Xi^T Lambda Xi. In the canonical coordinates of two neighbours
 * (factor/kron_pair.h) Psi is diag(t), Sigma is diag(1 - t^2), and the product falls apart into
 * block-diagonal K-FAC and one correction for each pair of neighbours,
 *     U_i += K_G [((1 - c) P - t Q) / c] K_A^T,    U_i+1 += H_G [(t^2 Q - t P) / c] H_A^T,
 * with c = max(1 - t^2, floor), P = K_G^T V_i K_A, Q = H_G^T V_i+1 H_A and t^2 = s_G s_A^T. It is
 * the same matrix: entries that the floor raises are raised in Sigma, and only there. */
#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "curvature/factors.h"
#include "curvature/kfac.h"
#include "curvature/kfac_tridiag_plan.h"
#include "factor/factor.h"

/* The input side and the output side of a pair of neighbours. */
typedef struct side {
  int factor, cross, basis, spectrum;
  uint32_t at; /* its regions lie so many layers above the lower neighbour */
} side;
static const side in_side = {KFIX_FACTOR_A, KFIX_TRIDIAG_A_CROSS, KFIX_TRIDIAG_A_BASIS,
                             KFIX_TRIDIAG_A_SPECTRUM, 0};
static const side out_side = {KFIX_FACTOR_G, KFIX_TRIDIAG_G_CROSS, KFIX_TRIDIAG_G_BASIS,
                              KFIX_TRIDIAG_G_SPECTRUM, 1};

static size_t order(const kfix *k, const side *s, uint32_t layer) {
  return s == &in_side ? (size_t)k->layer[layer].in + 1 : k->layer[layer].out;
}

/* The buffer of the pair whose lower neighbour is `layer`. */
static kfix_buffer *of_pair(kfix *k, const side *s, uint32_t layer, int which) {
  return kfix_curvature_buffer(&k->layer[layer + s->at], which);
}

/* ---- statistics ---- */

static kfix_status begin(kfix *k, double decay, size_t rows) {
  KFIX_TRY(kfix_factors_begin(k, decay, rows));
  for (uint32_t i = 0; i + 1 < k->net->depth; i++) {
    KFIX_TRY(kfix_decay_into_spare(k, of_pair(k, &in_side, i, in_side.cross), decay));
    KFIX_TRY(kfix_decay_into_spare(k, of_pair(k, &out_side, i, out_side.cross), decay));
  }
  return KFIX_OK;
}

/* Rows of DELTA have the roots of their weights in them. */
static kfix_status add_cross(kfix *k, const side *s, uint32_t layer, size_t rows, double weight,
                             kfix_rows lower, kfix_rows upper) {
  const size_t n = order(k, s, layer), m = order(k, s, layer + 1);
  kfix_real *cross = kfix_spare(k, of_pair(k, s, layer, s->cross));
  if (s == &in_side)
    return kfix_add_weighted_product(k, n, m, rows, weight, lower, upper, cross, m);
  return kfix_add_product(k, n, m, rows, weight, lower, upper, 1, cross, m);
}

static kfix_status absorb(kfix *k, uint32_t layer, size_t rows, double weight) {
  KFIX_TRY(kfix_factors_absorb(k, layer, rows, weight));
  if (layer + 1 == k->net->depth) return KFIX_OK;
  KFIX_TRY(
      add_cross(k, &in_side, layer, rows, weight, kfix_abar(k, layer), kfix_abar(k, layer + 1)));
  return add_cross(k, &out_side, layer, rows, weight, kfix_delta(k, layer),
                   kfix_delta(k, layer + 1));
}

static kfix_status finish(kfix *k) {
  KFIX_TRY(kfix_factors_finish(k));
  for (uint32_t i = 0; i + 1 < k->net->depth; i++) {
    KFIX_TRY(kfix_count_bad(k, of_pair(k, &in_side, i, in_side.cross)));
    KFIX_TRY(kfix_count_bad(k, of_pair(k, &out_side, i, out_side.cross)));
  }
  return KFIX_OK;
}

/* ---- refresh ---- */

/* Whiteners of even layers stand at the beginning of the scratch, of odd ones at its end. */
static kfix_real *whitener_at(kfix *k, const side *s, uint32_t layer) {
  const kfix_buffer *scratch = &k->buffer[KFIX_NET_SCRATCH];
  const size_t n = order(k, s, layer);
  return scratch->at[0] + (layer % 2 ? scratch->count - n * KFIX_LD(n) : 0);
}

static kfix_status blame(kfix *k, uint32_t layer, size_t info, kfix_status status) {
  if (status != KFIX_NOT_POSITIVE && status != KFIX_NOT_CONVERGED) return status;
  k->report.layer = layer + 1;
  k->report.value = (double)info;
  return status;
}

static kfix_status whiten(kfix *k, const side *s, uint32_t layer, double shift) {
  const size_t n = order(k, s, layer), ld = KFIX_LD(n);
  kfix_real *at = whitener_at(k, s, layer);
  size_t info = 0;
  KFIX_RUN(k, unpack, n, kfix_latest(k, kfix_curvature_buffer(&k->layer[layer], s->factor)),
           (kfix_real)shift, at, ld);
  const kfix_status status = kfix_factor_whiten(&k->device, n, at, ld, &info);
  return blame(k, layer, info, status);
}

static kfix_status refresh_pair(kfix *k, const side *s, uint32_t layer) {
  const size_t n = order(k, s, layer), m = order(k, s, layer + 1), r = KFIX_KRON_RANK(n, m);
  const size_t even = layer % 2 ? m : n;
  kfix_real *lower = kfix_spare(k, of_pair(k, s, layer, s->basis));
  kfix_real *x = kfix_spare(k, of_pair(k, s, layer, s->spectrum));
  kfix_real *scratch = k->buffer[KFIX_NET_SCRATCH].at[0] + even * KFIX_LD(even);
  size_t info = 0;
  const kfix_status status =
      kfix_kron_pair(&k->device, n, m, whitener_at(k, s, layer), whitener_at(k, s, layer + 1),
                     kfix_latest(k, of_pair(k, s, layer, s->cross)), lower, lower + n * r, x, x + r,
                     scratch, &info);
  return blame(k, layer, info, status);
}

/* One side of all pairs, from the first layer up. */
static kfix_status refresh_side(kfix *k, const side *s, double gamma, const kfix_real *pi) {
  for (uint32_t i = 0; i < k->net->depth; i++) {
    KFIX_TRY(whiten(k, s, i, s == &in_side ? gamma * pi[i] : gamma / pi[i]));
    if (i > 0) KFIX_TRY(refresh_pair(k, s, i - 1));
  }
  return KFIX_OK;
}

/* A pair's x and y by output (rows) and by input (columns), and how many there are. */
typedef struct spectra {
  size_t rows, cols;
  const kfix_real *x_rows, *y_rows, *x_cols, *y_cols;
} spectra;

static spectra spectra_of(kfix *k, uint32_t layer) {
  const size_t rows = KFIX_KRON_RANK(order(k, &out_side, layer), order(k, &out_side, layer + 1));
  const size_t cols = KFIX_KRON_RANK(order(k, &in_side, layer), order(k, &in_side, layer + 1));
  const kfix_real *g = kfix_latest(k, of_pair(k, &out_side, layer, out_side.spectrum));
  const kfix_real *a = kfix_latest(k, of_pair(k, &in_side, layer, in_side.spectrum));
  return (spectra){rows, cols, g, g + rows, a, a + cols};
}

/* Counts the entries of 1 - t^2 below the floor. Waits for the device once. */
static kfix_status count_floored(kfix *k) {
  static const double none = 0;
  double counts[KFIX_DEPTH_MAX];
  const uint32_t pairs = k->net->depth - 1;
  for (uint32_t i = 0; i < pairs; i++) {
    const spectra s = spectra_of(k, i);
    double *slot = kfix_slot_at(k, KFIX_SLOT_LAYERS + (size_t)i);
    KFIX_RUN(k, upload, slot, &none, sizeof none);
    KFIX_RUN(k, decouple, s.rows, s.cols, s.x_rows, s.y_rows, s.x_cols, s.y_cols,
             (kfix_real)k->options.tridiag_floor, NULL, NULL, 0, slot);
  }
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_LAYERS, pairs, counts));
  for (uint32_t i = 0; i < pairs; i++) {
    const kfix_real count = (kfix_real)counts[i];
    KFIX_RUN(k, upload, kfix_spare(k, of_pair(k, &in_side, i, KFIX_TRIDIAG_FLOORED)), &count,
             sizeof count);
  }
  return KFIX_OK;
}

/* A layer that stands alone is K-FAC's: no pair, and no space for whiteners. */
static kfix_status refresh(kfix *k, double gamma) {
  kfix_real pi[KFIX_DEPTH_MAX];
  KFIX_TRY(kfix_kfac_refresh(k, gamma));
  if (k->net->depth == 1) return KFIX_OK;
  KFIX_TRY(kfix_factors_pi(k, pi));
  KFIX_TRY(refresh_side(k, &in_side, gamma, pi));
  KFIX_TRY(refresh_side(k, &out_side, gamma, pi));
  return count_floored(k);
}

/* ---- apply ---- */

/* One neighbour's bases: g is order(out) x rows, a is order(in) x cols. */
typedef struct bases {
  uint32_t layer;
  const kfix_real *g, *a;
} bases;

static bases bases_of(kfix *k, uint32_t lower, uint32_t layer, const spectra *s) {
  const kfix_real *g = kfix_latest(k, of_pair(k, &out_side, lower, out_side.basis));
  const kfix_real *a = kfix_latest(k, of_pair(k, &in_side, lower, in_side.basis));
  if (layer == lower) return (bases){layer, g, a};
  return (bases){layer, g + order(k, &out_side, lower) * s->rows,
                 a + order(k, &in_side, lower) * s->cols};
}

/* p = scale g^T V a. */
static kfix_status project(kfix *k, const bases *b, const spectra *s, double scale,
                           const kfix_real *v, kfix_real *work, kfix_real *p) {
  const size_t n = order(k, &in_side, b->layer), m = order(k, &out_side, b->layer);
  const size_t ld = KFIX_LD(n), ldp = KFIX_LD(s->cols);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, s->rows, n, m, (kfix_real)scale, b->g, s->rows,
           v + k->layer[b->layer].w, n, 0, work, ld);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, s->rows, s->cols, n, 1, work, ld, b->a, s->cols, 0, p, ldp);
  return KFIX_OK;
}

/* U += g p a^T. */
static kfix_status expand(kfix *k, const bases *b, const spectra *s, const kfix_real *p,
                          kfix_real *work, kfix_real *u) {
  const size_t n = order(k, &in_side, b->layer), m = order(k, &out_side, b->layer);
  const size_t ld = KFIX_LD(n), ldp = KFIX_LD(s->cols);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_T, s->rows, n, s->cols, 1, p, ldp, b->a, s->cols, 0, work, ld);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, m, n, s->rows, 1, b->g, s->rows, work, ld, 1,
           u + k->layer[b->layer].w, n);
  return KFIX_OK;
}

static kfix_status correct(kfix *k, uint32_t layer, double scale, const kfix_real *v,
                           kfix_real *u) {
  const spectra s = spectra_of(k, layer);
  const bases low = bases_of(k, layer, layer, &s), up = bases_of(k, layer, layer + 1, &s);
  const size_t ldp = KFIX_LD(s.cols);
  kfix_real *p = k->buffer[KFIX_NET_SCRATCH].at[0], *q = p + s.rows * ldp, *work = q + s.rows * ldp;
  KFIX_TRY(project(k, &low, &s, scale, v, work, p));
  KFIX_TRY(project(k, &up, &s, scale, v, work, q));
  KFIX_RUN(k, decouple, s.rows, s.cols, s.x_rows, s.y_rows, s.x_cols, s.y_cols,
           (kfix_real)k->options.tridiag_floor, p, q, ldp, NULL);
  KFIX_TRY(expand(k, &low, &s, p, work, u));
  return expand(k, &up, &s, q, work, u);
}

static kfix_status apply(kfix *k, double scale, const kfix_real *v, int low_rank, size_t rows,
                         kfix_real *u) {
  KFIX_TRY(kfix_kfac_apply(k, scale, v, low_rank, rows, u));
  for (uint32_t i = 0; i + 1 < k->net->depth; i++) KFIX_TRY(correct(k, i, scale, v, u));
  return KFIX_OK;
}

static kfix_status floored_of(kfix *k, uint32_t layer, double *count) {
  return kfix_read_number(k, layer, KFIX_TRIDIAG_FLOORED, count);
}

static const kfix_curvature_view views[] = {
    {"A", KFIX_LAYER_CURVATURE + KFIX_FACTOR_A, KFIX_SHAPE_IN},
    {"G", KFIX_LAYER_CURVATURE + KFIX_FACTOR_G, KFIX_SHAPE_OUT},
    {"A_cross", KFIX_LAYER_CURVATURE + KFIX_TRIDIAG_A_CROSS, KFIX_SHAPE_IN_ABOVE},
    {"G_cross", KFIX_LAYER_CURVATURE + KFIX_TRIDIAG_G_CROSS, KFIX_SHAPE_OUT_ABOVE}};

const kfix_curvature kfix_curvature_kfac_tridiag = {.begin = begin,
                                                    .absorb = absorb,
                                                    .finish = finish,
                                                    .refresh = refresh,
                                                    .apply = apply,
                                                    .pi = kfix_kfac_pi,
                                                    .views = views,
                                                    .view_count = sizeof views / sizeof views[0],
                                                    .floored = floored_of};
