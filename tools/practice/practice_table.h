/* SPDX-License-Identifier: Apache-2.0
 * A row of the table: how long a method takes to the objective that Adam reaches. */
#ifndef KFIX_TOOLS_PRACTICE_TABLE_H
#define KFIX_TOOLS_PRACTICE_TABLE_H

#include <stdint.h>

#include "practice_run.h"

typedef struct practice_options {
  kfix_method method;
  kfix_options settings; /* those that --set names replace the problem's own */
  unsigned char given[KFIX_OPTION_COUNT];
  const kfix_port *port;
  int64_t seeds, steps, most; /* steps of Adam; at most so many of the method */
} practice_options;

typedef struct practice_row {
  double ratio[16];     /* seconds to Adam's objective over Adam's, of each seed; inf: not reached */
  double steps[16];     /* of the method */
  double rate[16];      /* Adam's best */
  practice_result adam[16], own[16];
} practice_row;

#define PRACTICE_SEEDS_MAX 16

int practice_measure(const practice_problem *p, const practice_options *o, practice_row *row,
                     tool_error *err);
/* Geometric mean over the seeds. */
double practice_ratio(const practice_row *row, const practice_options *o);

#endif
