/* SPDX-License-Identifier: Apache-2.0
 * EKFAC and EKFAC-ra at work on a batch: scalings of its rows, and the damped operator applied. */
#include "curvature/ekfac.h"

#include "core/arithmetic.h"
#include "curvature/curvature.h"

int kfix_ekfac_is_ra(const kfix *k) {
  return k->method->curvature == &kfix_curvature_ekfac_ra;
}

static size_t side_a(const kfix_layer *l) {
  return (size_t)l->in + 1;
}

/* ---- scalings of a batch ---- */

static int is_running(const kfix *k) {
  return k->options.ekfac_s == KFIX_EKFAC_EMA;
}

/* Where a new basis is due, the scalings come with it. */
static kfix_status begin(kfix *k, double decay, size_t rows) {
  KFIX_TRY(kfix_factors_begin(k, decay, rows));
  if (kfix_refresh_due(k)) return KFIX_OK;
  for (uint32_t i = 0; i < k->net->depth; i++)
    KFIX_TRY(kfix_decay_into_spare(k, kfix_curvature_buffer(&k->layer[i], KFIX_EKFAC_S),
                                   is_running(k) ? decay : 0));
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

/* spare s += weight * (Abar U_A)^{o2 T} (Gm U_G)^{o2}, row block by row block. */
static kfix_status rescale(kfix *k, uint32_t layer, size_t rows, double weight) {
  kfix_layer *l = &k->layer[layer];
  const kfix_rows abar = kfix_abar(k, layer), g = kfix_delta(k, layer);
  const size_t block = k->net->block, n = side_a(l);
  kfix_real *a2 = k->buffer[KFIX_NET_SCRATCH].at[0], *g2 = a2 + block * KFIX_LD(n);
  kfix_real *s = kfix_spare(k, kfix_curvature_buffer(l, KFIX_EKFAC_S));
  const kfix_real *ua = kfix_latest(k, kfix_curvature_buffer(l, KFIX_EKFAC_UA));
  const kfix_real *ug = kfix_latest(k, kfix_curvature_buffer(l, KFIX_EKFAC_UG));
  if (!is_running(k)) weight = 1 / kfix_mass(k, 0, k->report.stats_rows);
  for (size_t done = 0, step; done < rows; done += step) {
    step = rows - done < block ? rows - done : block;
    KFIX_TRY(square_in_basis(k, step, n, abar.at + done * abar.ld, abar.ld, ua, a2));
    KFIX_TRY(square_in_basis(k, step, l->out, g.at + done * g.ld, g.ld, ug, g2));
    KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, l->out, step, (kfix_real)weight, a2, KFIX_LD(n), g2,
             KFIX_LD(l->out), 1, s, l->out);
  }
  return KFIX_OK;
}

static kfix_status absorb(kfix *k, uint32_t layer, size_t rows, double weight) {
  KFIX_TRY(kfix_factors_absorb(k, layer, rows, weight));
  return kfix_refresh_due(k) ? KFIX_OK : rescale(k, layer, rows, weight);
}

kfix_status kfix_ekfac_average(kfix *k, kfix_layer *l, const kfix_real *past,
                               const kfix_real *projected, kfix_real *square) {
  const size_t count = side_a(l) * l->out;
  const double decay = k->report.decay;
  KFIX_RUN(k, multiply, 1, count, projected, count, projected, count, square, count);
  KFIX_RUN(k, axpby, count, (kfix_real)(1 - decay), square, (kfix_real)decay, past,
           kfix_spare(k, kfix_curvature_buffer(l, KFIX_EKFAC_S)));
  return KFIX_OK;
}

/* ---- the damped operator ---- */

kfix_status kfix_ekfac_project(kfix *k, kfix_layer *l, const kfix_real *v, kfix_real *half,
                               kfix_real *out) {
  const size_t n = side_a(l), g = l->out;
  KFIX_RUN(k, gemm, KFIX_T, KFIX_T, n, g, n, 1,
           kfix_latest(k, kfix_curvature_buffer(l, KFIX_EKFAC_UA)), n, v, n, 0, half, g);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, n, g, g, 1, half, g,
           kfix_latest(k, kfix_curvature_buffer(l, KFIX_EKFAC_UG)), g, 0, out, g);
  return KFIX_OK;
}

/* sum = s + gamma (S_A (x) 1 + 1 (x) S_G); pi stands in the eigenvalues. */
static kfix_status add_factored(kfix *k, kfix_layer *l, const kfix_real *s, kfix_real *ones,
                                kfix_real *sum) {
  const size_t n = side_a(l), g = l->out, most = n > g ? n : g;
  const kfix_real *va = kfix_latest(k, kfix_curvature_buffer(l, KFIX_EKFAC_VALUES_A));
  const kfix_real *vg = kfix_latest(k, kfix_curvature_buffer(l, KFIX_EKFAC_VALUES_G));
  const kfix_real gamma = (kfix_real)k->gamma;
  KFIX_RUN(k, fill, 1, most, 1, ones, most);
  KFIX_RUN(k, copy, 1, n * g, s, n * g, sum, n * g);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, g, 1, gamma, va, n, ones, g, 1, sum, g);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, n, g, 1, gamma, ones, n, vg, g, 1, sum, g);
  return KFIX_OK;
}

/* projected /= s + d. */
static kfix_status divide(kfix *k, kfix_layer *l, kfix_real *half, kfix_real *projected) {
  const size_t count = side_a(l) * l->out;
  const kfix_real *s = kfix_latest(k, kfix_curvature_buffer(l, KFIX_EKFAC_S));
  if (k->options.ekfac_damping != KFIX_EKFAC_PLAIN) {
    KFIX_TRY(add_factored(k, l, s, half + KFIX_EKFAC_HALF((size_t)l->in, l->out), half));
    s = half;
  }
  KFIX_RUN(k, divide, 1, count, projected, count, s, count, (kfix_real)(k->gamma * k->gamma),
           projected, count);
  return KFIX_OK;
}

/* The projection stands in u, which is as large, until the last product. */
static kfix_status apply_layer(kfix *k, kfix_layer *l, double scale, int averages,
                               const kfix_real *v, kfix_real *u) {
  const size_t n = side_a(l), g = l->out;
  kfix_real *half = k->buffer[KFIX_NET_SCRATCH].at[0];
  KFIX_TRY(kfix_ekfac_project(k, l, v, half, u));
  if (averages)
    KFIX_TRY(
        kfix_ekfac_average(k, l, kfix_current(k, kfix_curvature_buffer(l, KFIX_EKFAC_S)), u, half));
  KFIX_TRY(divide(k, l, half, u));
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, n, g, n, 1,
           kfix_latest(k, kfix_curvature_buffer(l, KFIX_EKFAC_UA)), n, u, g, 0, half, g);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_T, g, n, g, (kfix_real)scale,
           kfix_latest(k, kfix_curvature_buffer(l, KFIX_EKFAC_UG)), g, half, g, 0, u, n);
  return KFIX_OK;
}

/* In a step with fresh statistics but no new basis, ekfac-ra takes the squares from here: such a
 * step calls apply once. */
static kfix_status apply(kfix *k, double scale, const kfix_real *v, int low_rank, size_t rows,
                         kfix_real *u) {
  const int averages =
      kfix_ekfac_is_ra(k) && k->changed[KFIX_GROUP_STATISTICS] && !k->changed[KFIX_GROUP_INVERSE];
  (void)low_rank, (void)rows;
  if (averages) k->changed[KFIX_GROUP_SCALINGS] = 1;
  for (uint32_t i = 0; i < k->net->depth; i++) {
    kfix_layer *l = &k->layer[i];
    KFIX_TRY(apply_layer(k, l, scale, averages, v + l->w, u + l->w));
  }
  return KFIX_OK;
}

/* ---- what it shows ---- */

static kfix_status pi_of(kfix *k, uint32_t layer, double *pi) {
  if (k->options.ekfac_damping != KFIX_EKFAC_KRON_PI) return KFIX_ARGUMENT;
  return kfix_read_number(k, layer, KFIX_EKFAC_PI, pi);
}

static const kfix_curvature_view views[] = {
    {"A", KFIX_LAYER_CURVATURE + KFIX_FACTOR_A, KFIX_SHAPE_IN},
    {"G", KFIX_LAYER_CURVATURE + KFIX_FACTOR_G, KFIX_SHAPE_OUT},
    {"UA", KFIX_LAYER_CURVATURE + KFIX_EKFAC_UA, KFIX_SHAPE_IN_FULL},
    {"UG", KFIX_LAYER_CURVATURE + KFIX_EKFAC_UG, KFIX_SHAPE_OUT_FULL},
    {"s", KFIX_LAYER_CURVATURE + KFIX_EKFAC_S, KFIX_SHAPE_IN_OUT}};

const kfix_curvature kfix_curvature_ekfac = {.begin = begin,
                                             .absorb = absorb,
                                             .finish = kfix_factors_finish,
                                             .refresh = kfix_ekfac_refresh,
                                             .rescale = rescale,
                                             .apply = apply,
                                             .pi = pi_of,
                                             .views = views,
                                             .view_count = sizeof views / sizeof views[0]};

const kfix_curvature kfix_curvature_ekfac_ra = {.begin = kfix_factors_begin,
                                                .absorb = kfix_factors_absorb,
                                                .finish = kfix_factors_finish,
                                                .refresh = kfix_ekfac_refresh,
                                                .apply = apply,
                                                .pi = pi_of,
                                                .views = views,
                                                .view_count = sizeof views / sizeof views[0],
                                                .of_gradient = 1};
