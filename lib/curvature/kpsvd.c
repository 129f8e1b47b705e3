/* SPDX-License-Identifier: Apache-2.0
 * kpsvd: F of a block is R (x) S, the nearest Kronecker product [KPSVD 2.1], in the place of K-FAC's
 * A (x) G. */
#include "core/arithmetic.h"
#include "curvature/factors.h"
#include "curvature/kfac.h"
#include "curvature/kron_terms.h"

static const kfix_kron_kind kind = {1, KFIX_KRON_DEFLATE, 0, KFIX_KPSVD_HELD_ABAR,
                                    KFIX_KPSVD_HELD_DELTA};

static kfix_status begin(kfix *k, const kfix_phase *phase) {
  return kfix_kron_begin(k, &kind, phase);
}

static kfix_status absorb(kfix *k, const kfix_slice *slice, const kfix_phase *phase) {
  return kfix_kron_absorb(k, &kind, slice, phase);
}

static kfix_status finish(kfix *k) {
  return kfix_kron_finish(k, &kind);
}

static const kfix_curvature_view views[] = {{"R", KFIX_FACTOR_A, KFIX_SHAPE_IN},
                                            {"S", KFIX_FACTOR_G, KFIX_SHAPE_OUT}};
static const kfix_curvature_number numbers[] = {KFIX_KFAC_NUMBER};

const kfix_curvature kfix_curvature_kpsvd = {.begin = begin,
                                             .absorb = absorb,
                                             .finish = finish,
                                             .refresh = kfix_kfac_refresh,
                                             .apply = kfix_kfac_apply,
                                             KFIX_SHOWS(views, numbers),
                                             .at_once = 1,
                                             .takes = KFIX_TAKES_PAIRS};
