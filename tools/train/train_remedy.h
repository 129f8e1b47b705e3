/* SPDX-License-Identifier: Apache-2.0
 * Runs that learned nothing, or had too few steps to: what to try. */
#ifndef KFIX_TOOLS_TRAIN_REMEDY_H
#define KFIX_TOOLS_TRAIN_REMEDY_H

#include "train_run.h"

/* What was found, and a line with remedies that this run's method, driver and goal act upon, on stdout.
 * Nothing was learned: the last training loss is not below 0.99 of that of a constant answer, or of the
 * first one. Weights grew: that holds of the objective alone. Few steps: below 50 in all. */
void print_remedies(const train_run *run);

#endif
