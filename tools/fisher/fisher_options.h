/* SPDX-License-Identifier: Apache-2.0
 * The command line of kfix-fisher. */
#ifndef KFIX_TOOLS_FISHER_OPTIONS_H
#define KFIX_TOOLS_FISHER_OPTIONS_H

#include "cli/command_line.h"
#include "fisher_lab/block_lab.h"

typedef struct fisher_options {
  const char *activations, *gradients, *out;
  const char *rhs, *solution; /* both or neither */
  double damping;             /* with rhs */
  const block_method *method;
  const kfix_port *port;
  unsigned threads;
  int no_spectrum;
  size_t positions; /* of a convolution; 0: none */
  int by_pairs;
} fisher_options;

/* Answers OPTIONS_RUN, or what to exit with was said: OPTIONS_HELP (0), OPTIONS_USAGE (2). */
option_outcome fisher_options_parse(fisher_options *o, int argc, char **argv);

#endif
