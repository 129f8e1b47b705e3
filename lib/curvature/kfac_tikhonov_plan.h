/* SPDX-License-Identifier: Apache-2.0
 * The memory of kfac-tikhonov: factors and EKFAC's basis of them, without scalings. */
#ifndef KFIX_CURVATURE_KFAC_TIKHONOV_PLAN_H
#define KFIX_CURVATURE_KFAC_TIKHONOV_PLAN_H

#include "ekfac_plan.h"

#define KFIX_kfac_tikhonov_CHAIN 0
#define KFIX_kfac_tikhonov_NET(R, P, chunk, out, turn) \
  KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_kfac_tikhonov_BLOCK(R, held, cols, out, below, above) \
  KFIX_REGIONS_FACTORS(R, cols, out) KFIX_REGIONS_BASIS(R, cols, out)
/* To decompose a factor; to apply, a half. */
#define KFIX_kfac_tikhonov_SCRATCH(cols, out, row_block, stats_rows, below, above) \
  KFIX_LARGER(KFIX_EIGENS_REALS(KFIX_LARGER((cols), (out))), KFIX_EKFAC_HALF(cols, out))

#endif
