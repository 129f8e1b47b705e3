/* SPDX-License-Identifier: Apache-2.0
 * Settings that the chosen method and driver never read. */
#ifndef KFIX_TOOLS_TRAIN_EFFECT_H
#define KFIX_TOOLS_TRAIN_EFFECT_H

#include "train_options.h"

/* Refuses a setting of the command line that cannot change this run, and says what would make it
 * count: whoever gives a number expects it to be used. */
int effect_check(train_options *o, const unsigned char given[KFIX_OPTION_COUNT], tool_error *err);

#endif
