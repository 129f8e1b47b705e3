/* SPDX-License-Identifier: Apache-2.0
 * What a run needs before its first step and after its last. */
#ifndef KFIX_TOOLS_TRAIN_SETUP_H
#define KFIX_TOOLS_TRAIN_SETUP_H

#include "train_run.h"

/* Makes the run that the options ask for, from the start or from a checkpoint. Answers 0, 1
 * (failure, *err says why) or 2 (the command line contradicts the checkpoint or the data). */
int run_open(train_run *run, const train_given *given, tool_error *err);
/* Ends what run_open began; -1 if a log could not be completed. */
int run_close(train_run *run, tool_error *err);

#endif
