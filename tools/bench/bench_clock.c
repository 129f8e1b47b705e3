/* SPDX-License-Identifier: Apache-2.0
 * Wall or processor. */
#include "bench_clock.h"

#include <time.h>

#include "port/posix/clock.h"

static bench_clock used;
static double share = 1;

void bench_clock_use(bench_clock clock, unsigned threads) {
  used = clock;
  share = 1.0 / threads;
}

double bench_seconds(void) {
  struct timespec now;
  if (used == BENCH_WALL) return kfix_posix_seconds();
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return share * ((double)now.tv_sec + 1e-9 * (double)now.tv_nsec);
}
