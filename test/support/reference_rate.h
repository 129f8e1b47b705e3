/* SPDX-License-Identifier: Apache-2.0
 * The rate's schedule as its definition says, in long double. */
#ifndef KFIX_TEST_REFERENCE_RATE_H
#define KFIX_TEST_REFERENCE_RATE_H

#include <float.h>
#include <math.h>

#include "kfix.h"

static inline long double ref_rate(const kfix_options *o, uint64_t step) {
  const long double pi = 3.14159265358979323846264338327950288L, floor_part = o->lr_floor;
  if (step <= o->lr_warmup)
    return (long double)o->learning_rate * (long double)step / (long double)o->lr_warmup;
  const uint64_t t = step - 1 - o->lr_warmup, length = (uint64_t)o->lr_steps - o->lr_warmup;
  if (o->lr_schedule == KFIX_RATE_STEP)
    return (long double)o->learning_rate *
           powl((long double)o->lr_factor, (long double)(t / o->lr_every));
  if (o->lr_schedule != KFIX_RATE_COSINE) return (long double)o->learning_rate;
  const long double u = t < length ? (long double)t / (long double)length : 1;
  return (long double)o->learning_rate * (floor_part + (1 - floor_part) * (1 + cosl(pi * u)) / 2);
}

#endif
