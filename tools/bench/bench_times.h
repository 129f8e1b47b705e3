/* SPDX-License-Identifier: Apache-2.0
 * What was measured, as it is printed. */
#ifndef KFIX_TOOLS_BENCH_TIMES_H
#define KFIX_TOOLS_BENCH_TIMES_H

#include "bench_case.h"
#include "bench_side.h"
#include "bench_statistics.h"
#include "bench_trainer.h"

/* Best seconds of each case on each side, and of one thread on the last port; 0: it was left out. */
typedef struct bench_kernel_times {
  int sides, with_blas; /* the last side is the BLAS */
  const char *name[BENCH_SIDES_MAX];
  int on_device[BENCH_SIDES_MAX]; /* the host's peak says nothing of it */
  int alone;                      /* the side that one thread repeats; -1: none */
  double seconds[BENCH_CASE_COUNT][BENCH_SIDES_MAX], one_thread[BENCH_CASE_COUNT];
} bench_kernel_times;

/* Steps of one method. */
typedef struct bench_method_times {
  const char *name;
  char device[BENCH_DEVICE_BYTES]; /* what the port computes on; "": the host */
  bench_summary own, sgd;          /* sgd: of the steps of SGD in between */
  size_t steps, period;
  uint64_t retries;
  size_t arena_bytes, resident_bytes;
  bench_count counts[BENCH_KIND_COUNT]; /* sums over the steps */
} bench_method_times;

/* A row of the table of updates: a method, or the papers' power SVD on the same examples. */
typedef struct bench_update_times {
  const char *name;
  double seconds, flops; /* of an update of all layers */
  double iterations;     /* of a power SVD, all layers; 0: a method */
  double apart;          /* of both approximations, over their norm; the worst of the layers */
} bench_update_times;

enum { BENCH_UPDATE_MAX = 16 };

#endif
