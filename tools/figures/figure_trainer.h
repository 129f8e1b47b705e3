/* SPDX-License-Identifier: Apache-2.0
 * Data, batches, threads and memory behind the trainers that a figure is drawn from, one after the
 * other. */
#ifndef KFIX_TOOLS_FIGURE_TRAINER_H
#define KFIX_TOOLS_FIGURE_TRAINER_H

#include "data/batches.h"
#include "data/dataset.h"
#include "figures_settings.h"
#include "files/tool_error.h"
#include "lib/kfix.h"
#include "port/posix/crew.h"

typedef struct figure_trainer {
  const kfix_net *net;
  dataset data;
  batches batches;
  uint64_t step; /* that the next batch is for, from 1 */
  kfix_posix_crew crew;
  int crew_started;
  kfix_method method;
  void *arena;
  size_t bytes;
  unsigned char *image; /* of a trainer that was kept; NULL: none */
  size_t image_bytes, image_at;
} figure_trainer;

/* Opens the config's data, and makes room for any trainer of that method. Close it after a failure,
 * too. It is not moved. */
int figure_trainer_open(figure_trainer *t, kfix_method method, const figures_settings *s,
                        tool_error *err);
void figure_trainer_close(figure_trainer *t);

/* The config's defaults with this seed; then a trainer with such options, in the place of the one
 * before, going on from the image if there is one. */
kfix_options figure_trainer_options(const figure_trainer *t, uint64_t seed);
int figure_trainer_create(figure_trainer *t, const kfix_options *options, kfix **k,
                          tool_error *err);
/* The next batch of the run in a memory of the caller's, order[0 .. count) with count the size of a
 * batch; *rows reads it. */
size_t figure_trainer_batch(figure_trainer *t, uint32_t *order, dataset_rows *rows);
/* `steps` steps on the run's next batches. */
int figure_trainer_train(figure_trainer *t, kfix *k, uint64_t steps, tool_error *err);
/* Keeps the trainer's state as the image. */
int figure_trainer_keep(figure_trainer *t, kfix *k, tool_error *err);

/* 0, or -1 with what the library said. */
int figure_trainer_check(kfix_status status, const char *what, tool_error *err);

#endif
