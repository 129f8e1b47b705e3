/* SPDX-License-Identifier: Apache-2.0
 * The line of progress. */
#ifndef KFIX_TOOLS_TRAIN_PROGRESS_H
#define KFIX_TOOLS_TRAIN_PROGRESS_H

#include "train_run.h"

/* Step, epoch, loss, lambda, time left, as far as they fit; at most five times a second, and not with
 * --quiet. */
void progress_show(const train_run *run);

#endif
