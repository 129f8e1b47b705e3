/* SPDX-License-Identifier: Apache-2.0
 * Which examples each step sees. Epoch e (from 0) goes once through a random permutation of the
 * data, the stream KFIX_DRAW_ORDER at step e of the seed, in consecutive batches; batch mode too,
 * so that the subsets for the statistics change. Where a run stands in it is two numbers, so a
 * resumed run goes on with the same batches.
 *
 * With a fixed size M the last batch of an epoch holds the rest, 1 to M rows. With the schedule of
 * [KFAC 13], m_k = min(m_1 exp((k - 1) / b), rows) with b such that m_K = rows, a rest shorter than
 * half a batch is left for another epoch: late in the run it would be a poor model of the
 * objective. det: the schedule uses the library's exp and log. */
#ifndef KFIX_TOOLS_BATCHES_H
#define KFIX_TOOLS_BATCHES_H

#include <stdint.h>

#include "files/tool_error.h"

/* How many rows: `first` rows growing to all of them at step `steps`; steps 0: always `first`.
 * first 0: all of the data. */
typedef struct batch_sizes {
  uint64_t first, steps;
} batch_sizes;

typedef struct batches {
  batch_sizes sizes;
  uint64_t seed;
  uint32_t rows;         /* of the data */
  uint64_t epoch;        /* epochs completed */
  uint64_t position;     /* rows of the present epoch that were used */
  uint32_t *permutation; /* of epoch `drawn` */
  uint64_t drawn;
  const uint32_t *order; /* the batch that batches_next chose */
  uint32_t count;
} batches;

/* Reserves the permutation; the run starts at `epoch` and `position`. sizes->first <= rows. */
int batches_begin(batches *b, const batch_sizes *sizes, uint64_t seed, uint32_t rows,
                  uint64_t epoch, uint64_t position, tool_error *err);
void batches_end(batches *b);

/* Rows that step `step` (from 1) asks for, 1 <= size <= rows. */
uint32_t batches_size(const batches *b, uint64_t step);

/* Steps that `epochs` passes over `rows` examples take, from the start. */
uint64_t batches_steps(const batch_sizes *sizes, uint32_t rows, uint64_t epochs);

/* Chooses the batch of a step: order[0 .. count). It stays valid until the next call. */
void batches_next(batches *b, uint64_t step);

/* The batch was used: moves on; position is 0 again at the end of an epoch. `step` is the next. */
void batches_advance(batches *b, uint64_t step);

#endif
