/* SPDX-License-Identifier: Apache-2.0
 * lambda auto: the first lambda of the adaptive driver, found on the first batch. */
#ifndef KFIX_OPTIM_FIRST_LAMBDA_H
#define KFIX_OPTIM_FIRST_LAMBDA_H

#include "core/batch.h"
#include "core/context.h"

/* Whether the attempt that has begun must find it: the first step's first, and options.lambda is
 * KFIX_AUTO. */
int kfix_lambda_is_wanted(const kfix *k);

/* next.lambda = the smallest of 1, 0.1, 0.01 ... (or 10, 100 ...) that is good enough: its step lets the
 * objective fall by 0.9 of what the best one does, with an alpha of at least 0.1. next.gamma =
 * sqrt(lambda + eta). Later attempts of the step start from both.
 * Each trial is a step from the initial weights; nothing of it is kept, but report.trials counts it. A
 * failure that more damping can mend makes a bad trial; any other is the step's.
 * cost: 3 to 17 steps with a look at the outcome, most often 4. */
kfix_status kfix_find_lambda(kfix *k, const kfix_batch *batch);

#endif
