/* SPDX-License-Identifier: Apache-2.0
 * What a run says that was ended before its goal: one line on stderr, with the options that go on where
 * it stopped, or where its last good state is. */
#ifndef KFIX_TOOLS_TRAIN_FAREWELL_H
#define KFIX_TOOLS_TRAIN_FAREWELL_H

#include "train_run.h"

/* err: why it failed. */
void print_failure(const train_run *run, const tool_error *err);

/* By a signal. */
void print_interrupted(const train_run *run);

/* " --option name", the name quoted where a shell needs it. */
void print_option(FILE *stream, const char *option, const char *name);

/* 1 if this process wrote a checkpoint that can be read again. */
int can_go_on(const train_run *run);

/* The options that go on from the checkpoint, each after a blank. At its goal a run goes on to twice
 * that, out of patience with twice the patience. */
void print_going_on(FILE *stream, const train_run *run);

#endif
