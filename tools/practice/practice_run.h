/* SPDX-License-Identifier: Apache-2.0
 * One training run of the table. */
#ifndef KFIX_TOOLS_PRACTICE_RUN_H
#define KFIX_TOOLS_PRACTICE_RUN_H

#include "practice_task.h"

typedef struct practice_settings {
  kfix_method method;
  kfix_options options;
  const kfix_port *port;
  int steps;     /* at most so many */
  double target; /* stop at this training objective; NAN: take all steps */
} practice_settings;

/* Where it ended. Objectives are means over the whole set, of the iterate or of the averaged one, the
 * one of lower training objective; seconds are processor time of the steps alone. */
typedef struct practice_result {
  int steps;
  double seconds, objective, validation;
} practice_result;

/* A step that fails ends the run, with what it reached. -1: no run could be made at all. */
int practice_train(const practice_problem *p, const practice_settings *s, practice_result *out,
                   tool_error *err);

#endif
