/* SPDX-License-Identifier: Apache-2.0
 * The nets and data of the table: small problems as a practitioner has them. */
#ifndef KFIX_TOOLS_PRACTICE_TASK_H
#define KFIX_TOOLS_PRACTICE_TASK_H

#include "data/dataset.h"
#include "lib/kfix.h"

#define PRACTICE_LAYERS_MAX 4
#define PRACTICE_TASKS_MAX  32

typedef struct practice_task {
  const char *name, *source; /* a file in the folder of data sets, or the name of a set */
  uint32_t inputs, outputs;  /* 0: as the source has them */
  uint32_t hidden[PRACTICE_LAYERS_MAX]; /* widths up to the first 0 */
  kfix_activation inner;
  kfix_loss loss;
  kfix_target target;
  size_t batch; /* 0: all rows */
  size_t limit; /* of the training rows; 0: all */
} practice_task;

/* Ends with a task without a name. */
extern const practice_task practice_tasks[];

/* A task with its data and its net. */
typedef struct practice_problem {
  const practice_task *task;
  dataset data;
  kfix_node_spec nodes[PRACTICE_LAYERS_MAX + 1];
  kfix_net net;
} practice_problem;

/* Close with practice_close. */
int practice_open(practice_problem *p, const practice_task *task, tool_error *err);
void practice_close(practice_problem *p);

#endif
