/* SPDX-License-Identifier: Apache-2.0
 * What the two drivers of the natural gradient share. */
#ifndef KFIX_OPTIM_NATURAL_H
#define KFIX_OPTIM_NATURAL_H

#include "core/batch.h"
#include "core/context.h"

/* Refreshes the curvature with gamma and notes whose statistics it now comes from. */
kfix_status kfix_refresh(kfix *k, const kfix_batch *batch, double gamma);
/* out = -F^-1 gradient. */
kfix_status kfix_precondition(kfix *k, const kfix_batch *batch, kfix_real *out);

/* The update of this step, moved along by kfix_move, with the report's numbers about it: */
/* alpha Delta + mu delta_0 with lambda and gamma adapted [KFAC 6, 7]. */
kfix_status kfix_drive_adaptive(kfix *k, const kfix_batch *batch);
/* lr nu Delta + momentum delta_0, nu from KL clipping [KPSVD App. E]. */
kfix_status kfix_drive_fixed(kfix *k, const kfix_batch *batch);

#endif
