/* SPDX-License-Identifier: Apache-2.0
 * Running moments of normalisations. */
#include "core/arithmetic.h"
#include "net/norm.h"

kfix_status kfix_initialise_running(kfix *k) {
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_buffer *b = &k->node[k->block[i].node].running;
    if (b->count) KFIX_RUN(k, fill, b->count / 2, 1, 1, kfix_current(k, b) + 1, 2);
  }
  return KFIX_OK;
}

/* What a step's batch counts: all at the first step, for there was nothing. */
static double new_part(const kfix *k) {
  const double mean = 1 / ((double)k->now.step + 1), least = 1 - k->options.norm_decay;
  return mean > least ? mean : least;
}

kfix_status kfix_begin_running(kfix *k) {
  const kfix_real kept = (kfix_real)(1 - new_part(k));
  k->changed[KFIX_GROUP_MOMENTS] = 1;
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_buffer *b = &k->node[k->block[i].node].running;
    if (b->count) KFIX_RUN(k, axpby, b->count, kept, kfix_current(k, b), 0, NULL, kfix_spare(k, b));
  }
  return KFIX_OK;
}

static kfix_status add_groups(kfix *k, const kfix_node *n, size_t rows, size_t of_rows) {
  const size_t group = kfix_net_group(k->net);
  kfix_real *running = kfix_spare(k, &n->running);
  for (size_t first = 0; first < rows; first += group) {
    const double part = (double)kfix_smaller(group, rows - first) / (double)of_rows;
    KFIX_RUN(k, axpby, n->running.count, (kfix_real)(part * new_part(k)),
             n->moments.at + first / group * n->moments.ld, 1, running, running);
  }
  return KFIX_OK;
}

/* To whoever watches: the observer looks at host memory. */
static kfix_status show_groups(kfix *k, uint32_t layer, const kfix_node *n, size_t rows) {
  const kfix_observer *o = k->watch;
  const size_t group = kfix_net_group(k->net), count = n->running.count;
  kfix_real *row = k->buffer[KFIX_NET_ROW].at[0];
  for (size_t first = 0; o->vector && first < rows; first += group) {
    KFIX_RUN(k, download, row, n->moments.at + first / group * n->moments.ld, count * sizeof *row);
    o->vector(o->context, "moments", layer, (k->chunk_first + first) / group, row, count);
  }
  return KFIX_OK;
}

kfix_status kfix_add_running(kfix *k, size_t rows, size_t of_rows) {
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_node *n = &k->node[k->block[i].node];
    if (n->running.count == 0) continue;
    KFIX_TRY(add_groups(k, n, rows, of_rows));
    KFIX_TRY(show_groups(k, i + 1, n, rows));
  }
  return KFIX_OK;
}

kfix_status kfix_finish_running(kfix *k) {
  for (uint32_t i = 0; i < k->depth; i++) {
    const kfix_buffer *b = &k->node[k->block[i].node].running;
    if (b->count)
      KFIX_RUN(k, nonfinite, 1, b->count, kfix_spare(k, b), b->count,
               kfix_slot_at(k, KFIX_SLOT_BAD_STATISTICS));
  }
  return KFIX_OK;
}
