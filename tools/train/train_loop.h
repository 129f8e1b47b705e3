/* SPDX-License-Identifier: Apache-2.0
 * The loop of a run: steps, evaluations, logs. */
#ifndef KFIX_TOOLS_TRAIN_LOOP_H
#define KFIX_TOOLS_TRAIN_LOOP_H

#include "train_run.h"

/* Trains to the end, writing logs and checkpoints. 0 done; -1 failed, *err says why; a signal's
 * number: interrupted. Either way the checkpoint is written, if one is asked for and the state is
 * good. */
int run_train(train_run *run, tool_error *err);

/* What an export is of: as the options say, else the iterate that the last row of the log is of, or
 * would be of. -1: it cannot be evaluated. */
int run_iterate(train_run *run, kfix_iterate *which, tool_error *err);

#endif
