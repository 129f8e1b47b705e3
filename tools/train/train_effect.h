/* SPDX-License-Identifier: Apache-2.0
 * Settings that the chosen method and driver never read. */
#ifndef KFIX_TOOLS_TRAIN_EFFECT_H
#define KFIX_TOOLS_TRAIN_EFFECT_H

#include "train_options.h"

/* Refuses a setting of the command line that cannot change this run, and says what would make it
 * count: whoever gives a number expects it to be used. */
int effect_check(train_options *o, const unsigned char given[KFIX_OPTION_COUNT], tool_error *err);

/* 1 if the method and driver of the options read it, as far as is known. */
int effect_acts(const train_options *o, kfix_option_id id);

/* 1 if the schedule of the rate has come to 0 by this step: further steps would change nothing. */
int effect_rate_is_over(const train_options *o, uint64_t step);

#endif
