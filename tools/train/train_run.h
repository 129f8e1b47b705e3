/* SPDX-License-Identifier: Apache-2.0
 * A run: the trainer, its data, where it stands, and what it writes. Who does what with it: train_setup.h,
 * train_loop.h. */
#ifndef KFIX_TOOLS_TRAIN_RUN_H
#define KFIX_TOOLS_TRAIN_RUN_H

#include "approximation_log.h"
#include "data/batches.h"
#include "lib/kfix.h"
#include "port/posix/crew.h"
#include "reference_log.h"
#include "step_table.h"
#include "train_checkpoint.h"
#include "train_data.h"
#include "train_options.h"
#include "train_trace.h"

#define NOT_SAVED UINT64_MAX

/* Why a run failed, as far as its checkpoint is concerned. */
typedef enum run_failure {
  RUN_STOPPED, /* something else did: a disk, memory; the run can go on from its state */
  RUN_STUCK,   /* a step did, and does again from this state, which may be good */
  RUN_SPOILT   /* the state is no good, or cannot be written */
} run_failure;

/* Why a run that did not fail ends. */
typedef enum run_end { RUN_GOES_ON, RUN_AT_GOAL, RUN_OUT_OF_TIME, RUN_OUT_OF_PATIENCE } run_end;

typedef struct train_run {
  train_options options;
  const kfix_net *net;
  kfix *k;
  dataset data;
  uint64_t data_digest, valid_digest;
  class_weights weights;
  kfix_posix_crew crew;
  int crew_runs;
  void *handles; /* of the device that the port computes on; NULL: the host */
  batches batches;
  train_state state;
  kfix_report report; /* of the last step; step 0: none yet */
  step_table log, log_steps, digest_log;
  train_trace trace;
  approximation_log approximations;
  reference_log reference;
  uint64_t evaluated;             /* the step of the last scores in this process, or NOT_SAVED */
  kfix_iterate evaluated_iterate; /* that they are of */
  uint64_t saved; /* the last step that this process wrote a checkpoint of, or NOT_SAVED */
  run_failure failure;
  run_end end;
  int best_kept;            /* --best was written by this process */
  data_scores first, last;  /* of the evaluations of this process */
  uint64_t evaluations;     /* how many */
  uint64_t first_evaluated; /* the step of the first */
  double least; /* training objective among them, and the epoch after which it was seen */
  uint64_t least_epoch;
  double opened_at;  /* when this process began */
  double started_at; /* seconds and steps when this process began, for the time left */
  uint64_t started_step, started_examples;
} train_run;

#endif
