/* SPDX-License-Identifier: Apache-2.0
 * The best evaluation so far, and what follows from it: --best keeps its weights, --patience ends a run
 * that has not had a better one for some epochs. The objective is that of the validation rows, or of
 * the training rows where none validate. The best value and its place are part of the checkpoint. */
#ifndef KFIX_TOOLS_TRAIN_PATIENCE_H
#define KFIX_TOOLS_TRAIN_PATIENCE_H

#include "train_run.h"

/* 1 if somebody asked for what needs evaluations. */
int patience_watches(const train_options *o);

/* After an evaluation: a lower objective than all before becomes the best, and --best gets the
 * weights that it is of (the iterate's or the averaged iterate's). NaN is no better than anything. */
int patience_note(train_run *run, const data_scores *scores, tool_error *err);

/* 1 if this epoch was evaluated and --patience epochs have passed since the best one. */
int patience_is_over(const train_run *run);

/* "validation objective", or "training objective". */
const char *patience_objective(const train_run *run);

#endif
