/* SPDX-License-Identifier: Apache-2.0
 * Block-diagonal K-FAC: F of a layer is A (x) G [KFAC 4.2], damped factor by factor [KFAC 6.3]. */
#include "curvature/kfac.h"
#include "curvature/curvature.h"
#include "curvature/factors.h"
#include "curvature/kfac_plan.h"

static kfix_status refresh_layer(kfix *k, uint32_t i, double gamma, kfix_real pi) {
  kfix_layer *l = &k->layer[i];
  KFIX_TRY(kfix_invert_factor(k, i, (size_t)l->in + 1,
                              kfix_latest(k, kfix_curvature_buffer(l, KFIX_FACTOR_A)), gamma * pi,
                              kfix_spare(k, kfix_curvature_buffer(l, KFIX_KFAC_A_INVERSE))));
  KFIX_TRY(kfix_invert_factor(k, i, l->out, kfix_latest(k, kfix_curvature_buffer(l, KFIX_FACTOR_G)),
                              gamma / pi,
                              kfix_spare(k, kfix_curvature_buffer(l, KFIX_KFAC_G_INVERSE))));
  KFIX_RUN(k, upload, kfix_spare(k, kfix_curvature_buffer(l, KFIX_KFAC_PI)), &pi, sizeof pi);
  return KFIX_OK;
}

kfix_status kfix_kfac_refresh(kfix *k, double gamma) {
  kfix_real pi[KFIX_DEPTH_MAX];
  KFIX_TRY(kfix_factors_pi(k, pi));
  for (uint32_t i = 0; i < k->net->depth; i++) KFIX_TRY(refresh_layer(k, i, gamma, pi[i]));
  k->changed[KFIX_GROUP_INVERSE] = 1;
  return KFIX_OK;
}

kfix_status kfix_kfac_apply(kfix *k, double scale, const kfix_real *v, int low_rank, size_t rows,
                            kfix_real *u) {
  for (uint32_t i = 0; i < k->net->depth; i++) {
    kfix_layer *l = &k->layer[i];
    const kfix_real *a = kfix_latest(k, kfix_curvature_buffer(l, KFIX_KFAC_A_INVERSE));
    const kfix_real *g = kfix_latest(k, kfix_curvature_buffer(l, KFIX_KFAC_G_INVERSE));
    if (low_rank && kfix_low_rank_pays(l, rows))
      KFIX_TRY(kfix_apply_kron_low_rank(k, i, scale, rows, a, g, u + l->w));
    else
      KFIX_TRY(kfix_apply_kron(k, l, scale, a, g, v + l->w, u + l->w));
  }
  return KFIX_OK;
}

kfix_status kfix_kfac_pi(kfix *k, uint32_t layer, double *pi) {
  return kfix_read_number(k, layer, KFIX_KFAC_PI, pi);
}

static const kfix_curvature_view views[] = {
    {"A", KFIX_LAYER_CURVATURE + KFIX_FACTOR_A, KFIX_SHAPE_IN},
    {"G", KFIX_LAYER_CURVATURE + KFIX_FACTOR_G, KFIX_SHAPE_OUT}};

const kfix_curvature kfix_curvature_kfac = {.begin = kfix_factors_begin,
                                            .absorb = kfix_factors_absorb,
                                            .finish = kfix_factors_finish,
                                            .refresh = kfix_kfac_refresh,
                                            .apply = kfix_kfac_apply,
                                            .pi = kfix_kfac_pi,
                                            .views = views,
                                            .view_count = sizeof views / sizeof views[0]};
