/* SPDX-License-Identifier: Apache-2.0
 * The peak that all is held against, measured again and again as the program goes on. */
#ifndef KFIX_TOOLS_BENCH_MACHINE_H
#define KFIX_TOOLS_BENCH_MACHINE_H

#include "bench_options.h"
#include "bench_side.h"

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

#endif
