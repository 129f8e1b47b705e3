/* SPDX-License-Identifier: Apache-2.0
 * Any curvature at work on examples that the caller brings. */
#include <math.h>

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "kfix.h"
#include "net/visit.h"

static kfix_status to_device(const kfix *k, const kfix_real *x, size_t rows, size_t cols,
                             kfix_rows out) {
  for (size_t r = 0; r < rows; r++)
    KFIX_RUN(k, upload, out.at + r * out.ld, x + r * cols, cols * sizeof *x);
  return KFIX_OK;
}

/* Of a dense node, or of a convolution. */
static int is_one_block(const kfix *k) {
  if (!k || k->net->node_count != 1 || !k->method->curvature) return 0;
  return !k->node[1].spec->each && !k->node[1].spec->moments;
}

/* What it reads of an example: abar, or an image. */
static size_t seen_by(const kfix *k) {
  return k->block[0].windowed ? k->net->inputs : k->block[0].cols;
}

static kfix_slice slice_of(const kfix *k, size_t rows) {
  return kfix_standing(k, 0, rows);
}

/* As an attempt of a step begins. */
static void begin_call(kfix *k) {
  for (int i = 0; i < KFIX_GROUP_STATES; i++) k->changed[i] = 0;
  k->weights = NULL;
  k->next = k->now;
}

/* A refresh is due when the caller wants one. */
static kfix_phase phase_of(const kfix *k, size_t rows, double decay, double gamma) {
  const size_t most = kfix_net_stats_rows(k->net);
  const size_t taken = k->method->curvature->at_once ? kfix_smaller(rows, most) : rows;
  return (kfix_phase){.fresh = 1,
                      .due = gamma >= 0,
                      .decay = decay,
                      .rows = taken,
                      .mass = (double)taken,
                      .gamma = gamma};
}

static kfix_status add_slice(kfix *k, const kfix_slice *s, const void *rows) {
  return kfix_add_weights(k, s, 1 / (double)*(const size_t *)rows, s->first > 0,
                          k->buffer[KFIX_NET_GRADIENT].at[0]);
}

/* The gradient of the rows, E[g abar^T], for a method that looks at it. */
static kfix_status average_rows(kfix *k, size_t rows) {
  const kfix_visitor visitor = {add_slice, &rows, KFIX_HAND_STANDING};
  const kfix_slice all = slice_of(k, rows);
  return kfix_each_slice(k, &all, &visitor);
}

/* What of the statistics is not finite, so far. */
static kfix_status check_statistics(const kfix *k) {
  double bad;
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BAD_STATISTICS, 1, &bad));
  return bad == 0 ? KFIX_OK : KFIX_STATISTICS_NONFINITE;
}

static kfix_status absorb_slice(kfix *k, const kfix_slice *s, const void *phase) {
  return k->method->curvature->absorb(k, s, phase);
}

static kfix_status rescale_slice(kfix *k, const kfix_slice *s, const void *phase) {
  return k->method->curvature->rescale(k, s, phase);
}

static kfix_status absorb_rows(kfix *k, size_t rows, const kfix_phase *phase, const kfix_real *abar,
                               const kfix_real *g) {
  const kfix_curvature *c = k->method->curvature;
  const kfix_slice taken = slice_of(k, phase->rows);
  const kfix_visitor visitor = {absorb_slice, phase, kfix_handing_of(k)};
  KFIX_TRY(to_device(k, abar, rows, seen_by(k), taken.abar));
  KFIX_TRY(to_device(k, g, rows, k->node[1].units, taken.g));
  k->next.stats_count++;
  k->report.decay = phase->decay;
  k->report.stats_rows = phase->rows;
  k->report.stats_refreshed = 1;
  KFIX_TRY(c->begin(k, phase));
  KFIX_TRY(kfix_each_slice(k, &taken, &visitor));
  KFIX_TRY(c->finish(k));
  return check_statistics(k);
}

static kfix_status refresh(kfix *k, const kfix_phase *phase) {
  const kfix_curvature *c = k->method->curvature;
  const kfix_slice taken = slice_of(k, phase->rows);
  const kfix_visitor visitor = {rescale_slice, phase, kfix_handing_of(k)};
  k->next.gamma = phase->gamma;
  KFIX_TRY(c->refresh(k, phase));
  if (c->rescale) KFIX_TRY(kfix_each_slice(k, &taken, &visitor));
  k->next.stale = 0;
  return KFIX_OK;
}

/* Of all that was written. */
static kfix_status check_finite(kfix *k) {
  for (uint32_t i = 0; i < kfix_block_regions(k->method); i++) {
    const kfix_buffer *b = &k->block[0].own[i];
    if (b->count == 0 || b->group >= KFIX_GROUP_STATES || !k->changed[b->group]) continue;
    KFIX_RUN(k, nonfinite, 1, b->count, kfix_spare(k, b), b->count,
             kfix_slot_at(k, KFIX_SLOT_BAD_STATISTICS));
  }
  return check_statistics(k);
}

static kfix_status attempt(kfix *k, size_t rows, const kfix_phase *phase, const kfix_real *abar,
                           const kfix_real *g) {
  KFIX_TRY(kfix_clear_slots(k));
  KFIX_TRY(absorb_rows(k, rows, phase, abar, g));
  if (k->method->curvature->of_gradient) KFIX_TRY(average_rows(k, rows));
  if (phase->due) KFIX_TRY(refresh(k, phase));
  return check_finite(k);
}

kfix_status kfix_block_absorb(kfix *k, size_t rows, double decay, const kfix_real *abar,
                              const kfix_real *g, double gamma) {
  if (!is_one_block(k) || !abar || !g || rows == 0 || rows > k->net->chunk) return KFIX_ARGUMENT;
  if (!(decay >= 0 && decay < 1) || isnan(gamma)) return KFIX_ARGUMENT;
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  begin_call(k);
  const kfix_phase phase = phase_of(k, rows, decay, gamma);
  const kfix_status status = attempt(k, rows, &phase, abar, g);
  k->report.status = status;
  if (status != KFIX_OK) return status;
  for (int i = 0; i < KFIX_GROUP_STATES; i++)
    if (k->changed[i]) k->current[i] = (uint8_t)!k->current[i];
  k->now = k->next;
  return KFIX_OK;
}

kfix_status kfix_block_apply(kfix *k, const kfix_real *v, kfix_real *u) {
  if (!is_one_block(k) || !v || !u) return KFIX_ARGUMENT;
  const size_t bytes = (size_t)k->block[0].out * k->block[0].cols * sizeof *v;
  const kfix_phase phase = {.gamma = k->now.gamma};
  kfix_real *from = k->buffer[KFIX_NET_GRADIENT].at[0];
  kfix_real *to = kfix_spare(k, &k->own[KFIX_OWN_UPDATE]);
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  begin_call(k);
  KFIX_RUN(k, upload, from, v, bytes);
  KFIX_TRY(k->method->curvature->apply(k, &phase, 1, from, 0, to));
  KFIX_RUN(k, download, u, to, bytes);
  return KFIX_OK;
}
