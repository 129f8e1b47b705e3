/* SPDX-License-Identifier: Apache-2.0
 * A step of natural gradient: gradient and statistics, then whichever driver. */
#include "optim/natural.h"

#include "curvature/curvature.h"
#include "optim/gradient.h"
#include "optim/rules.h"

kfix_status kfix_refresh(kfix *k, const kfix_batch *batch, double gamma) {
  const kfix_curvature *c = k->method->curvature;
  const int first = !k->changed[KFIX_GROUP_INVERSE];
  k->gamma = gamma;
  KFIX_TRY(c->refresh(k, gamma));
  if (first && c->rescale && k->report.stats_refreshed) KFIX_TRY(kfix_rescale(k, batch));
  k->next.inverse_step = k->now.step + 1;
  k->next.stale = 0;
  return KFIX_OK;
}

/* The gradient is of low rank if it has no weight decay and its examples stand in one row block, a
 * bound that does not depend on the chunk, so neither do the bits. */
kfix_status kfix_precondition(kfix *k, const kfix_batch *batch, kfix_real *out) {
  const int low_rank = k->options.weight_decay == 0 && batch->rows <= k->net->block;
  return k->method->curvature->apply(k, -1, k->buffer[KFIX_NET_GRADIENT].at[0], low_rank,
                                     batch->rows, out);
}

kfix_status kfix_rule_natural(kfix *k, const kfix_batch *batch) {
  const int due = k->now.step % k->options.stats_every == 0;
  KFIX_TRY(kfix_gradient(k, kfix_current(k, &k->buffer[KFIX_NET_THETA]), batch, due));
  k->next.have_update = 1;
  if (k->options.driver == KFIX_ADAPTIVE) return kfix_drive_adaptive(k, batch);
  return kfix_drive_fixed(k, batch);
}
