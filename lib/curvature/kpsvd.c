/* SPDX-License-Identifier: Apache-2.0
 * kpsvd: F of a layer is R (x) S, the nearest Kronecker product [KPSVD 2.1], in the place of K-FAC's
 * A (x) G. */
#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "curvature/factors.h"
#include "curvature/kfac.h"
#include "curvature/kron_terms.h"

static const kfix_kron_kind kind = {1, KFIX_KRON_DEFLATE, 0, KFIX_KPSVD_HELD_ABAR,
                                    KFIX_KPSVD_HELD_DELTA};

static kfix_status begin(kfix *k, double decay, size_t rows) {
  return kfix_kron_begin(k, &kind, decay, rows);
}

static kfix_status absorb(kfix *k, uint32_t layer, size_t rows, double weight) {
  return kfix_kron_absorb(k, &kind, layer, rows, weight);
}

static kfix_status finish(kfix *k) {
  return kfix_kron_finish(k, &kind);
}

static const kfix_curvature_view views[] = {
    {"R", KFIX_LAYER_CURVATURE + KFIX_FACTOR_A, KFIX_SHAPE_IN},
    {"S", KFIX_LAYER_CURVATURE + KFIX_FACTOR_G, KFIX_SHAPE_OUT}};

const kfix_curvature kfix_curvature_kpsvd = {.begin = begin,
                                             .absorb = absorb,
                                             .finish = finish,
                                             .refresh = kfix_kfac_refresh,
                                             .apply = kfix_kfac_apply,
                                             .pi = kfix_kfac_pi,
                                             .views = views,
                                             .view_count = sizeof views / sizeof views[0]};
