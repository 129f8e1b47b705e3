/* SPDX-License-Identifier: Apache-2.0
 * The adaptive driver [KFAC 6, 7]. */
#ifndef KFIX_OPTIM_ADAPTIVE_H
#define KFIX_OPTIM_ADAPTIVE_H

#include "core/batch.h"
#include "core/context.h"

/* The update of this step, alpha Delta + mu delta_0, with lambda and gamma adapted, moved along by
 * kfix_move, with the report's numbers about it. */
kfix_status kfix_drive_adaptive(kfix *k, const kfix_batch *batch);

/* For the search of a first lambda: a step with next.lambda and next.gamma, as far as its outcome, and
 * not committed. *alpha: the model's; *fall: how far the objective fell. */
kfix_status kfix_try_lambda(kfix *k, const kfix_batch *batch, double *alpha, double *fall);

#endif
