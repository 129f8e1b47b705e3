/* SPDX-License-Identifier: Apache-2.0
 * EKFAC and EKFAC-ra at work on a batch: scalings of its rows, and the damped operator applied. */
#include "curvature/ekfac.h"

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "curvature/example_gradients.h"

/* ---- scalings of a batch ---- */

static int is_running(const kfix *k) {
  return k->options.ekfac_s == KFIX_EKFAC_EMA;
}

/* Where a new basis is due, the scalings come with it. */
static kfix_status begin(kfix *k, const kfix_phase *phase) {
  KFIX_TRY(kfix_factors_begin(k, phase));
  if (phase->due) return KFIX_OK;
  for (uint32_t i = 0; i < k->depth; i++)
    KFIX_TRY(
        kfix_decay_into_spare(k, &k->block[i].own[KFIX_EKFAC_S], is_running(k) ? phase->decay : 0));
  k->changed[KFIX_GROUP_SCALINGS] = 1;
  return KFIX_OK;
}

/* out = the squares of x in the basis u, of order n. */
static kfix_status square_in_basis(kfix *k, size_t rows, size_t n, const kfix_real *x, size_t ldx,
                                   const kfix_real *u, kfix_real *out) {
  const size_t ld = KFIX_LD(n);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, rows, n, n, 1, x, ldx, u, n, 0, out, ld);
  KFIX_RUN(k, multiply, rows, n, out, ld, out, ld, out, ld);
  return KFIX_OK;
}

/* Of an example in the scalings. */
static double weight_of(const kfix *k, const kfix_phase *phase) {
  return is_running(k) ? kfix_each_weight(phase) : 1 / phase->mass;
}

/* spare s += weight * (Abar U_A)^{o2 T} (Gm U_G)^{o2}, row block by row block: an example has one row. */
static kfix_status rescale_rows(kfix *k, const kfix_slice *slice, const kfix_phase *phase) {
  const kfix_block *b = &k->block[slice->block];
  const kfix_rows abar = slice->abar, g = slice->g;
  const size_t most = k->net->row_block, n = b->cols;
  const double weight = weight_of(k, phase);
  kfix_real *a2 = k->buffer[KFIX_NET_SCRATCH].at[0], *g2 = a2 + most * KFIX_LD(n);
  kfix_real *s = kfix_spare(k, &b->own[KFIX_EKFAC_S]);
  const kfix_real *ua = kfix_latest(k, &b->own[KFIX_EKFAC_UA]);
  const kfix_real *ug = kfix_latest(k, &b->own[KFIX_EKFAC_UG]);
  for (size_t done = 0, step; done < slice->rows; done += step) {
    step = kfix_smaller(slice->rows - done, most);
    KFIX_TRY(square_in_basis(k, step, n, abar.at + done * abar.ld, abar.ld, ua, a2));
    KFIX_TRY(square_in_basis(k, step, b->out, g.at + done * g.ld, g.ld, ug, g2));
    KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, b->out, step, (kfix_real)weight, a2, KFIX_LD(n), g2,
             KFIX_LD(b->out), 1, s, b->out);
  }
  return KFIX_OK;
}

/* Scratch: D, and behind it a half, as apply has them. */
static kfix_real *half_behind(kfix *k, const kfix_block *b) {
  return k->buffer[KFIX_NET_SCRATCH].at[0] + KFIX_EKFAC_HALF((size_t)b->cols, b->out);
}

/* spare s += weight * (U_A^T D^T U_G)^{o2}. */
static kfix_status add_scalings(kfix *k, const kfix_block *b, kfix_real *d,
                                const kfix_phase *phase) {
  const size_t count = (size_t)b->cols * b->out;
  kfix_real *s = kfix_spare(k, &b->own[KFIX_EKFAC_S]);
  KFIX_TRY(kfix_ekfac_project(k, b, d, half_behind(k, b), d));
  KFIX_RUN(k, multiply, 1, count, d, count, d, count, d, count);
  KFIX_RUN(k, axpby, count, (kfix_real)weight_of(k, phase), d, 1, s, s);
  return KFIX_OK;
}

static kfix_status rescale(kfix *k, const kfix_slice *slice, const kfix_phase *phase) {
  kfix_real *d = k->buffer[KFIX_NET_SCRATCH].at[0];
  return slice->windows > 1 ? kfix_each_example_gradient(k, slice, phase, d, add_scalings)
                            : rescale_rows(k, slice, phase);
}

static kfix_status absorb(kfix *k, const kfix_slice *slice, const kfix_phase *phase) {
  KFIX_TRY(kfix_factors_absorb(k, slice, phase));
  return phase->due ? KFIX_OK : rescale(k, slice, phase);
}

kfix_status kfix_ekfac_average(kfix *k, const kfix_block *b, double decay, const kfix_real *past,
                               const kfix_real *projected, kfix_real *square) {
  const size_t count = (size_t)b->cols * b->out;
  KFIX_RUN(k, multiply, 1, count, projected, count, projected, count, square, count);
  KFIX_RUN(k, axpby, count, (kfix_real)(1 - decay), square, (kfix_real)decay, past,
           kfix_spare(k, &b->own[KFIX_EKFAC_S]));
  return KFIX_OK;
}

/* ---- the damped operator ---- */

kfix_status kfix_ekfac_project(kfix *k, const kfix_block *b, const kfix_real *v, kfix_real *half,
                               kfix_real *out) {
  const size_t n = b->cols, g = b->out;
  KFIX_RUN(k, gemm, KFIX_T, KFIX_T, n, g, n, 1, kfix_latest(k, &b->own[KFIX_EKFAC_UA]), n, v, n, 0,
           half, g);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, n, g, g, 1, half, g, kfix_latest(k, &b->own[KFIX_EKFAC_UG]), g,
           0, out, g);
  return KFIX_OK;
}

kfix_status kfix_ekfac_expand(kfix *k, const kfix_block *b, double scale, kfix_real *half,
                              kfix_real *u) {
  const size_t n = b->cols, g = b->out;
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, n, g, n, 1, kfix_latest(k, &b->own[KFIX_EKFAC_UA]), n, u, g, 0,
           half, g);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_T, g, n, g, (kfix_real)scale,
           kfix_latest(k, &b->own[KFIX_EKFAC_UG]), g, half, g, 0, u, n);
  return KFIX_OK;
}

/* sum = s + gamma (S_A (x) 1 + 1 (x) S_G); pi stands in the eigenvalues. */
static kfix_status add_factored(kfix *k, const kfix_block *b, double damping, const kfix_real *s,
                                kfix_real *ones, kfix_real *sum) {
  const size_t n = (size_t)b->cols, g = b->out, most = n > g ? n : g;
  const kfix_real *va = kfix_latest(k, &b->own[KFIX_EKFAC_VALUES_A]);
  const kfix_real *vg = kfix_latest(k, &b->own[KFIX_EKFAC_VALUES_G]);
  const kfix_real gamma = (kfix_real)damping;
  KFIX_RUN(k, fill, 1, most, 1, ones, most);
  KFIX_RUN(k, copy, 1, n * g, s, n * g, sum, n * g);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, g, 1, gamma, va, n, ones, g, 1, sum, g);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, g, 1, gamma, ones, n, vg, g, 1, sum, g);
  return KFIX_OK;
}

/* projected /= s + d. */
static kfix_status divide(kfix *k, const kfix_block *b, double gamma, kfix_real *half,
                          kfix_real *projected) {
  const size_t count = (size_t)b->cols * b->out;
  const kfix_real *s = kfix_latest(k, &b->own[KFIX_EKFAC_S]);
  if (k->options.ekfac_damping != KFIX_EKFAC_PLAIN) {
    KFIX_TRY(add_factored(k, b, gamma, s, half + KFIX_EKFAC_HALF((size_t)b->cols, b->out), half));
    s = half;
  }
  KFIX_RUN(k, divide, 1, count, projected, count, s, count, (kfix_real)(gamma * gamma), projected,
           count);
  return KFIX_OK;
}

/* The projection stands in u, which is as large, until the last product. */
static kfix_status apply_block(kfix *k, const kfix_block *b, const kfix_phase *phase, int averages,
                               double scale, const kfix_real *v, kfix_real *u) {
  kfix_real *half = k->buffer[KFIX_NET_SCRATCH].at[0];
  KFIX_TRY(kfix_ekfac_project(k, b, v, half, u));
  if (averages)
    KFIX_TRY(
        kfix_ekfac_average(k, b, phase->decay, kfix_current(k, &b->own[KFIX_EKFAC_S]), u, half));
  KFIX_TRY(divide(k, b, phase->gamma, half, u));
  return kfix_ekfac_expand(k, b, scale, half, u);
}

static kfix_status apply_blocks(kfix *k, const kfix_phase *phase, int averages, double scale,
                                const kfix_real *v, kfix_real *u) {
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    KFIX_TRY(apply_block(k, b, phase, averages, scale, v + b->w, u + b->w));
  }
  return KFIX_OK;
}

static kfix_status apply(kfix *k, const kfix_phase *phase, double scale, const kfix_real *v,
                         size_t low_rank, kfix_real *u) {
  (void)low_rank;
  return apply_blocks(k, phase, 0, scale, v, u);
}

/* In a step with fresh statistics but no new basis the squares are taken from here: those of the step's
 * own gradient. */
static kfix_status apply_ra(kfix *k, const kfix_phase *phase, double scale, const kfix_real *v,
                            size_t low_rank, kfix_real *u) {
  const int averages = phase->fresh && !phase->due;
  (void)low_rank;
  if (averages) k->changed[KFIX_GROUP_SCALINGS] = 1;
  return apply_blocks(k, phase, averages, scale, v, u);
}

/* ---- what it shows ---- */

static int has_pi(const kfix *k) {
  return k->options.ekfac_damping == KFIX_EKFAC_KRON_PI;
}

static const kfix_curvature_view views[] = {{"A", KFIX_FACTOR_A, KFIX_SHAPE_IN},
                                            {"G", KFIX_FACTOR_G, KFIX_SHAPE_OUT},
                                            {"UA", KFIX_EKFAC_UA, KFIX_SHAPE_IN_FULL},
                                            {"UG", KFIX_EKFAC_UG, KFIX_SHAPE_OUT_FULL},
                                            {"s", KFIX_EKFAC_S, KFIX_SHAPE_IN_OUT}};
static const kfix_curvature_number numbers[] = {{"pi", KFIX_EKFAC_PI, has_pi}};

const kfix_curvature kfix_curvature_ekfac = {.begin = begin,
                                             .absorb = absorb,
                                             .finish = kfix_factors_finish,
                                             .refresh = kfix_ekfac_refresh,
                                             .rescale = rescale,
                                             .apply = apply,
                                             .takes = KFIX_TAKES_WINDOWS,
                                             KFIX_SHOWS(views, numbers)};

const kfix_curvature kfix_curvature_ekfac_ra = {.begin = kfix_factors_begin,
                                                .absorb = kfix_factors_absorb,
                                                .finish = kfix_factors_finish,
                                                .refresh = kfix_ekfac_ra_refresh,
                                                .apply = apply_ra,
                                                .takes = KFIX_TAKES_WINDOWS,
                                                KFIX_SHOWS(views, numbers),
                                                .of_gradient = 1};
