/* SPDX-License-Identifier: Apache-2.0
 * The command line of kfix-predict. */
#ifndef KFIX_TOOLS_PREDICT_OPTIONS_H
#define KFIX_TOOLS_PREDICT_OPTIONS_H

#include "cli/command_line.h"
#include "lib/kfix.h"

typedef enum predict_what { PREDICT_LABELS, PREDICT_PROBABILITIES, PREDICT_VALUES } predict_what;
#define PREDICT_WHAT_WORDS "labels|probabilities|values"

typedef enum predict_part { PREDICT_ALL, PREDICT_TRAIN, PREDICT_VALIDATION } predict_part;
#define PREDICT_PART_WORDS "all|train|validation"

typedef struct predict_options {
  const char *weights, *data, *output; /* output NULL: standard output */
  int what, part;                      /* predict_what, predict_part */
  int evaluate, json;
  const kfix_port *port;
} predict_options;

/* The network of the config. */
const kfix_net *predict_net(void);

option_outcome predict_options_parse(predict_options *o, int argc, char **argv);

#endif
