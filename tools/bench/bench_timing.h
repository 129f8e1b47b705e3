/* SPDX-License-Identifier: Apache-2.0
 * How long one piece of work takes: the best of some runs. */
#ifndef KFIX_TOOLS_BENCH_TIMING_H
#define KFIX_TOOLS_BENCH_TIMING_H

typedef struct bench_work {
  void *arg;
  void (*prepare)(void *arg); /* before each run, not timed; NULL: runs may follow each other */
  int (*run)(void *arg);      /* 0, or -1 if it cannot be done */
  int (*wait)(void *arg);     /* until the runs before are over, timed too; likewise */
} bench_work;

/* Seconds of one run, the least of `repeats` measurements after one that does not count; short work
 * is run many times in one measurement. Takes about BENCH_VISIT_SECONDS at most; if the first run is
 * longer, that is the answer. -1: it cannot be done. */
#define BENCH_VISIT_SECONDS 0.4
double bench_best_seconds(const bench_work *work, int repeats);

#endif
