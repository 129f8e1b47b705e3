/* SPDX-License-Identifier: Apache-2.0
 * The gradient of a batch and, on the way, the curvature's statistics. */
#ifndef KFIX_OPTIM_GRADIENT_H
#define KFIX_OPTIM_GRADIENT_H

#include "core/batch.h"
#include "core/context.h"

/* GRADIENT = gradient of the objective at theta over the batch, weight decay included; the report's
 * loss, error, objective, rows. with_statistics: the first tau1 of the rows also go through a
 * backward pass with sampled (or, empirical, training) targets, and the curvature takes them in
 * [KFAC 5]. The last chunk's ABAR and DELTA are left standing. Waits for the device once. Errors:
 * FETCH, and DATA_, LOSS_, GRADIENT_, STATISTICS_NONFINITE. */
kfix_status kfix_gradient(kfix *k, const kfix_real *theta, const kfix_batch *batch,
                          int with_statistics);

/* The curvature's rescale over S1 of the batch, after kfix_gradient with statistics: the same rows
 * with the same targets, so what it measures does not depend on the chunk either. The last chunk's
 * ABAR and OUTPUT stand again afterwards; DELTA does not. cost: a forward and a backward pass over S1;
 * where the batch has several chunks, another forward pass over the last one. Errors: FETCH. */
kfix_status kfix_rescale(kfix *k, const kfix_batch *batch);

/* Rows of S1 or S2: that fraction of the batch, rounded up, but no fewer than options.subset_rows,
 * unless the batch itself has fewer. */
size_t kfix_subset_of(const kfix *k, size_t rows, double fraction);

#endif
