/* SPDX-License-Identifier: Apache-2.0
 * A block of the Fisher matrix outside of training: the examples behind a layer's block, and any
 * curvature at work on examples that the caller brings. */
#include <math.h>

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "kfix.h"
#include "net/net.h"
#include "optim/natural.h"

/* The backward pass leaves every layer's DELTA standing; nothing is to be done on the way. */
static kfix_status pass_by(kfix *k, uint32_t layer, size_t rows, double weight) {
  (void)k;
  (void)layer;
  (void)rows;
  (void)weight;
  return KFIX_OK;
}

static kfix_status to_host(const kfix *k, kfix_rows x, size_t rows, size_t cols, kfix_real *out) {
  for (size_t r = 0; r < rows; r++)
    KFIX_RUN(k, download, out + r * cols, x.at + r * x.ld, cols * sizeof *out);
  return KFIX_OK;
}

static kfix_status to_device(const kfix *k, const kfix_real *x, size_t rows, size_t cols,
                             kfix_rows out) {
  for (size_t r = 0; r < rows; r++)
    KFIX_RUN(k, upload, out.at + r * out.ld, x + r * cols, cols * sizeof *x);
  return KFIX_OK;
}

kfix_status kfix_examples(kfix *k, const kfix_batch *batch, uint32_t layer, kfix_real *abar,
                          kfix_real *g) {
  if (!k || !batch || !batch->fetch || !abar || !g || layer < 1 || layer > k->net->depth)
    return KFIX_ARGUMENT;
  const size_t in = (size_t)k->layer[layer - 1].in + 1, out = k->layer[layer - 1].out;
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  double bad;
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  KFIX_TRY(kfix_clear_slots(k));
  for (size_t first = 0; first < batch->rows; first += k->net->chunk) {
    const size_t rows = kfix_chunk_rows(k, first, batch->rows);
    kfix_rows y = kfix_targets(k);
    KFIX_TRY(kfix_load_rows(k, batch, first, rows, 1));
    KFIX_TRY(kfix_forward(k, theta, rows));
    if (k->options.fisher == KFIX_FISHER_TRUE) KFIX_TRY(kfix_sample_targets(k, first, rows, &y));
    KFIX_TRY(kfix_backward(k, theta, rows, y, KFIX_WEIGH_NOT, pass_by, 0));
    KFIX_TRY(to_host(k, kfix_abar(k, layer - 1), rows, in, abar + first * in));
    KFIX_TRY(to_host(k, kfix_delta(k, layer - 1), rows, out, g + first * out));
  }
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BAD_DATA, 1, &bad));
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  return bad == 0 ? KFIX_OK : KFIX_DATA_NONFINITE;
}

/* ---- any curvature on the caller's examples ---- */

static int is_one_block(const kfix *k) {
  return k && k->net->depth == 1 && k->method->curvature;
}

/* As an attempt of a step begins. A refresh is due when the caller wants one and only then
 * (kfix_refresh_due): past the first steps, at none that the schedule names. The trainer takes no
 * steps of its own. */
static void begin_call(kfix *k, int stale) {
  for (int i = 0; i < KFIX_GROUP_STATES; i++) k->changed[i] = 0;
  k->weights = NULL;
  k->now.step = 3;
  k->options.inverse_every = 5;
  k->next = k->now;
  k->next.stale = (uint32_t)stale;
  k->gamma = k->next.gamma;
}

/* The gradient of the rows, E[g abar^T], for a method that looks at it. */
static kfix_status average_rows(kfix *k, size_t rows) {
  const size_t in = (size_t)k->layer[0].in + 1, out = k->layer[0].out;
  return kfix_add_product(k, out, in, rows, 1 / (double)rows, kfix_delta(k, 0), kfix_abar(k, 0), 0,
                          k->buffer[KFIX_NET_GRADIENT].at[0], in);
}

/* What of the statistics is not finite, so far. */
static kfix_status check_statistics(const kfix *k) {
  double bad;
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BAD_STATISTICS, 1, &bad));
  return bad == 0 ? KFIX_OK : KFIX_STATISTICS_NONFINITE;
}

static kfix_status absorb_rows(kfix *k, size_t rows, double decay, const kfix_real *abar,
                               const kfix_real *g) {
  const kfix_curvature *c = k->method->curvature;
  const size_t in = (size_t)k->layer[0].in + 1, out = k->layer[0].out;
  KFIX_TRY(to_device(k, abar, rows, in, kfix_abar(k, 0)));
  KFIX_TRY(to_device(k, g, rows, out, kfix_delta(k, 0)));
  k->next.stats_count++;
  k->report.decay = decay;
  k->report.stats_rows = rows;
  k->report.stats_refreshed = 1;
  KFIX_TRY(c->begin(k, decay, rows));
  const size_t taken = k->report.stats_rows;
  KFIX_TRY(c->absorb(k, 0, taken, (1 - decay) / (double)taken));
  KFIX_TRY(c->finish(k));
  return check_statistics(k);
}

static kfix_status refresh(kfix *k, double gamma) {
  const kfix_curvature *c = k->method->curvature;
  const size_t rows = k->report.stats_rows;
  k->gamma = k->next.gamma = gamma;
  KFIX_TRY(c->refresh(k, gamma));
  if (c->rescale) KFIX_TRY(c->rescale(k, 0, rows, (1 - k->report.decay) / (double)rows));
  k->next.stale = 0;
  return KFIX_OK;
}

/* Of all that was written. */
static kfix_status check_finite(kfix *k) {
  for (int i = KFIX_LAYER_CURVATURE; i < KFIX_LAYER_REGION_COUNT; i++) {
    const kfix_buffer *b = &k->layer[0].buffer[i];
    if (b->count == 0 || b->group >= KFIX_GROUP_STATES || !k->changed[b->group]) continue;
    KFIX_RUN(k, nonfinite, 1, b->count, kfix_spare(k, b), b->count,
             kfix_slot_at(k, KFIX_SLOT_BAD_STATISTICS));
  }
  return check_statistics(k);
}

static kfix_status attempt(kfix *k, size_t rows, double decay, const kfix_real *abar,
                           const kfix_real *g, double gamma) {
  KFIX_TRY(kfix_clear_slots(k));
  KFIX_TRY(absorb_rows(k, rows, decay, abar, g));
  if (k->method->curvature->of_gradient) KFIX_TRY(average_rows(k, rows));
  if (gamma >= 0) KFIX_TRY(refresh(k, gamma));
  return check_finite(k);
}

kfix_status kfix_block_absorb(kfix *k, size_t rows, double decay, const kfix_real *abar,
                              const kfix_real *g, double gamma) {
  if (!is_one_block(k) || !abar || !g || rows == 0 || rows > k->net->chunk) return KFIX_ARGUMENT;
  if (!(decay >= 0 && decay < 1) || isnan(gamma)) return KFIX_ARGUMENT;
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  const kfix_scalars before = k->now;
  begin_call(k, gamma >= 0);
  const kfix_status status = attempt(k, rows, decay, abar, g, gamma);
  k->report.status = status;
  if (status != KFIX_OK) {
    k->now = before;
    return status;
  }
  for (int i = 0; i < KFIX_GROUP_STATES; i++)
    if (k->changed[i]) k->current[i] = (uint8_t)!k->current[i];
  k->now = k->next;
  return KFIX_OK;
}

kfix_status kfix_block_apply(kfix *k, const kfix_real *v, kfix_real *u) {
  if (!is_one_block(k) || !v || !u) return KFIX_ARGUMENT;
  const size_t bytes = (size_t)k->layer[0].out * ((size_t)k->layer[0].in + 1) * sizeof *v;
  kfix_real *from = k->buffer[KFIX_NET_GRADIENT].at[0], *to = kfix_direction(k);
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  begin_call(k, 0);
  KFIX_RUN(k, upload, from, v, bytes);
  KFIX_TRY(k->method->curvature->apply(k, 1, from, 0, 0, to));
  KFIX_RUN(k, download, u, to, bytes);
  return KFIX_OK;
}
