/* SPDX-License-Identifier: Apache-2.0
 * The command line of kfix-train. Its --help comes from the same table (train_option_rows.h); the
 * settings of training come from KFIX_OPTION_LIST, so that a new one appears here by itself. */
#ifndef KFIX_TOOLS_TRAIN_PARSE_H
#define KFIX_TOOLS_TRAIN_PARSE_H

#include "cli/command_line.h"
#include "train_options.h"

/* What is in force where nothing is asked for; the batch follows at parsing. */
void train_options_default(train_options *o);

/* Answers OPTIONS_RUN, or what to exit with was said: OPTIONS_HELP (0), OPTIONS_USAGE (2). */
option_outcome train_options_parse(train_options *o, train_given *given, int argc, char **argv);

/* Reports a contradiction that the checkpoint or the data brought to light; answers 2. */
int train_options_complain(const tool_error *err);

#endif
