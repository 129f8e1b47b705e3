/* SPDX-License-Identifier: Apache-2.0
 * The head of a checkpoint, and the same as lines of key=value. */
#ifndef KFIX_TOOLS_CHECKPOINT_TEXT_H
#define KFIX_TOOLS_CHECKPOINT_TEXT_H

#include <stdio.h>

#include "train_options.h"

#define CHECKPOINT_DATA_BYTES    1024
#define CHECKPOINT_NETWORK_BYTES 256

/* How far a run came. */
typedef struct train_state {
  uint64_t step, examples;
  uint64_t epoch, position;    /* epochs completed, rows used of the present one */
  uint64_t evaluated;          /* the last step whose epoch line was printed and logged */
  double seconds;              /* of training */
  double first_objective, rho; /* of the first batch; the last that was measured */
  double best;                 /* the lowest objective of an evaluation (train_patience.h) or NAN */
  uint64_t best_step, best_epoch;
} train_state;

typedef struct checkpoint_head {
  char network[CHECKPOINT_NETWORK_BYTES]; /* its name and the real type: "digits_tiny float" */
  kfix_method method;
  kfix_options settings;
  char data[CHECKPOINT_DATA_BYTES];
  char validation[CHECKPOINT_DATA_BYTES]; /* --validation; "": not given */
  uint64_t limit, data_digest;
  uint64_t valid_digest; /* 0: of a version that did not write it */
  batch_sizes sizes;
  char class_weights[CHECKPOINT_DATA_BYTES]; /* "": none */
  double smoothing;
  int pixels; /* unit or standard; a version that did not write it knew unit alone */
  image_augment augment;
  train_state state;
} checkpoint_head;

void checkpoint_print(FILE *stream, const checkpoint_head *head);

/* Reads what checkpoint_print wrote; changes the text. -1 and the line that is wrong, or missing,
 * in *line. */
int checkpoint_parse(char *text, checkpoint_head *head, const char **line);

#endif
