/* SPDX-License-Identifier: Apache-2.0
 * Signals that end a run: the step in progress is finished first, the checkpoint written.
 *
 * Requests of a person or a system: SIGINT, SIGTERM; the second one ends the program at once. One
 * that follows within a tenth of a second is the first one's echo: timeout(1) sends its signal to the
 * program and to its group.
 * Warnings, which end the run as softly however often they come: SIGHUP (the terminal is gone; shell
 * and kernel both say so), SIGUSR1 and SIGUSR2 (what batch systems send some time before they kill:
 * Slurm's --signal=USR1@60, Grid Engine's -notify), SIGXCPU (past the soft limit of processor time,
 * again each second), SIGPIPE (nobody reads what is printed any more). */
#ifndef KFIX_TOOLS_TRAIN_SIGNALS_H
#define KFIX_TOOLS_TRAIN_SIGNALS_H

/* From now on these are noted. One that the program was started with ignored stays so: nohup, a
 * background job of a script, trap '' INT. */
void signals_watch(void);

/* The number of the signal that came, or 0. */
int signals_caught(void);

/* Ends the program by that signal, without a core file, so that a shell or a batch system sees what
 * ended it. Answers 128 + number, for a signal that does not end it. */
int signals_die(int number);

#endif
