/* SPDX-License-Identifier: Apache-2.0
 * How far a direction is from the exact natural gradient: a trainer of method exact as a reference. */
#include <math.h>

#include "core/arithmetic.h"
#include "direction/exact.h"
#include "kfix.h"
#include "net/net.h"
#include "optim/gradient.h"
#include "optim/rules.h"
#include "optim/schedule.h"
#include "optim/update.h"

/* The trainer as it would be before that step, with that damping: so its targets are the step's. */
static kfix_status begin(kfix *k, const kfix_batch *batch, uint64_t step, double damping) {
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  KFIX_TRY(kfix_take_weights(k, batch));
  kfix_begin_anew(k);
  k->now.step = step - 1;
  k->next.lambda = damping - k->options.weight_decay;
  KFIX_TRY(kfix_gradient(k, kfix_current(k, &k->buffer[KFIX_NET_THETA]), batch, 0));
  k->phase.damping = damping;
  return KFIX_OK;
}

/* A dense direction of the caller's, layer behind layer, as a parameter vector. */
static kfix_status take(kfix *k, const kfix_real *delta, kfix_real *out) {
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    const size_t count = (size_t)b->out * b->cols;
    KFIX_TRY(kfix_clear_padding(k, b, out));
    KFIX_RUN(k, upload, out + b->w, delta, count * sizeof *delta);
    delta += count;
  }
  return KFIX_OK;
}

/* exact . gradient, exact . exact, exact . delta, delta . delta. */
static kfix_status measure_dots(kfix *k, const kfix_real *exact, const kfix_real *delta,
                                double out[5]) {
  KFIX_RUN(k, dots, k->parameters, exact, delta, k->buffer[KFIX_NET_GRADIENT].at[0],
           kfix_slot_at(k, KFIX_SLOT_GU));
  KFIX_RUN(k, dot, k->parameters, exact, exact, kfix_slot_at(k, KFIX_SLOT_ZZ));
  return kfix_read_slots(k, KFIX_SLOT_GU, KFIX_SLOT_ZZ + 1 - KFIX_SLOT_GU, out);
}

static kfix_status compare(kfix *k, const kfix_batch *batch, const kfix_real *delta,
                           kfix_distance *d) {
  kfix_real *exact = kfix_delta_place(k), *other = kfix_loan(k, KFIX_LOAN_CANDIDATE);
  enum { EXACT_DELTA, EXACT_GRADIENT, DELTA2, UNUSED_1, UNUSED_2, EXACT2, DOTS };
  double dot[DOTS], error2, form;
  kfix_made made;
  KFIX_TRY(k->method->direction->make(k, batch, &k->phase, exact, &made));
  KFIX_TRY(take(k, delta, other));
  KFIX_TRY(measure_dots(k, exact, other, dot));
  KFIX_RUN(k, axpby, k->parameters, 1, other, -1, exact, other);
  KFIX_RUN(k, dot, k->parameters, other, other, kfix_slot_at(k, KFIX_SLOT_GU));
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_GU, 1, &error2));
  KFIX_TRY(kfix_exact_form(k, batch, &k->phase, other, &form));
  d->rows = made.rows;
  d->euclidean = sqrt(error2 / dot[EXACT2]);
  /* Delta^T F Delta = -Delta . gradient, for the exact one. */
  d->fisher = sqrt(form / -dot[EXACT_GRADIENT]);
  d->cosine = dot[EXACT_DELTA] / sqrt(dot[EXACT2] * dot[DELTA2]);
  return isfinite(d->fisher) && isfinite(d->euclidean) ? KFIX_OK : KFIX_REFUSED;
}

kfix_status kfix_distance_from_exact(kfix *k, const kfix_batch *batch, uint64_t step,
                                     double damping, const kfix_real *delta, kfix_distance *out) {
  if (!k || !batch || !batch->fetch || batch->rows == 0 || step == 0 || !delta || !out ||
      k->method->direction != &kfix_direction_exact || !(damping > 0))
    return KFIX_ARGUMENT;
  const kfix_scalars kept = k->now;
  kfix_status status = begin(k, batch, step, damping);
  if (status == KFIX_OK) status = compare(k, batch, delta, out);
  k->now = kept;
  return status;
}
