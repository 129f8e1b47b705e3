/* SPDX-License-Identifier: Apache-2.0
 * Block-diagonal K-FAC at work, for the methods that begin with it. */
#ifndef KFIX_CURVATURE_KFAC_H
#define KFIX_CURVATURE_KFAC_H

#include "curvature/curvature.h"
#include "curvature/kfac_plan.h"

/* refresh and apply of the interface, and its number: pi. */
kfix_status kfix_kfac_refresh(kfix *k, const kfix_phase *phase);
kfix_status kfix_kfac_apply(kfix *k, const kfix_phase *phase, double scale, const kfix_real *v,
                            size_t low_rank, kfix_real *u);
#define KFIX_KFAC_NUMBER \
  { "pi", KFIX_KFAC_PI, NULL }

#endif
