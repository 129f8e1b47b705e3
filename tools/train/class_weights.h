/* SPDX-License-Identifier: Apache-2.0
 * --class-weights: a weight for each example, by its class. */
#ifndef KFIX_TOOLS_CLASS_WEIGHTS_H
#define KFIX_TOOLS_CLASS_WEIGHTS_H

#include "data/dataset.h"
#include "files/tool_error.h"
#include "lib/kfix.h"

/* Of a run without --class-weights both are NULL, and so is what the functions answer. */
typedef struct class_weights {
  double *of_class;  /* one of each */
  kfix_real *of_row; /* training rows, then validation rows */
  kfix_real *of_batch;
  uint32_t classes;
} class_weights;

/* Classes that the net tells apart; 0: its targets are none. */
uint32_t class_weights_classes(const kfix_net *net);

/* What can be said of the text before there are data: "balanced", or a number for each class, none below
 * 0 and not all 0. NULL: nothing to check. */
int class_weights_check(const char *text, const kfix_net *net, tool_error *err);

/* balanced: n / (C n_c) for the n_c of n training rows of C classes, so that each class counts alike and
 * the weights are 1 in the mean; 1 for a class without a row. */
int class_weights_open(class_weights *w, const char *text, const kfix_net *net, const dataset *data,
                       tool_error *err);
void class_weights_close(class_weights *w);

/* Of rows order[0 .. count) of the training rows; valid until the next call. */
const kfix_real *class_weights_of_batch(const class_weights *w, const uint32_t *order,
                                        size_t count);
/* Of rows first, first + 1, ... of all rows. */
const kfix_real *class_weights_of_rows(const class_weights *w, size_t first);

#endif
