/* SPDX-License-Identifier: Apache-2.0
 * Results, as JSON lines or as a table for people. */
#ifndef KFIX_TOOLS_BENCH_PRINT_H
#define KFIX_TOOLS_BENCH_PRINT_H

#include "bench_case.h"
#include "bench_kernels.h"
#include "bench_statistics.h"
#include "bench_trainer.h"
#include "bench_update.h"

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

void bench_print_machine(const bench_options *o, double peak);
void bench_print_kernels(const bench_options *o, const bench_kernel_times *times, double peak);
void bench_print_steps_head(const bench_options *o);
/* The first row is what the others are compared with. */
void bench_print_updates(const bench_options *o, const bench_update_times *times, int count,
                         double peak);
void bench_print_method(const bench_options *o, const bench_method_times *times, double peak);
/* What the columns mean, and whether the machine had other work; a table's last lines. */
void bench_print_foot(const bench_options *o, const bench_peak *peak);

/* The same as JSON, one line each (bench_json.c). */
void bench_json_machine(const bench_options *o, double peak);
void bench_json_kernels(const bench_options *o, const bench_kernel_times *times, double peak);
void bench_json_updates(const bench_options *o, const bench_update_times *times, int count,
                        double peak);
void bench_json_method(const bench_options *o, const bench_method_times *times, double peak);

/* Flops of products and factorizations in all steps. */
double bench_method_flops(const bench_method_times *times);

#endif
