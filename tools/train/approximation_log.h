/* SPDX-License-Identifier: Apache-2.0
 * --approximation-log: how close each of the library's approximations is to the exact block of one
 * layer, along a run by whatever method. The examples are those of the step's batch at the weights
 * before the step, with the targets that options.fisher names; one row per step and approximation.
 *
 *   frobenius   ||F - B||_F / ||F||_F
 *   spectrum    ||spec F - spec B||_2 / ||spec F||_2; empty where block or factors are of an order
 *               above --approximation-order
 *   quality     ||u - zeta||_F / ||zeta||_F: u the preconditioned gradient of the batch by the
 *               method, damped by gamma, zeta = (F + gamma^2 I)^-1 of it; gamma^2 = damping + eta
 * Empty: could not be had. */
#ifndef KFIX_TOOLS_APPROXIMATION_LOG_H
#define KFIX_TOOLS_APPROXIMATION_LOG_H

#include "fisher_lab/block_lab.h"
#include "step_table.h"
#include "train_options.h"

#define APPROXIMATIONS_MAX 16

typedef struct approximation_log {
  step_table table;
  const train_options *options;
  uint32_t layer;      /* from 1 */
  uint64_t taken;      /* blocks measured so far, by this process */
  block_rows rows;     /* of the step at hand; rows.rows 0: it is not one to log */
  kfix_real *examples; /* abar, then g, then the gradient, then the solution */
  size_t capacity;     /* rows that the labs take; 0: there are none yet */
  kfix_crew *crew;
  block_lab lab[APPROXIMATIONS_MAX];
  unsigned char broken[APPROXIMATIONS_MAX]; /* the last refresh of this lab failed */
  int labs;
} approximation_log;

/* No --approximation-log: the functions below do nothing. */
int approximation_log_open(approximation_log *log, const train_options *o, kfix_crew *crew,
                           tool_error *err);
/* Before the step: takes the examples, if it is one to log. */
int approximation_log_before(approximation_log *log, kfix *k, uint64_t step,
                             const kfix_batch *batch, tool_error *err);
/* After it succeeded: measures and writes. */
int approximation_log_after(approximation_log *log, kfix *k, uint64_t step, tool_error *err);
int approximation_log_close(approximation_log *log, tool_error *err);

#endif
