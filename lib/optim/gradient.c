/* SPDX-License-Identifier: Apache-2.0
 * One pass over a batch, chunk by chunk: loss, statistics, gradient. */
#include "optim/gradient.h"

#include <math.h>

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "direction/direction.h"
#include "net/norm.h"
#include "net/visit.h"
#include "optim/schedule.h"

/* How a chunk's slices enter the gradient: the first chunk begins it, the others add to it. */
typedef struct adding {
  double weight;
  int first;
} adding;

/* Padding is cleared too: an image that was tampered with may have brought some into theta. */
static kfix_status add_slice(kfix *k, const kfix_slice *s, const void *arg) {
  const adding *how = arg;
  const kfix_block *b = &k->block[s->block];
  kfix_real *gradient = k->buffer[KFIX_NET_GRADIENT].at[0];
  const int begins = how->first && s->first == 0 && s->at == 0;
  if (begins) KFIX_TRY(kfix_clear_padding(k, b, gradient));
  return kfix_add_weights(k, s, how->weight, !begins, gradient + b->w);
}

static kfix_status absorb(kfix *k, const kfix_slice *slice, const void *phase) {
  return k->method->curvature->absorb(k, slice, phase);
}

/* The part of S1 that stands in the chunk at `first`. */
static kfix_status add_statistics(kfix *k, const kfix_real *theta, size_t first, size_t rows) {
  const size_t part = kfix_subset_in(k, first, rows);
  if (part == 0) return KFIX_OK;
  const kfix_visitor visitor = {absorb, &k->phase, kfix_handing_of(k)};
  return kfix_visit_chunk(k, theta, first, part, KFIX_WEIGH_BY_ROOT, 1, &visitor);
}

static kfix_status add_chunks(kfix *k, const kfix_real *theta, const kfix_batch *batch) {
  const double part = 1 / kfix_mass(k, 0, batch->rows);
  const kfix_direction *d = k->method->direction;
  for (size_t first = 0; first < batch->rows; first += k->net->chunk) {
    const size_t rows = kfix_chunk_rows(k, first, batch->rows);
    const adding how = {part, first == 0};
    const kfix_visitor visitor = {add_slice, &how, KFIX_HAND_STANDING};
    KFIX_TRY(kfix_load_rows(k, batch, first, rows, 1));
    KFIX_TRY(kfix_forward(k, theta, rows));
    if (kfix_net_has_norms(k->net)) KFIX_TRY(kfix_add_running(k, rows, batch->rows));
    KFIX_TRY(kfix_add_loss(k, rows));
    KFIX_TRY(add_statistics(k, theta, first, rows));
    if (d && d->hold) KFIX_TRY(d->hold(k, theta, first, rows));
    KFIX_TRY(kfix_backward(k, theta, rows, kfix_targets(k), KFIX_WEIGH_BY_WEIGHT, &visitor));
  }
  return KFIX_OK;
}

/* Reads the sums back and finds what is not finite, in the order of cause and effect. */
static kfix_status take_stock(kfix *k, size_t rows) {
  double slot[KFIX_SLOT_NET_COUNT];
  KFIX_TRY(kfix_read_slots(k, 0, KFIX_SLOT_NET_COUNT, slot));
  kfix_report *r = &k->report;
  const double mass = kfix_mass(k, 0, rows);
  r->loss = slot[KFIX_SLOT_LOSS] / mass;
  r->error = slot[KFIX_SLOT_ERROR] / mass;
  r->objective = r->loss + k->options.weight_decay / 2 * slot[KFIX_SLOT_THETA2];
  r->value = slot[KFIX_SLOT_BAD_DATA];
  if (r->value != 0) return KFIX_DATA_NONFINITE;
  r->value = r->objective;
  if (!isfinite(r->value)) return KFIX_LOSS_NONFINITE;
  r->value = slot[KFIX_SLOT_BAD_GRADIENT];
  if (r->value != 0) return KFIX_GRADIENT_NONFINITE;
  r->value = slot[KFIX_SLOT_BAD_STATISTICS];
  return r->value != 0 ? KFIX_STATISTICS_NONFINITE : KFIX_OK;
}

kfix_status kfix_gradient(kfix *k, const kfix_real *theta, const kfix_batch *batch, int fresh) {
  const kfix_curvature *c = k->method->curvature;
  k->report.rows = batch->rows;
  KFIX_TRY(kfix_clear_slots(k));
  KFIX_TRY(kfix_begin_phase(k, batch, fresh));
  if (fresh) KFIX_TRY(c->begin(k, &k->phase));
  if (kfix_net_has_norms(k->net)) KFIX_TRY(kfix_begin_running(k));
  KFIX_TRY(add_chunks(k, theta, batch));
  if (kfix_net_has_norms(k->net)) KFIX_TRY(kfix_finish_running(k));
  if (fresh) KFIX_TRY(c->finish(k));
  KFIX_RUN(k, decay, k->parameters, (kfix_real)k->options.weight_decay, theta,
           k->buffer[KFIX_NET_GRADIENT].at[0], kfix_slot_at(k, KFIX_SLOT_BAD_GRADIENT),
           kfix_slot_at(k, KFIX_SLOT_THETA2));
  return take_stock(k, batch->rows);
}
