/* SPDX-License-Identifier: Apache-2.0
 * Moments of normalisations in a trace: mean{i} and var{i}, channels x groups of the step's batch, and
 * running_mean{i}, running_var{i} after the step. */
#ifndef KFIX_TOOLS_TRACE_MOMENTS_H
#define KFIX_TOOLS_TRACE_MOMENTS_H

#include "files/tool_error.h"
#include "lib/kfix.h"

typedef struct trace_moments {
  const kfix_net *net;
  kfix_real *layer[KFIX_BLOCKS_MAX]; /* of layer i, from 0: moments x groups; NULL: it is none */
  size_t groups;
} trace_moments;

/* For a batch of so many rows; -1: there was no memory. Release with trace_moments_end, also after failure. */
int trace_moments_begin(trace_moments *m, const kfix_net *net, size_t rows);
/* Of layer i (from 1): "moments" of kfix_observer. */
void trace_moments_take(trace_moments *m, uint32_t layer, size_t group, const kfix_real *values);
int trace_moments_save(const trace_moments *m, kfix *k, const char *folder, tool_error *err);
void trace_moments_end(trace_moments *m);

#endif
