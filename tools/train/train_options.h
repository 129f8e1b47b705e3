/* SPDX-License-Identifier: Apache-2.0
 * What the command line of kfix-train says (train_parse.h reads it). */
#ifndef KFIX_TOOLS_TRAIN_OPTIONS_H
#define KFIX_TOOLS_TRAIN_OPTIONS_H

#include "data/batches.h"
#include "images/image_augment.h"
#include "lib/kfix.h"

#define TRACE_STEPS_MAX 256

/* What becomes of pixels (train_images.h). */
typedef enum train_pixels { PIXELS_AUTO, PIXELS_UNIT, PIXELS_STANDARD } train_pixels;
#define TRAIN_PIXELS_WORDS "auto|unit|standard"

typedef struct train_options {
  /* What a run is: stored in its checkpoints, the same after --resume. */
  kfix_method method;
  kfix_options settings; /* the seed too */
  const char *data;
  const char *validation; /* NULL: as the data have it (train_split.h) */
  uint64_t limit;         /* 0: all */
  int batch_given;
  batch_sizes sizes;
  const char *class_weights; /* NULL: none */
  double smoothing;          /* of labels; 0: none */
  int pixels;                /* train_pixels */
  image_augment augment;
  /* How far it goes and what it leaves behind. */
  uint64_t epochs, steps; /* exactly one is not 0 */
  uint64_t patience;      /* epochs; 0: none */
  double time_limit;      /* seconds of this process; 0: none */
  uint64_t eval_every;
  const kfix_port *port;
  int precision; /* of TOOL_DEVICE_PRECISIONS */
  int graphs;    /* of TOOL_DEVICE_GRAPHS */
  unsigned threads;
  const char *log, *log_steps, *digest_log;
  const char *approximation_log;
  const char *reference_log;
  uint64_t reference_every;
  int64_t layer, approximation_every, approximation_refresh, approximation_order;
  const char *checkpoint, *resume;
  uint64_t every;
  const char *export_file, *import_file, *best_file;
  int export_average, export_iterate;
  const char *trace;
  uint64_t trace_at[TRACE_STEPS_MAX]; /* ascending */
  uint32_t trace_count;
  int quiet;
} train_options;

/* What the command line gave of the first group, to hold against a checkpoint. */
typedef struct train_given {
  int method, seed, data, validation, limit, batch, schedule, class_weights, smoothing;
  int pixels, augment;
  unsigned char setting[KFIX_OPTION_COUNT];
} train_given;

#endif
