/* SPDX-License-Identifier: Apache-2.0
 * Block-diagonal K-FAC's part in methods that extend it: the entries of curvature.h, on its regions
 * (kfac_plan.h). */
#ifndef KFIX_CURVATURE_KFAC_H
#define KFIX_CURVATURE_KFAC_H

#include "core/context.h"

kfix_status kfix_kfac_refresh(kfix *k, double gamma);
kfix_status kfix_kfac_apply(kfix *k, double scale, const kfix_real *v, int low_rank, size_t rows,
                            kfix_real *u);
kfix_status kfix_kfac_pi(kfix *k, uint32_t layer, double *pi);

#endif
