/* SPDX-License-Identifier: Apache-2.0
 * The line of progress on stderr: only on a terminal that this program has in the foreground, and
 * not with --quiet. It is written over itself with a carriage return and blanks alone, so any
 * terminal will do, and is never wider than the window is at that moment. */
#ifndef KFIX_TOOLS_TRAIN_PROGRESS_H
#define KFIX_TOOLS_TRAIN_PROGRESS_H

#include "train_run.h"

/* Step, epoch, loss, lambda, time left, as far as they fit; at most five times a second. */
void progress_show(const train_run *run);

/* Before anything else is written to a terminal. */
void progress_clear(void);

#endif
