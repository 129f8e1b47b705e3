/* SPDX-License-Identifier: Apache-2.0
 * Block-diagonal K-FAC: F of a layer is A (x) G [KFAC 4.2], damped factor by factor [KFAC 6.3]. */
#include "curvature/kfac_plan.h"

#include <math.h>

#include "curvature/curvature.h"
#include "dense/spd.h"
#include "net/net.h"

static kfix_buffer *buffer_of(kfix_layer *l, int which) {
  return &l->buffer[KFIX_LAYER_CURVATURE + which];
}

/* spare = decay * current, into which absorb adds. */
static kfix_status decay_into_spare(kfix *k, const kfix_buffer *b, double decay) {
  KFIX_RUN(k, axpby, b->count, (kfix_real)decay, kfix_current(k, b), 0, NULL, kfix_spare(k, b));
  return KFIX_OK;
}

static kfix_status begin(kfix *k, double decay, size_t rows) {
  (void)rows;
  for (uint32_t i = 0; i < k->net->depth; i++) {
    KFIX_TRY(decay_into_spare(k, buffer_of(&k->layer[i], KFIX_KFAC_A), decay));
    KFIX_TRY(decay_into_spare(k, buffer_of(&k->layer[i], KFIX_KFAC_G), decay));
  }
  k->changed[KFIX_GROUP_STATISTICS] = 1;
  return KFIX_OK;
}

static kfix_status absorb(kfix *k, uint32_t layer, size_t rows, double weight) {
  kfix_layer *l = &k->layer[layer];
  KFIX_TRY(kfix_add_square(k, (size_t)l->in + 1, rows, weight, kfix_abar(k, layer),
                           kfix_spare(k, buffer_of(l, KFIX_KFAC_A))));
  return kfix_add_square(k, l->out, rows, weight, kfix_delta(k, layer),
                         kfix_spare(k, buffer_of(l, KFIX_KFAC_G)));
}

static kfix_status count_bad(kfix *k, const kfix_buffer *b, kfix_slot slot) {
  KFIX_RUN(k, nonfinite, 1, b->count, kfix_spare(k, b), b->count, kfix_slot_at(k, slot));
  return KFIX_OK;
}

static kfix_status finish(kfix *k) {
  for (uint32_t i = 0; i < k->net->depth; i++) {
    KFIX_TRY(count_bad(k, buffer_of(&k->layer[i], KFIX_KFAC_A), KFIX_SLOT_BAD_STATISTICS));
    KFIX_TRY(count_bad(k, buffer_of(&k->layer[i], KFIX_KFAC_G), KFIX_SLOT_BAD_STATISTICS));
  }
  return KFIX_OK;
}

/* Traces of A and G of layer i into its pair of slots. */
static kfix_status trace_layer(kfix *k, uint32_t i) {
  kfix_layer *l = &k->layer[i];
  double *slot = kfix_slot_at(k, KFIX_SLOT_LAYERS + 2 * (size_t)i);
  KFIX_RUN(k, trace, (size_t)l->in + 1, kfix_latest(k, buffer_of(l, KFIX_KFAC_A)), slot);
  KFIX_RUN(k, trace, l->out, kfix_latest(k, buffer_of(l, KFIX_KFAC_G)), slot + 1);
  return KFIX_OK;
}

/* pi = sqrt of the mean eigenvalue of A over that of G; 1 where either vanishes (a dead layer). */
static kfix_status find_pi(kfix *k, kfix_real *pi) {
  double trace[2 * KFIX_DEPTH_MAX];
  for (uint32_t i = 0; i < k->net->depth; i++) KFIX_TRY(trace_layer(k, i));
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_LAYERS, 2 * (size_t)k->net->depth, trace));
  for (uint32_t i = 0; i < k->net->depth; i++) {
    kfix_layer *l = &k->layer[i];
    if (!isfinite(trace[2 * i]) || !isfinite(trace[2 * i + 1])) return KFIX_STATISTICS_NONFINITE;
    const double a = trace[2 * i] / ((double)l->in + 1), g = trace[2 * i + 1] / l->out;
    pi[i] = (kfix_real)(a > 0 && g > 0 ? sqrt(a / g) : 1);
    KFIX_RUN(k, upload, kfix_spare(k, buffer_of(l, KFIX_KFAC_PI)), &pi[i], sizeof pi[i]);
  }
  return KFIX_OK;
}

static kfix_status invert(kfix *k, size_t n, kfix_real *a, size_t ld, kfix_real *work,
                          size_t *info) {
  if (!k->device.port->spd_inverse) return kfix_spd_inverse(&k->device, n, a, ld, work, info);
  return k->device.port->spd_inverse(&k->device, n, a, ld, work, info);
}

/* spare inverse = (factor + shift I)^-1. */
static kfix_status refresh_factor(kfix *k, uint32_t layer, size_t n, double shift, int factor,
                                  int inverse) {
  kfix_layer *l = &k->layer[layer];
  const size_t ld = KFIX_LD(n);
  kfix_real *a = k->buffer[KFIX_NET_SCRATCH].at[0], *work = a + n * ld;
  size_t info = 0;
  KFIX_RUN(k, unpack, n, kfix_latest(k, buffer_of(l, factor)), (kfix_real)shift, a, ld);
  const kfix_status status = invert(k, n, a, ld, work, &info);
  if (status == KFIX_NOT_POSITIVE) {
    k->report.layer = layer + 1;
    k->report.value = (double)info;
  }
  KFIX_TRY(status);
  KFIX_RUN(k, pack, n, a, ld, kfix_spare(k, buffer_of(l, inverse)));
  return KFIX_OK;
}

static kfix_status refresh(kfix *k, double gamma) {
  kfix_real pi[KFIX_DEPTH_MAX];
  KFIX_TRY(find_pi(k, pi));
  for (uint32_t i = 0; i < k->net->depth; i++) {
    const kfix_layer *l = &k->layer[i];
    KFIX_TRY(
        refresh_factor(k, i, (size_t)l->in + 1, gamma * pi[i], KFIX_KFAC_A, KFIX_KFAC_A_INVERSE));
    KFIX_TRY(refresh_factor(k, i, l->out, gamma / pi[i], KFIX_KFAC_G, KFIX_KFAC_G_INVERSE));
  }
  k->changed[KFIX_GROUP_INVERSE] = 1;
  return KFIX_OK;
}

/* U = scale G^-1 V A^-1. */
static kfix_status apply_full(kfix *k, uint32_t layer, double scale, const kfix_real *v,
                              kfix_real *u) {
  kfix_layer *l = &k->layer[layer];
  const size_t cols = (size_t)l->in + 1, ld = KFIX_LD(cols);
  kfix_real *half = k->buffer[KFIX_NET_SCRATCH].at[0];
  KFIX_RUN(k, gemm, KFIX_S, KFIX_N, l->out, cols, l->out, (kfix_real)scale,
           kfix_latest(k, buffer_of(l, KFIX_KFAC_G_INVERSE)), 0, v, cols, 0, half, ld);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, l->out, cols, cols, 1, half, ld,
           kfix_latest(k, buffer_of(l, KFIX_KFAC_A_INVERSE)), 0, 0, u, cols);
  return KFIX_OK;
}

/* The same for V = (1 / rows) Gm^T Abar: U = (scale / rows) (Gm G^-1)^T (Abar A^-1) [KFAC 8]. */
static kfix_status apply_low_rank(kfix *k, uint32_t layer, double scale, size_t rows,
                                  kfix_real *u) {
  kfix_layer *l = &k->layer[layer];
  const size_t cols = (size_t)l->in + 1;
  const kfix_rows g = kfix_delta(k, layer), a = kfix_abar(k, layer);
  const kfix_rows ga = {k->buffer[KFIX_NET_SCRATCH].at[0], KFIX_LD(l->out)};
  const kfix_rows aa = {ga.at + rows * ga.ld, KFIX_LD(cols)};
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, rows, l->out, l->out, (kfix_real)(scale / (double)rows), g.at,
           g.ld, kfix_latest(k, buffer_of(l, KFIX_KFAC_G_INVERSE)), 0, 0, ga.at, ga.ld);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, rows, cols, cols, 1, a.at, a.ld,
           kfix_latest(k, buffer_of(l, KFIX_KFAC_A_INVERSE)), 0, 0, aa.at, aa.ld);
  KFIX_RUN(k, gemm, KFIX_T, KFIX_N, l->out, cols, rows, 1, ga.at, ga.ld, aa.at, aa.ld, 0, u, cols);
  return KFIX_OK;
}

/* The low-rank product pays where its flops are fewer. */
static int low_rank_pays(const kfix_layer *l, size_t rows) {
  const double a = (double)l->in + 1, g = l->out, m = (double)rows;
  return m * (a * a + g * g + a * g) < g * g * a + g * a * a;
}

static kfix_status apply(kfix *k, double scale, const kfix_real *v, int low_rank, size_t rows,
                         kfix_real *u) {
  for (uint32_t i = 0; i < k->net->depth; i++) {
    const kfix_layer *l = &k->layer[i];
    if (low_rank && low_rank_pays(l, rows))
      KFIX_TRY(apply_low_rank(k, i, scale, rows, u + l->w));
    else
      KFIX_TRY(apply_full(k, i, scale, v + l->w, u + l->w));
  }
  return KFIX_OK;
}

static kfix_status pi_of(kfix *k, uint32_t layer, double *pi) {
  kfix_real value;
  const kfix_buffer *b = buffer_of(&k->layer[layer], KFIX_KFAC_PI);
  KFIX_RUN(k, download, &value, kfix_current(k, b), sizeof value);
  *pi = value;
  return KFIX_OK;
}

static const kfix_curvature_view views[] = {
    {"A", KFIX_LAYER_CURVATURE + KFIX_KFAC_A, KFIX_SHAPE_IN},
    {"G", KFIX_LAYER_CURVATURE + KFIX_KFAC_G, KFIX_SHAPE_OUT}};

const kfix_curvature kfix_curvature_kfac = {begin, absorb, finish, refresh,
                                            apply, pi_of,  views,  sizeof views / sizeof views[0]};
