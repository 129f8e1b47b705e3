/* SPDX-License-Identifier: Apache-2.0
 * The rate's schedule: a function of the step's number, so that nothing is kept between steps. */
#include "core/arithmetic.h"
#include "core/elementary.h"
#include "core/options.h"

/* t: steps since the warm-up. Of what is left of them, v: (1 + cos(pi (1 - v))) / 2 = sin^2(pi v / 2),
 * which does not cancel near the end. */
static double cosine(const kfix_options *o, uint64_t t) {
  const uint64_t length = (uint64_t)o->lr_steps - o->lr_warmup;
  if (t >= length) return o->lr_floor;
  const double s = kfix_sin2pi_f64(0.25 * ((double)(length - t) / (double)length));
  return o->lr_floor + (1 - o->lr_floor) * (s * s);
}

static double decayed(const kfix_options *o, uint64_t t) {
  if (o->lr_schedule == KFIX_RATE_COSINE) return cosine(o, t);
  if (o->lr_schedule == KFIX_RATE_STEP) return kfix_power(o->lr_factor, t / o->lr_every);
  return 1;
}

double kfix_learning_rate(const kfix_options *options, uint64_t step) {
  const uint64_t warmup = options->lr_warmup;
  const double rate = options->learning_rate;
  if (step <= warmup) return rate * ((double)step / (double)warmup);
  return rate * decayed(options, step - 1 - warmup);
}
