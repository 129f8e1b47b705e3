/* SPDX-License-Identifier: Apache-2.0
 * One update of the statistics, method by method: all layers of the network, the examples at hand,
 * without forward and backward pass and without what a refresh makes of it. */
#ifndef KFIX_TOOLS_BENCH_UPDATE_H
#define KFIX_TOOLS_BENCH_UPDATE_H

#include "bench_kernels.h"

/* A row of the table: a method, or the papers' power SVD on the same examples. */
typedef struct bench_update_times {
  const char *name;
  double seconds, flops; /* of an update of all layers */
  double iterations;     /* of a power SVD, all layers; 0: a method */
  double apart;          /* of both approximations, over their norm; the worst of the layers */
} bench_update_times;

enum { BENCH_UPDATE_MAX = 16 };

/* Times what the options name and prints it. 0 or -1. */
int bench_update_run(const bench_options *o, const bench_peak *peak, tool_error *err);

#endif
