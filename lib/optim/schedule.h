/* SPDX-License-Identifier: Apache-2.0
 * When a step does what, and to how many rows: from the options to the phase that a curvature is told. */
#ifndef KFIX_OPTIM_SCHEDULE_H
#define KFIX_OPTIM_SCHEDULE_H

#include "core/batch.h"
#include "core/context.h"

/* True if the schedule has a refresh at this step (from 1): the first three, every T3-th. */
int kfix_refresh_scheduled(const kfix *k, uint64_t step);
/* True if a refresh is due at the step in progress: by the schedule, or as what is in force is stale. */
int kfix_refresh_due(const kfix *k);

/* Rows of S1 or S2: that fraction of the batch, rounded up, but no fewer than options.subset_rows,
 * unless the batch itself has fewer. */
size_t kfix_subset_of(const kfix *k, size_t rows, double fraction);

/* k->phase of an attempt on this batch; fresh: it takes statistics in, which keep eps = min(1 - 1/k,
 * decay) of the past [KFAC 5]. The report says the same. Errors: WEIGHTS (all of S1 weigh nothing). */
kfix_status kfix_begin_phase(kfix *k, const kfix_batch *batch, int fresh);

/* The phase of a direction for another gamma. */
kfix_phase kfix_phase_with(const kfix *k, double gamma);

#endif
