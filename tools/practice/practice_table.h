/* SPDX-License-Identifier: Apache-2.0
 * A row of the table: how long a method takes to the objective that Adam reaches. */
#ifndef KFIX_TOOLS_PRACTICE_TABLE_H
#define KFIX_TOOLS_PRACTICE_TABLE_H

#include <stdint.h>

#include "practice_run.h"

#define PRACTICE_SEEDS_MAX 16

typedef struct practice_options {
  kfix_method method;
  kfix_options settings; /* those that are `given` replace the defaults */
  unsigned char given[KFIX_OPTION_COUNT];
  const kfix_port *port;
  int64_t seeds, steps, most; /* steps: of Adam; most: of the method */
} practice_options;

typedef struct practice_row {
  double rate[PRACTICE_SEEDS_MAX]; /* Adam's best */
  double ratio
      [PRACTICE_SEEDS_MAX]; /* seconds over Adam's; infinite where its objective is not reached */
  practice_result adam[PRACTICE_SEEDS_MAX], own[PRACTICE_SEEDS_MAX];
} practice_row;

/* Whether no setting is given. */
int practice_is_default(const practice_options *o);

int practice_measure(const practice_problem *p, const practice_options *o, practice_row *row,
                     tool_error *err);

/* Geometric mean over the seeds. */
double practice_ratio(const practice_row *row, const practice_options *o);

#endif
