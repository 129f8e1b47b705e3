/* SPDX-License-Identifier: Apache-2.0
 * A step of natural gradient: gradient and statistics, then whichever driver. */
#include "optim/natural.h"

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "optim/first_lambda.h"
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

/* The spare copies that directions are made in hold anything: what a failed attempt left, too. */
static kfix_status clear_padding(kfix *k, kfix_real *vector) {
  for (uint32_t i = 0; i < k->net->depth; i++) {
    const kfix_layer *l = &k->layer[i];
    const size_t used = (size_t)l->out * ((size_t)l->in + 1), all = KFIX_W_COUNT(l->in, l->out);
    if (used < all) KFIX_RUN(k, fill, 1, all - used, 0, vector + l->w + used, all - used);
  }
  return KFIX_OK;
}

/* The gradient is of low rank if it has no weight decay and its examples, all of one weight, stand in one row block, a
 * bound that does not depend on the chunk, so neither do the bits. */
kfix_status kfix_precondition(kfix *k, const kfix_batch *batch, kfix_real *out) {
  const int low_rank = k->options.weight_decay == 0 && batch->rows <= k->net->block && !k->weights;
  KFIX_TRY(clear_padding(k, out));
  return k->method->curvature->apply(k, -1, k->buffer[KFIX_NET_GRADIENT].at[0], low_rank,
                                     batch->rows, out);
}

/* The observer looks at host memory: a row comes down where it is not there. */
static kfix_status show_direction(kfix *k) {
  const kfix_observer *o = &k->observer;
  kfix_real *row = k->buffer[KFIX_NET_ROW].at[0];
  for (uint32_t i = 0; i < k->net->depth; i++) {
    const size_t cols = (size_t)k->layer[i].in + 1;
    for (size_t r = 0; r < k->layer[i].out; r++) {
      KFIX_RUN(k, download, row, kfix_direction(k) + k->layer[i].w + r * cols, cols * sizeof *row);
      o->direction(o->context, i + 1, r, row, cols);
    }
  }
  return KFIX_OK;
}

kfix_status kfix_advance(kfix *k, double alpha, double mu) {
  const kfix_buffer *update = &k->buffer[KFIX_NET_UPDATE];
  if (k->observer.direction) KFIX_TRY(show_direction(k));
  return kfix_move(k, KFIX_NET_UPDATE, alpha, kfix_direction(k), mu, kfix_current(k, update));
}

kfix_status kfix_rule_natural(kfix *k, const kfix_batch *batch) {
  if (kfix_lambda_is_wanted(k)) KFIX_TRY(kfix_find_lambda(k, batch));
  const int due = k->now.step % k->options.stats_every == 0;
  KFIX_TRY(kfix_gradient(k, kfix_current(k, &k->buffer[KFIX_NET_THETA]), batch, due));
  k->next.have_update = 1;
  if (k->options.driver == KFIX_ADAPTIVE) return kfix_drive_adaptive(k, batch);
  return kfix_drive_fixed(k, batch);
}
