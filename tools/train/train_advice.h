/* SPDX-License-Identifier: Apache-2.0
 * What to say, and to do, when a step fails. A remedy is named only where it can help: settings are
 * the checkpoint's, so another one means to begin again. */
#ifndef KFIX_TOOLS_TRAIN_ADVICE_H
#define KFIX_TOOLS_TRAIN_ADVICE_H

#include "train_run.h"

/* kfix_step failed, run->report says how: one line with the step, the layer, the number, what to do;
 * and run->failure. Returns -1. */
int advise_failure(train_run *run, tool_error *err);

/* The objective after the last step went out of bounds; the state is spoilt. Returns -1. */
int advise_diverged(train_run *run, double objective, tool_error *err);

#endif
