/* SPDX-License-Identifier: Apache-2.0
 * What to say, and to do, when a step fails. */
#ifndef KFIX_TOOLS_TRAIN_ADVICE_H
#define KFIX_TOOLS_TRAIN_ADVICE_H

#include "train_run.h"

/* One line: the step, the layer, the number, what to do. Returns -1. */
int advise_failure(const train_run *run, const kfix_report *report, tool_error *err);

/* The objective of step `step` went out of bounds. Returns -1. */
int advise_diverged(const train_run *run, uint64_t step, double objective, tool_error *err);

#endif
