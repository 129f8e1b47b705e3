/* SPDX-License-Identifier: Apache-2.0
 * Ctrl-C and kill: the step in progress is finished first. */
#ifndef KFIX_TOOLS_TRAIN_SIGNALS_H
#define KFIX_TOOLS_TRAIN_SIGNALS_H

/* From now on the first SIGINT or SIGTERM is only noted; a second one ends the program at once. */
void signals_watch(void);

/* The number of the signal that came, or 0. */
int signals_caught(void);

#endif
