/* SPDX-License-Identifier: Apache-2.0
 * One pass over a batch, chunk by chunk: loss, statistics, gradient. */
#include "optim/gradient.h"

#include <math.h>

#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "net/net.h"

size_t kfix_subset_of(const kfix *k, size_t rows, double fraction) {
  const double wanted = fraction * (double)rows;
  size_t part = (size_t)wanted;
  if ((double)part < wanted) part++;
  if (part < k->options.subset_rows) part = k->options.subset_rows;
  return part < rows ? part : rows;
}

static kfix_status add_to_gradient(kfix *k, uint32_t layer, size_t rows, double weight,
                                   kfix_real beta) {
  const kfix_layer *l = &k->layer[layer];
  const size_t cols = (size_t)l->in + 1;
  return kfix_add_product(k, l->out, cols, rows, weight, kfix_delta(k, layer), kfix_abar(k, layer),
                          beta, k->buffer[KFIX_NET_GRADIENT].at[0] + l->w, cols);
}

/* The first chunk begins the gradient, the others add to it. Its padding is cleared too: an image that
 * was tampered with may have brought some into theta. */
static kfix_status begin_gradient(kfix *k, uint32_t layer, size_t rows, double weight) {
  const kfix_layer *l = &k->layer[layer];
  const size_t used = l->out * ((size_t)l->in + 1), padding = KFIX_W_COUNT(l->in, l->out) - used;
  kfix_real *w = k->buffer[KFIX_NET_GRADIENT].at[0] + l->w;
  if (padding) KFIX_RUN(k, fill, 1, padding, 0, w + used, padding);
  return add_to_gradient(k, layer, rows, weight, 0);
}

static kfix_status add_gradient(kfix *k, uint32_t layer, size_t rows, double weight) {
  return add_to_gradient(k, layer, rows, weight, 1);
}

/* Of the `rows` rows of the chunk at `first`, so many belong to S1. */
static size_t stats_rows_in(const kfix *k, size_t first, size_t rows) {
  if (first >= k->report.stats_rows) return 0;
  const size_t left = k->report.stats_rows - first;
  return left < rows ? left : rows;
}

/* The observer looks at host memory: rows of a device come down one by one. */
static kfix_status show_targets(kfix *k, size_t first, size_t rows, kfix_rows y) {
  kfix_real *row = k->buffer[KFIX_NET_ROW].at[0];
  const size_t bytes = kfix_net_outputs(k->net) * sizeof *row;
  const kfix_observer *o = &k->observer;
  if (k->device.port->is_host) o->targets(o->context, first, rows, y.at, y.ld);
  for (size_t r = 0; r < rows && !k->device.port->is_host; r++) {
    KFIX_RUN(k, download, row, y.at + r * y.ld, bytes);
    o->targets(o->context, first + r, 1, row, y.ld);
  }
  return KFIX_OK;
}

/* The part of S1 that stands in the chunk at `first`: its targets, a backward pass, and the
 * curvature's visit to each layer. */
static kfix_status visit_statistics(kfix *k, const kfix_real *theta, size_t first, size_t rows,
                                    int observed, kfix_visit_layer *visit) {
  const double weight = (1 - k->report.decay) / kfix_mass(k, 0, k->report.stats_rows);
  kfix_rows y = kfix_targets(k);
  if (k->options.fisher == KFIX_FISHER_TRUE) {
    KFIX_TRY(kfix_sample_targets(k, first, rows, &y));
    if (k->observer.targets && observed) KFIX_TRY(show_targets(k, first, rows, y));
  }
  return kfix_backward(k, theta, rows, y, KFIX_WEIGH_BY_ROOT, visit, weight);
}

static kfix_status add_statistics(kfix *k, const kfix_real *theta, size_t first, size_t rows) {
  const size_t part = stats_rows_in(k, first, rows);
  return part ? visit_statistics(k, theta, first, part, 1, k->method->curvature->absorb) : KFIX_OK;
}

/* Statistics keep eps = min(1 - 1/k, decay) of the past [KFAC 5]. */
static kfix_status begin_statistics(kfix *k, size_t rows) {
  const double fading = 1 - 1 / ((double)k->now.stats_count + 1);
  k->report.decay = fading < k->options.decay ? fading : k->options.decay;
  k->report.stats_rows = kfix_subset_of(k, rows, k->options.stats_fraction);
  k->report.stats_refreshed = 1;
  k->next.stats_count = k->now.stats_count + 1;
  KFIX_TRY(k->method->curvature->begin(k, k->report.decay, k->report.stats_rows));
  return kfix_mass(k, 0, k->report.stats_rows) > 0 ? KFIX_OK : KFIX_WEIGHTS;
}

static kfix_status add_chunks(kfix *k, const kfix_real *theta, const kfix_batch *batch) {
  const double part = 1 / kfix_mass(k, 0, batch->rows);
  for (size_t first = 0; first < batch->rows; first += k->net->chunk) {
    const size_t rows = kfix_chunk_rows(k, first, batch->rows);
    KFIX_TRY(kfix_load_rows(k, batch, first, rows, 1));
    KFIX_TRY(kfix_forward(k, theta, rows));
    KFIX_TRY(kfix_add_loss(k, rows));
    KFIX_TRY(add_statistics(k, theta, first, rows));
    KFIX_TRY(kfix_backward(k, theta, rows, kfix_targets(k), KFIX_WEIGH_BY_WEIGHT,
                           first ? add_gradient : begin_gradient, part));
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

kfix_status kfix_gradient(kfix *k, const kfix_real *theta, const kfix_batch *batch,
                          int with_statistics) {
  const size_t n = k->parameters;
  kfix_real *gradient = k->buffer[KFIX_NET_GRADIENT].at[0];
  k->report.rows = batch->rows;
  KFIX_TRY(kfix_clear_slots(k));
  if (with_statistics) KFIX_TRY(begin_statistics(k, batch->rows));
  KFIX_TRY(add_chunks(k, theta, batch));
  if (with_statistics) KFIX_TRY(k->method->curvature->finish(k));
  KFIX_RUN(k, decay, n, (kfix_real)k->options.weight_decay, theta, gradient,
           kfix_slot_at(k, KFIX_SLOT_BAD_GRADIENT), kfix_slot_at(k, KFIX_SLOT_THETA2));
  return take_stock(k, batch->rows);
}

/* Rows of the batch as kfix_gradient left the last chunk of them. */
static kfix_status load_chunk(kfix *k, const kfix_real *theta, const kfix_batch *batch,
                              size_t first) {
  const size_t rows = kfix_chunk_rows(k, first, batch->rows);
  KFIX_TRY(kfix_load_rows(k, batch, first, rows, 1));
  return kfix_forward(k, theta, rows);
}

kfix_status kfix_rescale(kfix *k, const kfix_batch *batch) {
  const kfix_real *theta = kfix_current(k, &k->buffer[KFIX_NET_THETA]);
  const size_t chunk = k->net->chunk;
  const int resident = batch->rows <= chunk;
  for (size_t first = 0; first < k->report.stats_rows; first += chunk) {
    if (!resident) KFIX_TRY(load_chunk(k, theta, batch, first));
    KFIX_TRY(visit_statistics(k, theta, first, stats_rows_in(k, first, chunk), 0,
                              k->method->curvature->rescale));
  }
  return resident ? KFIX_OK : load_chunk(k, theta, batch, (batch->rows - 1) / chunk * chunk);
}
