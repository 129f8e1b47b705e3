/* SPDX-License-Identifier: Apache-2.0
 * lambda auto: the first lambda of the adaptive driver, found on the first batch. */
#ifndef KFIX_OPTIM_FIRST_LAMBDA_H
#define KFIX_OPTIM_FIRST_LAMBDA_H

#include "core/batch.h"
#include "core/context.h"

/* Whether the attempt that has begun must find it: the first step's first, and options.lambda is
 * KFIX_AUTO. */
int kfix_lambda_is_wanted(const kfix *k);

/* Puts the smallest lambda of 1, 10^-1, 10^1 ... into next.lambda whose step lets the objective fall by
 * 0.9 of what the best of them does, and whose alpha is at least 0.1, and gamma = sqrt(lambda + eta);
 * both stay for the step's later attempts. Each trial is a step from the initial weights that is thrown away, outcome and all; counted in
 * report.trials. A trial that damping could mend is a bad one; other failures are the step's. cost: 3 to
 * 17 steps and looks, most often 4. */
kfix_status kfix_find_lambda(kfix *k, const kfix_batch *batch);

#endif
