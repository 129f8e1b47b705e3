/* SPDX-License-Identifier: Apache-2.0
 * --trace: everything that one step saw and did, as .npy files and scalars.json in a folder
 * step_%06d, for an audit against another implementation. What it holds comes out of the trainer
 * during and after the step, nothing is computed again. A folder is filled under another name and
 * renamed.
 *
 *   x, y                    rows of the batch, in its order
 *   W1, W1_after, grad1 ... what kfix_view knows of each layer, and what the method adds (A1, G1); G of a
 *                           convolution is the mean over its positions, not kfix_view's sum
 *   delta1 ...              the preconditioned direction, absent where the method makes none
 *   y_sampled               targets behind the statistics, one row per index in rows_stats; absent
 *                           when the step sampled none
 *   rows_stats, rows_fisher int64 indices within x of the subsets S1 and S2
 *   rows_direction, y_direction  the same of the rows behind the direction's own F (two-level, exact)
 *   zeta_block1 ...         of a two-level direction: trace_direction.h
 *   nodes.json              the graph, where the net is not a chain */
#ifndef KFIX_TOOLS_TRAIN_TRACE_H
#define KFIX_TOOLS_TRAIN_TRACE_H

#include "lib/kfix.h"
#include "trace_files.h"
#include "train_options.h"

/* Makes the folder and refuses steps whose trace is there already. */
int trace_open(train_trace *t, const train_options *o, const kfix_net *net, uint64_t done,
               tool_error *err);

/* Before the step: listens, if it is one to trace. rows: of its batch. */
int trace_before(train_trace *t, kfix *k, uint64_t step, size_t rows, tool_error *err);

/* After it succeeded: writes the folder, if it is one to trace. */
int trace_after(train_trace *t, kfix *k, uint64_t step, const kfix_batch *batch, tool_error *err);

#endif
