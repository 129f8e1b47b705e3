/* SPDX-License-Identifier: Apache-2.0
 * Block-diagonal K-FAC: F of a block is A (x) G [KFAC 4.2], damped factor by factor [KFAC 6.3]. */
#include "curvature/kfac.h"

#include "core/arithmetic.h"
#include "curvature/factors.h"

/* A's, then G's. */
static void jobs_of(const kfix *k, const kfix_block *b, double gamma, kfix_inverse_job *jobs) {
  jobs[0] = (kfix_inverse_job){b->cols, gamma * b->pi, kfix_latest(k, &b->own[KFIX_FACTOR_A]),
                               kfix_spare(k, &b->own[KFIX_KFAC_A_INVERSE])};
  jobs[1] = (kfix_inverse_job){b->out, gamma / b->pi, kfix_latest(k, &b->own[KFIX_FACTOR_G]),
                               kfix_spare(k, &b->own[KFIX_KFAC_G_INVERSE])};
}

static kfix_status refresh_blocks(kfix *k, uint32_t first, uint32_t count, double gamma) {
  kfix_inverse_job jobs[KFIX_JOBS_MAX];
  for (uint32_t i = 0; i < count; i++)
    jobs_of(k, &k->block[first + i], gamma, &jobs[2 * (size_t)i]);
  KFIX_TRY(kfix_invert_factors(k, first, 2 * (size_t)count, jobs));
  for (uint32_t i = first; i < first + count; i++)
    KFIX_TRY(kfix_put_number(k, &k->block[i].own[KFIX_KFAC_PI], k->block[i].pi));
  return KFIX_OK;
}

kfix_status kfix_kfac_refresh(kfix *k, const kfix_phase *phase) {
  const uint32_t depth = k->depth;
  KFIX_TRY(kfix_factors_pi(k, KFIX_KFAC_A_INVERSE, KFIX_KFAC_G_INVERSE));
  for (uint32_t i = 0; i < depth; i += KFIX_BLOCKS_AT_ONCE)
    KFIX_TRY(
        refresh_blocks(k, i, (uint32_t)kfix_smaller(KFIX_BLOCKS_AT_ONCE, depth - i), phase->gamma));
  k->changed[KFIX_GROUP_INVERSE] = 1;
  return KFIX_OK;
}

kfix_status kfix_kfac_apply(kfix *k, const kfix_phase *phase, double scale, const kfix_real *v,
                            size_t low_rank, kfix_real *u) {
  (void)phase;
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    const kfix_real *a = kfix_latest(k, &b->own[KFIX_KFAC_A_INVERSE]);
    const kfix_real *g = kfix_latest(k, &b->own[KFIX_KFAC_G_INVERSE]);
    const kfix_slice all = kfix_standing(k, i, low_rank);
    if (low_rank && !b->windowed && kfix_low_rank_pays(b, low_rank))
      KFIX_TRY(kfix_apply_kron_low_rank(k, &all, scale, a, g, u + b->w));
    else
      KFIX_TRY(kfix_apply_kron(k, b, scale, a, g, v + b->w, u + b->w));
  }
  return KFIX_OK;
}

static const kfix_curvature_view views[] = {{"A", KFIX_FACTOR_A, KFIX_SHAPE_IN},
                                            {"G", KFIX_FACTOR_G, KFIX_SHAPE_OUT}};
static const kfix_curvature_number numbers[] = {KFIX_KFAC_NUMBER};

const kfix_curvature kfix_curvature_kfac = {.begin = kfix_factors_begin,
                                            .absorb = kfix_factors_absorb,
                                            .finish = kfix_factors_finish,
                                            .refresh = kfix_kfac_refresh,
                                            .apply = kfix_kfac_apply,
                                            .takes = KFIX_TAKES_WINDOWS,
                                            KFIX_SHOWS(views, numbers)};
