/* SPDX-License-Identifier: Apache-2.0
 * A side of a comparison: a port or a BLAS, in a process of its own. */
#ifndef KFIX_TOOLS_BENCH_SIDE_H
#define KFIX_TOOLS_BENCH_SIDE_H

#include "bench_worker.h"
#include "lib/kfix.h"

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

enum { BENCH_SIDES_MAX = 8, BENCH_PEAK_ORDER_MAX = 4096, BENCH_ASK_PEAK = -1 };

/* Starts the side's process; it must stay where it is until it is stopped. */
int bench_side_start(bench_side *side, tool_error *err);

/* Asks it for one number: seconds of a run of bench_cases[index], or, for BENCH_ASK_PEAK, flops per
 * second. 0 or -1. */
int bench_side_ask(bench_side *side, int index, int repeats, double *value, tool_error *err);

#endif
