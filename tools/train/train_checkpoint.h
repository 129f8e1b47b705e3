/* SPDX-License-Identifier: Apache-2.0
 * Checkpoint files: a head in readable text, which says what the run is and how far it came, then
 * the library's image of the trainer.
 *
 *   kfix-train checkpoint 1 BYTES DIGEST     BYTES of text follow, with this XXH64 digest
 *   key=value                                one line each
 *   ...                                      the image (kfix_save), to the end of the file
 *
 * A file is written beside its place and renamed, so it is always a complete one. */
#ifndef KFIX_TOOLS_TRAIN_CHECKPOINT_H
#define KFIX_TOOLS_TRAIN_CHECKPOINT_H

#include <stdio.h>

#include "data/batches.h"
#include "files/tool_error.h"
#include "lib/kfix.h"

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
  train_state state;
} checkpoint_head;

int checkpoint_save(const char *path, const checkpoint_head *head, kfix *k, tool_error *err);

/* A checkpoint being read: the head first, which says what trainer to make, then its image. */
typedef struct checkpoint_file {
  FILE *stream;
  const char *path;
} checkpoint_file;

/* Distinct messages: not there, not a checkpoint, another version, cut off, corrupted. */
int checkpoint_open(checkpoint_file *file, const char *path, checkpoint_head *head,
                    tool_error *err);

/* Restores the trainer and closes the file, also after failure. */
int checkpoint_load(checkpoint_file *file, kfix *k, tool_error *err);
void checkpoint_close(checkpoint_file *file);

#endif
