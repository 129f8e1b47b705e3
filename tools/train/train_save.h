/* SPDX-License-Identifier: Apache-2.0
 * When the checkpoint is written, and which states it never holds. */
#ifndef KFIX_TOOLS_TRAIN_SAVE_H
#define KFIX_TOOLS_TRAIN_SAVE_H

#include "train_run.h"

/* "digits_tiny float": what a checkpoint must agree with. */
void run_network(const train_run *run, char out[CHECKPOINT_NETWORK_BYTES]);

/* An objective that is not finite, or 1000 times the first batch's, or times 1 if that was less (a
 * single example may do much worse than the first). */
int run_diverged(const train_run *run, double objective);

/* Writes the checkpoint of the present state, if one is asked for, there is something to save and it
 * is not there yet. A state whose objective has diverged is refused, the file before stays. */
int run_save(train_run *run, tool_error *err);

/* After a failure: saves the state if it is good. *err says why the run failed; if the checkpoint
 * cannot be written either, that is added. */
void run_rescue(train_run *run, tool_error *err);

#endif
