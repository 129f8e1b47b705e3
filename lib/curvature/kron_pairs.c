/* SPDX-License-Identifier: Apache-2.0
 * deflation, lanczos, kfac-corrected: F of a layer is R (x) S + P (x) Q [KPSVD 2.2, 2.3], damped as
 * (R + pi gamma I) (x) (S + gamma / pi I) + P (x) Q and inverted by factor/kron_sum.h [KPSVD 3]. */
#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "curvature/factors.h"
#include "curvature/kron_terms.h"

/* What one side of a layer keeps of its inverse. */
typedef struct side {
  size_t n;
  int factor, correction, basis, spectrum;
} side;

static side in_side(const kfix_layer *l) {
  return (side){(size_t)l->in + 1, KFIX_FACTOR_A, KFIX_KRON_P, KFIX_KRON_IN_BASIS,
                KFIX_KRON_IN_SPECTRUM};
}

static side out_side(const kfix_layer *l) {
  return (side){l->out, KFIX_FACTOR_G, KFIX_KRON_Q, KFIX_KRON_OUT_BASIS, KFIX_KRON_OUT_SPECTRUM};
}

static kfix_status refresh_side(kfix *k, uint32_t layer, side s, double shift) {
  kfix_layer *l = &k->layer[layer];
  kfix_real *a = k->buffer[KFIX_NET_SCRATCH].at[0];
  const size_t ld = KFIX_LD(s.n);
  size_t info = 0;
  KFIX_RUN(k, unpack, s.n, kfix_latest(k, kfix_curvature_buffer(l, s.factor)), (kfix_real)shift, a,
           ld);
  const kfix_status status = kfix_kron_side_set(
      &k->device, s.n, a, ld, kfix_latest(k, kfix_curvature_buffer(l, s.correction)),
      kfix_spare(k, kfix_curvature_buffer(l, s.basis)), s.n,
      kfix_spare(k, kfix_curvature_buffer(l, s.spectrum)), a + s.n * ld, &info);
  if (status == KFIX_NOT_POSITIVE) {
    k->report.layer = layer + 1;
    k->report.value = (double)info;
  }
  return status;
}

static kfix_kron_side solved(kfix *k, kfix_layer *l, side s, int made) {
  const kfix_buffer *basis = kfix_curvature_buffer(l, s.basis);
  const kfix_buffer *spectrum = kfix_curvature_buffer(l, s.spectrum);
  return (kfix_kron_side){s.n, made ? kfix_spare(k, basis) : kfix_latest(k, basis), s.n,
                          made ? kfix_spare(k, spectrum) : kfix_latest(k, spectrum)};
}

/* The number of entries of 1 + s2 s1^T below the floor goes to KRON_FLOORED. */
static kfix_status count_floored(kfix *k, kfix_layer *l) {
  const kfix_kron_side a = solved(k, l, in_side(l), 1), g = solved(k, l, out_side(l), 1);
  const double none = 0;
  double count, *slot = kfix_slot_at(k, KFIX_SLOT_LAYERS);
  KFIX_RUN(k, upload, slot, &none, sizeof none);
  KFIX_RUN(k, divide_kron, g.n, a.n, NULL, 0, g.s, a.s, 1, (kfix_real)k->options.kron_floor, NULL,
           0, slot);
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_LAYERS, 1, &count));
  const kfix_real floored = (kfix_real)count;
  KFIX_RUN(k, upload, kfix_spare(k, kfix_curvature_buffer(l, KFIX_KRON_FLOORED)), &floored,
           sizeof floored);
  return KFIX_OK;
}

static kfix_status refresh(kfix *k, double gamma) {
  kfix_real pi[KFIX_DEPTH_MAX];
  KFIX_TRY(kfix_factors_pi(k, pi));
  for (uint32_t i = 0; i < k->net->depth; i++) {
    kfix_layer *l = &k->layer[i];
    KFIX_TRY(refresh_side(k, i, in_side(l), gamma * pi[i]));
    KFIX_TRY(refresh_side(k, i, out_side(l), gamma / pi[i]));
    KFIX_RUN(k, upload, kfix_spare(k, kfix_curvature_buffer(l, KFIX_KRON_PI)), &pi[i],
             sizeof pi[i]);
    KFIX_TRY(count_floored(k, l));
  }
  k->changed[KFIX_GROUP_INVERSE] = 1;
  return KFIX_OK;
}

static kfix_status apply(kfix *k, double scale, const kfix_real *v, int low_rank, size_t rows,
                         kfix_real *u) {
  (void)low_rank, (void)rows;
  for (uint32_t i = 0; i < k->net->depth; i++) {
    kfix_layer *l = &k->layer[i];
    const kfix_kron_side a = solved(k, l, in_side(l), 0), g = solved(k, l, out_side(l), 0);
    KFIX_TRY(kfix_kron_solve(&k->device, &g, &a, 1, (kfix_real)k->options.kron_floor,
                             (kfix_real)scale, v + l->w, a.n, u + l->w, a.n,
                             k->buffer[KFIX_NET_SCRATCH].at[0], NULL));
  }
  return KFIX_OK;
}

static kfix_status pi_of(kfix *k, uint32_t layer, double *pi) {
  return kfix_read_number(k, layer, KFIX_KRON_PI, pi);
}

static kfix_status floored_of(kfix *k, uint32_t layer, double *count) {
  return kfix_read_number(k, layer, KFIX_KRON_FLOORED, count);
}

static const kfix_curvature_view views[] = {
    {"R", KFIX_LAYER_CURVATURE + KFIX_FACTOR_A, KFIX_SHAPE_IN},
    {"S", KFIX_LAYER_CURVATURE + KFIX_FACTOR_G, KFIX_SHAPE_OUT},
    {"P", KFIX_LAYER_CURVATURE + KFIX_KRON_P, KFIX_SHAPE_IN},
    {"Q", KFIX_LAYER_CURVATURE + KFIX_KRON_Q, KFIX_SHAPE_OUT}};

/* The methods differ in their statistics alone. */
#define METHOD(name, order, residual)                                                         \
  static const kfix_kron_kind kind_##name = {2, order, residual, KFIX_KRON_HELD_ABAR,         \
                                             KFIX_KRON_HELD_DELTA};                           \
  static kfix_status begin_##name(kfix *k, double decay, size_t rows) {                       \
    return kfix_kron_begin(k, &kind_##name, decay, rows);                                     \
  }                                                                                           \
  static kfix_status absorb_##name(kfix *k, uint32_t layer, size_t rows, double weight) {     \
    return kfix_kron_absorb(k, &kind_##name, layer, rows, weight);                            \
  }                                                                                           \
  static kfix_status finish_##name(kfix *k) {                                                 \
    return kfix_kron_finish(k, &kind_##name);                                                 \
  }                                                                                           \
  const kfix_curvature kfix_curvature_##name = {.begin = begin_##name,                        \
                                                .absorb = absorb_##name,                      \
                                                .finish = finish_##name,                      \
                                                .refresh = refresh,                           \
                                                .apply = apply,                               \
                                                .pi = pi_of,                                  \
                                                .views = views,                               \
                                                .view_count = sizeof views / sizeof views[0], \
                                                .floored = floored_of};
METHOD(deflation, KFIX_KRON_DEFLATE, 0)
METHOD(lanczos, KFIX_KRON_TOGETHER, 0)
METHOD(kfac_corrected, KFIX_KRON_DEFLATE, 1)
