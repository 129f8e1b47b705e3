/* SPDX-License-Identifier: Apache-2.0
 * Means, medians, and means of the best. */
#include "bench_statistics.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(const bench_series *s) {
  static double sorted[BENCH_STEPS_MAX];
  memcpy(sorted, s->seconds, s->count * sizeof *sorted);
  qsort(sorted, s->count, sizeof *sorted, compare);
  return (sorted[s->count / 2] + sorted[(s->count - 1) / 2]) / 2;
}

/* The shortest step of a phase. */
static double best_of(const bench_series *s, size_t phase, size_t period) {
  double best = s->seconds[phase];
  for (size_t i = phase; i < s->count; i += period)
    if (s->seconds[i] < best) best = s->seconds[i];
  return best;
}

bench_summary bench_summarise(const bench_series *s, size_t period) {
  const size_t phases = period < s->count ? period : s->count;
  bench_summary out = {.median = median(s)};
  for (size_t i = 0; i < s->count; i++) {
    out.mean += s->seconds[i] / (double)s->count;
    if (s->seconds[i] > out.worst) out.worst = s->seconds[i];
  }
  for (size_t phase = 0; phase < phases; phase++) {
    const double best = best_of(s, phase, period);
    out.best_mean += best / (double)phases;
    if (best > out.best_worst) out.best_worst = best;
  }
  return out;
}
