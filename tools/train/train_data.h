/* SPDX-License-Identifier: Apache-2.0
 * The data set as the library asks for it. */
#ifndef KFIX_TOOLS_TRAIN_DATA_H
#define KFIX_TOOLS_TRAIN_DATA_H

#include "class_weights.h"
#include "data/dataset.h"
#include "lib/kfix.h"
#include "train_options.h"

/* Row i is row order[i] of the data, or first + i where order is NULL. Targets y of C classes become
 * (1 - smoothing) y + smoothing / C. Images are changed as `augment` says of this epoch, by the number of
 * their row, and so are targets that are the inputs. */
typedef struct data_rows {
  const dataset *data;
  const uint32_t *order;
  size_t first;
  double smoothing;
  const image_augment *augment; /* NULL: none */
  uint64_t seed;
  uint32_t epoch;
} data_rows;

/* A kfix_fetch whose source is a data_rows. */
int data_fetch(void *rows, size_t first, size_t count, kfix_real *x, size_t ldx, kfix_real *y,
               size_t ldy);

/* Opens the set of the options for this network. */
int data_open(dataset *data, const train_options *o, const kfix_net *net, tool_error *err);

/* XXH64 over the training rows as the network sees them: inputs, then targets, row by row; and over
 * the validation rows. */
int data_digest(const dataset *data, uint64_t *train, uint64_t *valid, tool_error *err);

/* Scores of the whole data, both of one iterate. */
typedef struct data_scores {
  kfix_iterate which;
  kfix_score train, valid; /* of valid: NaN if the set has no validation rows */
} data_scores;

/* A set, and how its examples count: what an objective is the mean over. */
typedef struct data_source {
  const dataset *data;
  const class_weights *weights;
  double smoothing;
} data_source;

/* Of the iterate or of the averaged iterate, whichever has the lower objective on the training rows
 * [KFAC 13]; the iterate's when `averaged` is 0. An objective that is not finite counts as the higher
 * one. */
int data_evaluate(kfix *k, const data_source *from, int averaged, data_scores *out,
                  tool_error *err);

#endif
