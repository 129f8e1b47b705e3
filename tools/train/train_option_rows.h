/* SPDX-License-Identifier: Apache-2.0
 * The table behind the command line of kfix-train, in the order of --help: what one needs every day,
 * more about the run, files and logs, then the settings of methods and drivers. */
#ifndef KFIX_TOOLS_TRAIN_OPTION_ROWS_H
#define KFIX_TOOLS_TRAIN_OPTION_ROWS_H

#include "cli/method_choice.h"
#include "setting_table.h"
#include "train_options.h"

#define TRAIN_ROWS_MAX   (60 + KFIX_OPTION_COUNT)
#define TRAIN_WORD_BYTES 512

/* What the parser fills in that is not yet what train_options holds. */
typedef struct train_raw {
  int method, curvature, port, version, reference;
  int64_t batch, threads;
  const char *schedule, *trace_at, *time_limit, *augment;
  char methods[METHOD_WORDS_BYTES], curvatures[METHOD_WORDS_BYTES], ports[TRAIN_WORD_BYTES];
  setting_table settings;
  option_spec setting_rows[KFIX_OPTION_COUNT]; /* in the order of the library's list */
} train_raw;

/* Fills rows[0 .. TRAIN_ROWS_MAX), whose targets are in o and raw and hold the defaults; answers
 * their number. */
size_t train_option_rows(train_options *o, train_raw *raw, option_spec *rows);

/* After the parse: which settings were given, into raw->setting_rows. */
void train_rows_given(train_raw *raw, const option_spec *rows, size_t count);

/* The most threads that config and port allow. */
int64_t train_most_threads(void);

#endif
