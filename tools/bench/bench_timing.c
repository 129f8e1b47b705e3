/* SPDX-License-Identifier: Apache-2.0
 * The best of some runs. */
#include "bench_timing.h"

#include "bench_clock.h"
#include "port/posix/clock.h"

/* A measurement lasts so long at least, which the clock resolves a thousand times. */
#define MEASURE_SECONDS 1e-3

/* Threads that slept are all at work after so long: on a virtual machine, waking one takes its time. */
#define WAKE_SECONDS 4e-3

/* Seconds per run over `runs` of them, or -1. */
static double measure(const bench_work *work, int runs) {
  double seconds = 0;
  for (int i = 0; i < (work->prepare ? runs : 1); i++) {
    if (work->prepare) work->prepare(work->arg);
    const double began = bench_seconds();
    for (int j = 0; j < (work->prepare ? 1 : runs); j++)
      if (work->run(work->arg) != 0) return -1;
    if (work->wait(work->arg) != 0) return -1;
    seconds += bench_seconds() - began;
  }
  return seconds / runs;
}

double bench_best_seconds(const bench_work *work, int repeats) {
  const double first = measure(work, 1), began = kfix_posix_seconds();
  double best = first;
  if (first < 0 || first > BENCH_VISIT_SECONDS) return first;
  while (kfix_posix_seconds() - began + first < WAKE_SECONDS)
    if (measure(work, 1) < 0) return -1;
  const int runs = first < MEASURE_SECONDS ? 1 + (int)(MEASURE_SECONDS / (first + 1e-9)) : 1;
  for (int i = 0; i < repeats; i++) {
    const double seconds = measure(work, runs);
    if (seconds < 0) return -1;
    if (i == 0 || seconds < best) best = seconds;
    if (kfix_posix_seconds() - began + seconds * runs > BENCH_VISIT_SECONDS) break;
  }
  return best;
}
