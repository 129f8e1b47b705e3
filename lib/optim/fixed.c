/* SPDX-License-Identifier: Apache-2.0
 * The fixed driver: learning rate, damping and KL clipping. */
#include "optim/fixed.h"

#include <math.h>

#include "core/arithmetic.h"
#include "direction/direction.h"
#include "net/net.h"
#include "optim/schedule.h"
#include "optim/update.h"

static kfix_status add_size(kfix *k, uint32_t block, const double *dot, void *sum) {
  (void)k, (void)block;
  *(double *)sum += fabs(*dot);
  return KFIX_OK;
}

/* *sum = sum over blocks |Delta_i . gradient_i|. */
static kfix_status sum_products(kfix *k, double *sum) {
  const kfix_real *g = k->buffer[KFIX_NET_GRADIENT].at[0], *u = kfix_delta_place(k);
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_block *b = &k->block[i];
    KFIX_RUN(k, dot, KFIX_W_COUNT(b->cols, b->out), g + b->w, u + b->w,
             kfix_slot_at(k, KFIX_SLOT_BLOCKS + (size_t)i));
  }
  *sum = 0;
  return kfix_read_items(k, k->depth, 1, add_size, sum);
}

/* nu = min(1, sqrt(c / sum)) [KPSVD App. E]. For a block-wise Delta the sum is Delta^T F~ Delta. One that is
 * corrected may stand nearly upright on the gradient: then its own F says how far it goes. */
static kfix_status clip(kfix *k, double *nu) {
  const double form = k->report.made.form;
  double sum;
  KFIX_TRY(sum_products(k, &sum));
  if (form > sum) sum = form;
  *nu = 1;
  if (!isfinite(sum)) return KFIX_REFUSED;
  if (k->options.kl_clip > 0 && sum > k->options.kl_clip) *nu = sqrt(k->options.kl_clip / sum);
  return KFIX_OK;
}

/* Damping that a failure raised ends with the inverse that was made with it. */
static void settle(kfix *k) {
  k->next.lambda = kfix_first_lambda(&k->options);
  k->next.gamma = kfix_first_gamma(&k->options);
}

kfix_status kfix_drive_fixed(kfix *k, const kfix_batch *batch) {
  kfix_report *r = &k->report;
  const kfix_direction *d = k->method->direction;
  const kfix_phase phase = kfix_phase_with(k, k->next.gamma);
  if (phase.due) KFIX_TRY(d->refresh(k, batch, &phase));
  KFIX_TRY(d->make(k, batch, &phase, kfix_delta_place(k), &r->made));
  KFIX_TRY(clip(k, &r->nu));
  r->learning_rate = kfix_learning_rate(&k->options, r->step);
  r->alpha = r->learning_rate * r->nu;
  r->mu = k->options.momentum;
  r->lambda = k->next.lambda;
  r->gamma = k->next.gamma;
  if (kfix_refresh_scheduled(k, r->step + 1)) settle(k);
  return kfix_advance(k, r->alpha, r->mu);
}
