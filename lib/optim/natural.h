/* SPDX-License-Identifier: Apache-2.0
 * What the two drivers of the natural gradient share. */
#ifndef KFIX_OPTIM_NATURAL_H
#define KFIX_OPTIM_NATURAL_H

#include "core/batch.h"
#include "core/context.h"

/* Refreshes the curvature with gamma and notes whose statistics it now comes from. */
kfix_status kfix_refresh(kfix *k, const kfix_batch *batch, double gamma);
/* Where the direction Delta is made: the update, once scaled, takes its place. */
static inline kfix_real *kfix_direction(kfix *k) {
  return kfix_spare(k, &k->buffer[KFIX_NET_UPDATE]);
}
/* out = -F^-1 gradient, the padding between layers zero. */
kfix_status kfix_precondition(kfix *k, const kfix_batch *batch, kfix_real *out);

/* Ends the step with the update alpha Delta + mu delta_0 (kfix_move); shows Delta to whoever watches
 * it. */
kfix_status kfix_advance(kfix *k, double alpha, double mu);

/* The update of this step, moved along by kfix_move, with the report's numbers about it: */
/* alpha Delta + mu delta_0 with lambda and gamma adapted [KFAC 6, 7]. */
kfix_status kfix_drive_adaptive(kfix *k, const kfix_batch *batch);
/* lr nu Delta + momentum delta_0, nu from KL clipping [KPSVD App. E]. */
kfix_status kfix_drive_fixed(kfix *k, const kfix_batch *batch);

#endif
