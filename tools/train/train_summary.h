/* SPDX-License-Identifier: Apache-2.0
 * What a run says at its end, on stdout: why it ended, its best evaluation, whether it learned
 * anything and had steps enough to, where its files are, what to do next. Not with --quiet. */
#ifndef KFIX_TOOLS_TRAIN_SUMMARY_H
#define KFIX_TOOLS_TRAIN_SUMMARY_H

#include "train_run.h"

/* exported: what --export is of. */
void print_summary(const train_run *run, kfix_iterate exported);

#endif
