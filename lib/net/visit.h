/* SPDX-License-Identifier: Apache-2.0
 * Passes with the targets of the Fisher matrix: the sampled ones, or (options.fisher empirical) those of
 * the training data [KFAC 5]. A row's target is the same in each pass of a step. Or (exact) with all
 * targets in expectation: F_R = sum_j f_j f_j^T, so a pass for each output j, with f_j in the place of the
 * loss's gradient, and E[g g^T] is the sum of theirs. */
#ifndef KFIX_NET_VISIT_H
#define KFIX_NET_VISIT_H

#include "net/net.h"

/* A backward pass over the first `rows` rows of the chunk, which starts at example `first` of the batch;
 * slices of every block go to the visitor. observed: the sampled targets are shown to whoever watches. exact:
 * `outputs` passes over each row block in turn, so that sums do not depend on the chunk. */
kfix_status kfix_visit_chunk(kfix *k, const kfix_real *theta, size_t first, size_t rows,
                             kfix_weighing how, int observed, const kfix_visitor *visitor);

/* The same over all of S1, the first phase.rows rows of the batch, after the gradient's pass, at the
 * parameters in force. OUT of the last chunk stands again afterwards; DELTA does not. cost: a forward and
 * a backward pass over S1, or as many of these as there are outputs; where the batch has several chunks, another forward pass over the last one.
 * Errors: FETCH, and what the visitor answers. */
kfix_status kfix_visit_subset(kfix *k, const kfix_batch *batch, const kfix_visitor *visitor);

/* Hands on the slices of a block for rows that stand somewhere: whole row blocks from the first on, and what is
 * left. */
kfix_status kfix_each_slice(kfix *k, const kfix_slice *all, const kfix_visitor *visitor);

/* The chunk at `first` of the batch stands as the gradient's pass left it: fetched, and OUT computed. */
kfix_status kfix_stand_chunk(kfix *k, const kfix_real *theta, const kfix_batch *batch,
                             size_t first);

/* Of the `rows` rows of the chunk at `first`, so many belong to S1. */
size_t kfix_subset_in(const kfix *k, size_t first, size_t rows);

#endif
