/* SPDX-License-Identifier: Apache-2.0
 * The places of what kfix-train writes. */
#ifndef KFIX_TOOLS_TRAIN_OUTPUTS_H
#define KFIX_TOOLS_TRAIN_OUTPUTS_H

#include "train_options.h"

/* Refuses an output that would take the place of another one or of an input: the data, --import,
 * and --resume but for the checkpoint, which goes on in its place. */
int outputs_check(const train_options *o, tool_error *err);

#endif
