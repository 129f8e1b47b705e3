/* SPDX-License-Identifier: Apache-2.0
 * The gradient of a batch and, on the way, the curvature's statistics. */
#ifndef KFIX_OPTIM_GRADIENT_H
#define KFIX_OPTIM_GRADIENT_H

#include "core/batch.h"
#include "core/context.h"

/* Begins the phase, then GRADIENT = gradient of the objective at theta over the batch, weight decay
 * included; the report's loss, error, objective, rows. fresh: the first tau1 of the rows also go through
 * a backward pass with the targets of the Fisher matrix (net/visit.h), and the curvature takes them in
 * [KFAC 5]. The last chunk's OUT and DELTA are left standing. Waits for the device once. Errors: FETCH,
 * WEIGHTS, and DATA_, LOSS_, GRADIENT_, STATISTICS_NONFINITE. */
kfix_status kfix_gradient(kfix *k, const kfix_real *theta, const kfix_batch *batch, int fresh);

#endif
