/* SPDX-License-Identifier: Apache-2.0
 * What --resume takes from the checkpoint, and what it refuses. */
#ifndef KFIX_TOOLS_TRAIN_RESUME_H
#define KFIX_TOOLS_TRAIN_RESUME_H

#include "train_checkpoint.h"
#include "train_options.h"

/* Method, settings, seed, data, validation, limit, batches and images become those of the checkpoint. One that the
 * command line gave and that differs is refused (-1): the run would not be the same any more. */
int resume_take(train_options *o, const train_given *given, const checkpoint_head *head,
                tool_error *err);

#endif
