/* SPDX-License-Identifier: Apache-2.0
 * Block-tridiagonal K-FAC [KFAC 4.3]: the inverse of the F-hat that agrees with A (x) G on the
 * diagonal blocks and on those next to them, and whose inverse is block-tridiagonal.
 *
 * The paper multiplies by Xi^T Lambda Xi. In the canonical coordinates of two neighbours
 * (factor/kron_pair.h) Psi is diag(t), Sigma is diag(1 - t^2), and the product falls apart into
 * block-diagonal K-FAC and one correction for each pair of neighbours,
 *     U_i += K_G [((1 - c) P - t Q) / c] K_A^T,    U_i+1 += H_G [(t^2 Q - t P) / c] H_A^T,
 * with c = max(1 - t^2, floor), P = K_G^T V_i K_A, Q = H_G^T V_i+1 H_A and t^2 = s_G s_A^T. It is
 * the same matrix: entries that the floor raises are raised in Sigma, and only there.
 *
 * kron_solver is not for this method: in these coordinates Sigma is diagonal, and nothing is left to iterate
 * on. The squared Smith iteration, which always converges here, would take the place of the canonical bases:
 * it needs the paper's Psi as matrices of the full orders, products with them at every step, and two more
 * matrices of each order to keep. */
#include "core/arithmetic.h"
#include "curvature/factors.h"
#include "curvature/kfac.h"
#include "curvature/kfac_tridiag_plan.h"
#include "factor/factor.h"

/* The input side and the output side of a pair of neighbours. */
typedef struct side {
  int factor, cross, basis, spectrum;
  uint32_t at; /* its regions lie so many blocks above the lower neighbour */
} side;
static const side in_side = {KFIX_FACTOR_A, KFIX_TRIDIAG_A_CROSS, KFIX_TRIDIAG_A_BASIS,
                             KFIX_TRIDIAG_A_SPECTRUM, 0};
static const side out_side = {KFIX_FACTOR_G, KFIX_TRIDIAG_G_CROSS, KFIX_TRIDIAG_G_BASIS,
                              KFIX_TRIDIAG_G_SPECTRUM, 1};

static size_t order(const kfix *k, const side *s, uint32_t block) {
  return s == &in_side ? k->block[block].cols : k->block[block].out;
}

/* The buffer of the pair whose lower neighbour is `block`. */
static const kfix_buffer *of_pair(const kfix *k, const side *s, uint32_t block, int which) {
  return &k->block[block + s->at].own[which];
}

/* ---- statistics ---- */

static kfix_status begin(kfix *k, const kfix_phase *phase) {
  KFIX_TRY(kfix_factors_begin(k, phase));
  for (uint32_t i = 0; i + 1 < k->depth; i++) {
    KFIX_TRY(kfix_decay_into_spare(k, of_pair(k, &in_side, i, in_side.cross), phase->decay));
    KFIX_TRY(kfix_decay_into_spare(k, of_pair(k, &out_side, i, out_side.cross), phase->decay));
  }
  return KFIX_OK;
}

/* g has the roots of the examples' weights in it, abar has not. */
static kfix_status absorb(kfix *k, const kfix_slice *slice, const kfix_phase *phase) {
  const uint32_t i = slice->block;
  const kfix_slice *above = slice->above;
  const double weight = kfix_each_weight(phase);
  KFIX_TRY(kfix_factors_absorb(k, slice, phase));
  if (!above) return KFIX_OK;
  const kfix_block *low = &k->block[i], *up = &k->block[i + 1];
  if (!slice->again)
    KFIX_TRY(
        kfix_add_weighted_product(k, slice, low->cols, up->cols, weight, slice->abar, above->abar,
                                  kfix_spare(k, of_pair(k, &in_side, i, in_side.cross)), up->cols));
  return kfix_add_product(k, slice->together, low->out, up->out, slice->rows, weight, slice->g,
                          above->g, 1, kfix_spare(k, of_pair(k, &out_side, i, out_side.cross)),
                          up->out);
}

static kfix_status finish(kfix *k) {
  KFIX_TRY(kfix_factors_finish(k));
  for (uint32_t i = 0; i + 1 < k->depth; i++) {
    KFIX_TRY(kfix_count_bad(k, of_pair(k, &in_side, i, in_side.cross)));
    KFIX_TRY(kfix_count_bad(k, of_pair(k, &out_side, i, out_side.cross)));
  }
  return KFIX_OK;
}

/* ---- refresh ---- */

/* Two whiteners are needed at once: that of an even block is at the start of the scratch, that of an odd
 * one at its end. */
static kfix_real *whitener_at(kfix *k, const side *s, uint32_t block) {
  const kfix_buffer *scratch = &k->buffer[KFIX_NET_SCRATCH];
  const size_t n = order(k, s, block);
  return scratch->at[0] + (block % 2 ? scratch->count - n * KFIX_LD(n) : 0);
}

static kfix_status whiten(kfix *k, const side *s, uint32_t block, double shift) {
  const size_t n = order(k, s, block), ld = KFIX_LD(n);
  kfix_real *at = whitener_at(k, s, block);
  size_t info = 0;
  KFIX_RUN(k, unpack, n, kfix_latest(k, &k->block[block].own[s->factor]), (kfix_real)shift, at, ld);
  const kfix_status status = kfix_factor_whiten(&k->device, n, at, ld, &info);
  return kfix_blame(k, block, info, status);
}

static kfix_status refresh_pair(kfix *k, const side *s, uint32_t block) {
  const size_t n = order(k, s, block), m = order(k, s, block + 1), r = KFIX_KRON_RANK(n, m);
  const size_t even = block % 2 ? m : n;
  kfix_real *lower = kfix_spare(k, of_pair(k, s, block, s->basis));
  kfix_real *x = kfix_spare(k, of_pair(k, s, block, s->spectrum));
  kfix_real *scratch = k->buffer[KFIX_NET_SCRATCH].at[0] + even * KFIX_LD(even);
  size_t info = 0;
  const kfix_status status =
      kfix_kron_pair(&k->device, n, m, whitener_at(k, s, block), whitener_at(k, s, block + 1),
                     kfix_latest(k, of_pair(k, s, block, s->cross)), lower, lower + n * r, x, x + r,
                     scratch, &info);
  return kfix_blame(k, block, info, status);
}

/* One side of all pairs, from the first block up. */
static kfix_status refresh_side(kfix *k, const side *s, double gamma) {
  for (uint32_t i = 0; i < k->depth; i++) {
    const double pi = k->block[i].pi;
    KFIX_TRY(whiten(k, s, i, s == &in_side ? gamma * pi : gamma / pi));
    if (i > 0) KFIX_TRY(refresh_pair(k, s, i - 1));
  }
  return KFIX_OK;
}

/* A pair's x and y by output (rows) and by input (columns), and how many there are. */
typedef struct spectra {
  size_t rows, cols;
  const kfix_real *x_rows, *y_rows, *x_cols, *y_cols;
} spectra;

static spectra spectra_of(kfix *k, uint32_t block) {
  const size_t rows = KFIX_KRON_RANK(order(k, &out_side, block), order(k, &out_side, block + 1));
  const size_t cols = KFIX_KRON_RANK(order(k, &in_side, block), order(k, &in_side, block + 1));
  const kfix_real *g = kfix_latest(k, of_pair(k, &out_side, block, out_side.spectrum));
  const kfix_real *a = kfix_latest(k, of_pair(k, &in_side, block, in_side.spectrum));
  return (spectra){rows, cols, g, g + rows, a, a + cols};
}

/* Into the pair's slot: the entries of 1 - t^2 below the floor. */
static kfix_status count_floored(kfix *k, uint32_t pair) {
  static const double none = 0;
  const spectra s = spectra_of(k, pair);
  double *slot = kfix_slot_at(k, KFIX_SLOT_BLOCKS + (size_t)pair);
  KFIX_RUN(k, upload, slot, &none, sizeof none);
  KFIX_RUN(k, decouple, s.rows, s.cols, s.x_rows, s.y_rows, s.x_cols, s.y_cols,
           (kfix_real)k->options.tridiag_floor, NULL, NULL, 0, slot);
  return KFIX_OK;
}

static kfix_status note_floored(kfix *k, uint32_t pair, const double *count, void *arg) {
  (void)arg;
  return kfix_put_number(k, of_pair(k, &in_side, pair, KFIX_TRIDIAG_FLOORED), *count);
}

/* A block that stands alone is K-FAC's: no pair, and no space for whiteners. */
static kfix_status refresh(kfix *k, const kfix_phase *phase) {
  KFIX_TRY(kfix_kfac_refresh(k, phase));
  if (k->depth == 1) return KFIX_OK;
  KFIX_TRY(refresh_side(k, &in_side, phase->gamma));
  KFIX_TRY(refresh_side(k, &out_side, phase->gamma));
  for (uint32_t i = 0; i + 1 < k->depth; i++) KFIX_TRY(count_floored(k, i));
  return kfix_read_items(k, k->depth - 1, 1, note_floored, NULL);
}

/* ---- apply ---- */

/* One neighbour's bases: g is order(out) x rows, a is order(in) x cols. */
typedef struct bases {
  uint32_t block;
  const kfix_real *g, *a;
} bases;

static bases bases_of(kfix *k, uint32_t lower, uint32_t block, const spectra *s) {
  const kfix_real *g = kfix_latest(k, of_pair(k, &out_side, lower, out_side.basis));
  const kfix_real *a = kfix_latest(k, of_pair(k, &in_side, lower, in_side.basis));
  if (block == lower) return (bases){block, g, a};
  return (bases){block, g + order(k, &out_side, lower) * s->rows,
                 a + order(k, &in_side, lower) * s->cols};
}

/* p = scale g^T V a. */
static kfix_status project(kfix *k, const bases *b, const spectra *s, double scale,
                           const kfix_real *v, kfix_real *work, kfix_real *p) {
  const size_t n = order(k, &in_side, b->block), m = order(k, &out_side, b->block);
  const size_t ld = KFIX_LD(n), ldp = KFIX_LD(s->cols);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, s->rows, n, m, (kfix_real)scale, b->g, s->rows,
           v + k->block[b->block].w, n, 0, work, ld);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, s->rows, s->cols, n, 1, work, ld, b->a, s->cols, 0, p, ldp);
  return KFIX_OK;
}

/* U += g p a^T. */
static kfix_status expand(kfix *k, const bases *b, const spectra *s, const kfix_real *p,
                          kfix_real *work, kfix_real *u) {
  const size_t n = order(k, &in_side, b->block), m = order(k, &out_side, b->block);
  const size_t ld = KFIX_LD(n), ldp = KFIX_LD(s->cols);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_T, s->rows, n, s->cols, 1, p, ldp, b->a, s->cols, 0, work, ld);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, m, n, s->rows, 1, b->g, s->rows, work, ld, 1,
           u + k->block[b->block].w, n);
  return KFIX_OK;
}

static kfix_status correct(kfix *k, uint32_t block, double scale, const kfix_real *v,
                           kfix_real *u) {
  const spectra s = spectra_of(k, block);
  const bases low = bases_of(k, block, block, &s), up = bases_of(k, block, block + 1, &s);
  const size_t ldp = KFIX_LD(s.cols);
  kfix_real *p = k->buffer[KFIX_NET_SCRATCH].at[0], *q = p + s.rows * ldp, *work = q + s.rows * ldp;
  KFIX_TRY(project(k, &low, &s, scale, v, work, p));
  KFIX_TRY(project(k, &up, &s, scale, v, work, q));
  KFIX_RUN(k, decouple, s.rows, s.cols, s.x_rows, s.y_rows, s.x_cols, s.y_cols,
           (kfix_real)k->options.tridiag_floor, p, q, ldp, NULL);
  KFIX_TRY(expand(k, &low, &s, p, work, u));
  return expand(k, &up, &s, q, work, u);
}

static kfix_status apply(kfix *k, const kfix_phase *phase, double scale, const kfix_real *v,
                         size_t low_rank, kfix_real *u) {
  KFIX_TRY(kfix_kfac_apply(k, phase, scale, v, low_rank, u));
  for (uint32_t i = 0; i + 1 < k->depth; i++) KFIX_TRY(correct(k, i, scale, v, u));
  return KFIX_OK;
}

static const kfix_curvature_view views[] = {
    {"A", KFIX_FACTOR_A, KFIX_SHAPE_IN},
    {"G", KFIX_FACTOR_G, KFIX_SHAPE_OUT},
    {"A_cross", KFIX_TRIDIAG_A_CROSS, KFIX_SHAPE_IN_ABOVE},
    {"G_cross", KFIX_TRIDIAG_G_CROSS, KFIX_SHAPE_OUT_ABOVE}};
static const kfix_curvature_number numbers[] = {KFIX_KFAC_NUMBER,
                                                {"floored", KFIX_TRIDIAG_FLOORED, NULL}};

const kfix_curvature kfix_curvature_kfac_tridiag = {.begin = begin,
                                                    .absorb = absorb,
                                                    .finish = finish,
                                                    .refresh = refresh,
                                                    .apply = apply,
                                                    KFIX_SHOWS(views, numbers)};
