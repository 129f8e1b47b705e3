/* SPDX-License-Identifier: Apache-2.0
 * What a series of step times says. Other work on the machine only ever adds to a time, so of steps
 * that do the same work the shortest counts. */
#ifndef KFIX_TOOLS_BENCH_STATISTICS_H
#define KFIX_TOOLS_BENCH_STATISTICS_H

#include <stddef.h>

enum { BENCH_STEPS_MAX = 10000 };

typedef struct bench_series {
  size_t count;
  double seconds[BENCH_STEPS_MAX];
} bench_series;

typedef struct bench_summary {
  double mean, median, worst;   /* of all steps */
  double best_mean, best_worst; /* over the phases of a period, of the shortest in each */
} bench_summary;

/* Step i is in phase i mod period; 1 <= period, 1 <= count. */
bench_summary bench_summarise(const bench_series *s, size_t period);

#endif
