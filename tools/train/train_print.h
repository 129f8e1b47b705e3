/* SPDX-License-Identifier: Apache-2.0
 * What a person sees: the block at the start, a line per epoch on stdout (train_summary.h:
 * the end). --quiet turns it off. */
#ifndef KFIX_TOOLS_TRAIN_PRINT_H
#define KFIX_TOOLS_TRAIN_PRINT_H

#include "train_run.h"

void print_start(const train_run *run);

/* After a step: the lambda that it has found (--lambda auto). */
void print_found(const train_run *run);

/* scores NULL: this epoch is not evaluated, the last batch's objective is shown. */
void print_epoch(const train_run *run, const data_scores *scores);

/* On stderr: a resumed run that is at its goal already, or out of patience. */
void print_nothing_to_do(const train_run *run);

#endif
