/* SPDX-License-Identifier: Apache-2.0
 * Kernels against each other: every port that is asked for and a BLAS, each in its own process. */
#ifndef KFIX_TOOLS_BENCH_KERNELS_H
#define KFIX_TOOLS_BENCH_KERNELS_H

#include "bench_options.h"
#include "bench_worker.h"

/* A side: a port, or the BLAS where port is NULL. */
typedef struct bench_side {
  const char *name;
  const kfix_port *port;
  const char *blas; /* the library's path */
  unsigned threads;
  int precision;     /* of TOOL_DEVICE_PRECISIONS */
  size_t peak_order; /* of a device: its peak is that of the product of two such squares */
  bench_worker worker;
} bench_side;

enum { BENCH_SIDES_MAX = 8, BENCH_PEAK_ORDER_MAX = 4096 };

typedef struct bench_kernel_request {
  int index; /* of bench_cases, or BENCH_ASK_PEAK */
  int repeats;
} bench_kernel_request;
enum { BENCH_ASK_PEAK = -1 };

typedef struct bench_kernel_reply {
  double value; /* seconds of a run, flops per second of the peak; -1: it could not be done */
  tool_error err;
} bench_kernel_reply;

/* Starts the side's process; it must stay where it is until it is stopped. */
int bench_side_start(bench_side *side, tool_error *err);

/* Flops per second of this machine, or of its device, the most that was seen so far by this
 * process. */
typedef struct bench_peak {
  bench_side side;
  double flops;
  double sum; /* of the best of each visit: how busy the machine was with other things */
  int visits;
} bench_peak;
int bench_peak_start(bench_peak *peak, const bench_options *o, tool_error *err);
/* The order of the squares whose product is a device's peak. */
size_t bench_peak_order(const bench_options *o);
/* Measures a few times more. */
int bench_peak_update(bench_peak *peak, tool_error *err);

/* Times all cases and prints them as the options say. 0 or -1. */
int bench_kernels_run(const bench_options *o, bench_peak *peak, tool_error *err);

#endif
