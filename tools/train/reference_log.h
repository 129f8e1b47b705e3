/* SPDX-License-Identifier: Apache-2.0
 * --reference exact: beside a run by whatever method, how far each direction is from the exact natural gradient
 * of the step's batch at the weights before it, with the step's damping and its targets (kfix_distance_from_exact).
 * A trainer of its own, in memory of its own, computes that; the run's bits do not know of it.
 *
 *   rows       behind the exact F
 *   damping    lambda + eta
 *   euclidean  ||zeta - zeta_exact|| / ||zeta_exact||
 *   fisher     the same in the norm of F + damping I
 *   angle      between them, in degrees */
#ifndef KFIX_TOOLS_REFERENCE_LOG_H
#define KFIX_TOOLS_REFERENCE_LOG_H

#include "step_table.h"
#include "train_options.h"
#include "train_trace.h"

typedef struct reference_log {
  step_table table;
  const train_options *options;
  const kfix_net *net;
  kfix_crew *crew;
  kfix *k; /* NULL: none yet */
  void *arena;
  kfix_real *room; /* a direction; then the weights of a layer */
  int due;         /* the step at hand is one to log */
} reference_log;

/* No --reference-log: the functions below do nothing. */
int reference_log_open(reference_log *log, const train_options *o, const kfix_net *net,
                       kfix_crew *crew, tool_error *err);
/* Before the step, after trace_before: takes the weights, and listens unless the trace does. */
int reference_log_before(reference_log *log, const train_trace *trace, kfix *k, uint64_t step,
                         tool_error *err);
/* After it succeeded, before trace_after. */
int reference_log_after(reference_log *log, const train_trace *trace, kfix *k,
                        const kfix_batch *batch, tool_error *err);
int reference_log_close(reference_log *log, tool_error *err);

#endif
