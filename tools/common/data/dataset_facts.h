/* SPDX-License-Identifier: Apache-2.0
 * What weights need to know of the data that they were trained on, besides shapes: how numbers were
 * moved, and names. */
#ifndef KFIX_TOOLS_DATASET_FACTS_H
#define KFIX_TOOLS_DATASET_FACTS_H

#include "word_list.h"

/* Column j of the inputs, or, with j = inputs, of target values: what the network sees is (value -
 * mean[j]) * scale[j], in double, rounded. Zeros: numbers are taken as they are, nothing has a name. */
typedef struct dataset_facts {
  int pixels;           /* inputs were bytes / 255 */
  size_t inputs;        /* mean and scale have one entry more */
  double *mean, *scale; /* NULL: numbers as they are */
  size_t channels;      /* column j was moved as column j mod channels; 0: each by itself */
  word_list names;      /* of the inputs and of the target, or none */
  word_list classes;    /* of class 0, 1, ..., or none */
  char *validation;     /* what --validation was; NULL: not given. free() releases it */
} dataset_facts;

/* Room for so many inputs, with mean 0 and scale 1; -1: no memory. */
int facts_reserve(dataset_facts *facts, size_t inputs);

/* 1 where some column is not taken as it is; the same of target values. */
int facts_move_inputs(const dataset_facts *facts);
int facts_move_target(const dataset_facts *facts);

/* What column j's number was before it was moved; a column that did not vary has its mean. */
double facts_undo(const dataset_facts *facts, size_t column, double moved);

void facts_free(dataset_facts *facts);

#endif
