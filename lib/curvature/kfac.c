/* SPDX-License-Identifier: Apache-2.0
 * Block-diagonal K-FAC: F of a layer is A (x) G [KFAC 4.2], damped factor by factor [KFAC 6.3]. */
#include "curvature/kfac.h"
#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "curvature/factors.h"
#include "curvature/kfac_plan.h"

/* A's, then G's. */
static void jobs_of(kfix *k, uint32_t i, double gamma, double pi, kfix_inverse_job *jobs) {
  kfix_layer *l = &k->layer[i];
  jobs[0] = (kfix_inverse_job){(size_t)l->in + 1, gamma * pi,
                               kfix_latest(k, kfix_curvature_buffer(l, KFIX_FACTOR_A)),
                               kfix_spare(k, kfix_curvature_buffer(l, KFIX_KFAC_A_INVERSE))};
  jobs[1] = (kfix_inverse_job){l->out, gamma / pi,
                               kfix_latest(k, kfix_curvature_buffer(l, KFIX_FACTOR_G)),
                               kfix_spare(k, kfix_curvature_buffer(l, KFIX_KFAC_G_INVERSE))};
}

static kfix_status refresh_layers(kfix *k, uint32_t first, uint32_t count, double gamma,
                                  const kfix_real *pi) {
  kfix_inverse_job jobs[KFIX_JOBS_MAX];
  for (uint32_t i = 0; i < count; i++)
    jobs_of(k, first + i, gamma, (double)pi[first + i], &jobs[2 * (size_t)i]);
  KFIX_TRY(kfix_invert_factors(k, first, 2 * (size_t)count, jobs));
  for (uint32_t i = first; i < first + count; i++)
    KFIX_RUN(k, upload, kfix_spare(k, kfix_curvature_buffer(&k->layer[i], KFIX_KFAC_PI)), &pi[i],
             sizeof pi[i]);
  return KFIX_OK;
}

kfix_status kfix_kfac_refresh(kfix *k, double gamma) {
  kfix_real pi[KFIX_DEPTH_MAX];
  const uint32_t depth = k->net->depth;
  KFIX_TRY(kfix_factors_pi(k, pi));
  for (uint32_t i = 0; i < depth; i += KFIX_LAYERS_AT_ONCE)
    KFIX_TRY(
        refresh_layers(k, i, (uint32_t)kfix_smaller(KFIX_LAYERS_AT_ONCE, depth - i), gamma, pi));
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
