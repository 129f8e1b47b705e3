/* SPDX-License-Identifier: Apache-2.0
 * A trainer in a process of its own, that steps when it is asked to. */
#ifndef KFIX_TOOLS_BENCH_TRAINER_H
#define KFIX_TOOLS_BENCH_TRAINER_H

#include "bench_counter.h"
#include "bench_options.h"
#include "bench_worker.h"

typedef struct bench_trainer {
  const bench_options *options;
  kfix_method method;
  bench_worker worker;
} bench_trainer;

#define BENCH_DEVICE_BYTES 256

/* Of one step; the first request makes the trainer too. */
typedef struct bench_step {
  int done;        /* 0: it failed, and err says why */
  double seconds;  /* of kfix_step, the delivery of its rows included */
  uint64_t number; /* from 1 */
  uint32_t retries;
  size_t arena_bytes;
  char device[BENCH_DEVICE_BYTES]; /* tool_device_text */
  uint32_t period;                 /* after so many steps the same work comes again */
  bench_count counts[BENCH_KIND_COUNT];
  tool_error err;
} bench_step;

/* Starts the process; the trainer must stay where it is until it is stopped. */
int bench_trainer_start(bench_trainer *t, tool_error *err);
int bench_trainer_step(bench_trainer *t, bench_step *out, tool_error *err);

#endif
