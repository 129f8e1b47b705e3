/* SPDX-License-Identifier: Apache-2.0
 * The monotonic clock. */
#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif
#include "port/posix/clock.h"

#include <time.h>

#include "core/arithmetic.h"

double kfix_posix_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
