/* SPDX-License-Identifier: Apache-2.0
 * The fixed driver: learning rate, damping and KL clipping. */
#include <math.h>

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "net/net.h"
#include "optim/natural.h"
#include "optim/rules.h"

/* nu = min(1, sqrt(c / sum over layers |Delta_i . gradient_i|)) [KPSVD App. E]. */
static kfix_status clip(kfix *k, double *nu) {
  const kfix_real *g = k->buffer[KFIX_NET_GRADIENT].at[0];
  const kfix_real *u = kfix_direction(k);
  double dot[KFIX_DEPTH_MAX], sum = 0;
  for (uint32_t i = 0; i < k->net->depth; i++) {
    const kfix_layer *l = &k->layer[i];
    KFIX_RUN(k, dot, KFIX_W_COUNT(l->in, l->out), g + l->w, u + l->w,
             kfix_slot_at(k, KFIX_SLOT_LAYERS + (size_t)i));
  }
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_LAYERS, k->net->depth, dot));
  for (uint32_t i = 0; i < k->net->depth; i++) sum += fabs(dot[i]);
  *nu = 1;
  if (!isfinite(sum)) return KFIX_REFUSED;
  if (k->options.kl_clip > 0 && sum > k->options.kl_clip) *nu = sqrt(k->options.kl_clip / sum);
  return KFIX_OK;
}

/* Damping raised by a new attempt lasts as long as what was made with it. */
static void settle(kfix *k) {
  k->next.lambda = kfix_first_lambda(&k->options);
  k->next.gamma = kfix_first_gamma(&k->options);
}

kfix_status kfix_drive_fixed(kfix *k, const kfix_batch *batch) {
  kfix_report *r = &k->report;
  if (kfix_refresh_due(k)) KFIX_TRY(kfix_refresh(k, batch, k->next.gamma));
  KFIX_TRY(kfix_precondition(k, batch, kfix_direction(k)));
  KFIX_TRY(clip(k, &r->nu));
  r->learning_rate = kfix_learning_rate(&k->options, r->step);
  r->alpha = r->learning_rate * r->nu;
  r->mu = k->options.momentum;
  r->lambda = k->next.lambda;
  r->gamma = k->next.gamma;
  if (kfix_refresh_scheduled(k, r->step + 1)) settle(k);
  return kfix_advance(k, r->alpha, r->mu);
}
