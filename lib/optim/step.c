/* SPDX-License-Identifier: Apache-2.0
 * A step is a transaction: the rule writes spare copies and `next`; only when all is found in order
 * are they made current. */
#include <math.h>

#include "core/arithmetic.h"
#include "kfix.h"
#include "net/net.h"
#include "optim/damping.h"
#include "optim/rules.h"

void kfix_begin_anew(kfix *k) {
  k->next = k->now;
  for (int i = 0; i < KFIX_GROUP_STATES; i++) k->changed[i] = 0;
}

static void begin_attempt(kfix *k, uint32_t attempt, uint32_t retries) {
  kfix_begin_anew(k);
  if (attempt > 0 && k->first_lambda > 0) kfix_start_damping(k, k->first_lambda);
  kfix_begin_damping(k, attempt);
  const kfix_report fresh = {.step = k->now.step + 1,
                             .retries = retries,
                             .trials = attempt > 0 ? k->report.trials : 0,
                             .eta = k->options.weight_decay,
                             .nu = 1,
                             .rho = NAN};
  k->report = fresh;
}

static kfix_status count_bad(kfix *k, const kfix_buffer *b, kfix_group group, kfix_slot slot) {
  if (b->group != group || b->count == 0 || !k->changed[group]) return KFIX_OK;
  KFIX_RUN(k, nonfinite, 1, b->count, kfix_spare(k, b), b->count, kfix_slot_at(k, slot));
  return KFIX_OK;
}

/* All that the step is about to commit must be finite: parameters, which the rule has counted, an
 * inverse and scalings when they are new. Statistics were looked at when they were complete, and none
 * was bad. */
static kfix_status check_update(kfix *k) {
  double bad[KFIX_SLOT_NET_COUNT];
  for (uint32_t i = 0; i < k->depth; i++)
    for (uint32_t j = 0; j < kfix_block_regions(k->method); j++) {
      const kfix_buffer *b = &k->block[i].own[j];
      KFIX_TRY(count_bad(k, b, KFIX_GROUP_INVERSE, KFIX_SLOT_BAD_THETA));
      KFIX_TRY(count_bad(k, b, KFIX_GROUP_SCALINGS, KFIX_SLOT_BAD_STATISTICS));
    }
  KFIX_TRY(kfix_read_slots(k, 0, KFIX_SLOT_NET_COUNT, bad));
  k->report.value = bad[KFIX_SLOT_BAD_STATISTICS];
  if (k->report.value != 0) return KFIX_STATISTICS_NONFINITE;
  k->report.value = bad[KFIX_SLOT_BAD_THETA];
  return k->report.value != 0 ? KFIX_UPDATE_NONFINITE : KFIX_OK;
}

static int buffers_intact(const kfix_buffer *buffers, uint32_t count) {
  int intact = 1;
  for (uint32_t i = 0; i < count; i++) intact = intact && kfix_guard_intact(&buffers[i]);
  return intact;
}

static kfix_status check_guards(const kfix *k) {
  if (!k->device.port->is_host) return KFIX_OK;
  int intact = buffers_intact(k->buffer, KFIX_NET_REGION_COUNT) &&
               buffers_intact(k->own, kfix_net_regions(k->method));
  for (uint32_t i = 0; i < k->depth; i++)
    intact = intact && buffers_intact(k->block[i].own, kfix_block_regions(k->method));
  for (uint32_t place = 0; place <= k->net->node_count; place++)
    for (int which = 0; which < KFIX_NODE_REGION_COUNT; which++) {
      const kfix_buffer b = kfix_node_buffer(k, place, which);
      intact = intact && kfix_guard_intact(&b);
    }
  return intact ? KFIX_OK : KFIX_GUARD;
}

static kfix_status run_rule(kfix *k, const kfix_batch *batch) {
  KFIX_TRY(k->method->rule->step(k, batch));
  k->changed[KFIX_GROUP_PARAMETERS] = 1;
  return check_update(k);
}

/* A damaged guard word is told before any other failure, which it may have caused. */
static kfix_status attempt(kfix *k, const kfix_batch *batch) {
  kfix_status arithmetic = kfix_arithmetic_still_holds(k->device.crew), status = KFIX_OK;
  if (arithmetic != KFIX_OK) return arithmetic;
  KFIX_TRY(kfix_take_weights(k, batch));
  status = run_rule(k, batch);
  /* The caller's fetch may have changed the processor's state. */
  arithmetic = kfix_arithmetic_still_holds(k->device.crew);
  const kfix_status guards = check_guards(k);
  if (guards != KFIX_OK) return guards;
  return arithmetic == KFIX_OK ? status : arithmetic;
}

static void commit(kfix *k) {
  for (int i = 0; i < KFIX_GROUP_STATES; i++)
    if (k->changed[i]) k->current[i] = (uint8_t)!k->current[i];
  k->next.step++;
  k->now = k->next;
  k->report.stats_count = k->now.stats_count;
  k->report.inverse_step = k->now.inverse_step;
}

/* What more damping can mend. */
static int mendable(const kfix *k, kfix_status status) {
  return k->method->direction && (status == KFIX_NOT_POSITIVE || status == KFIX_NOT_CONVERGED ||
                                  status == KFIX_REFUSED || status == KFIX_UPDATE_NONFINITE);
}

kfix_status kfix_step(kfix *k, const kfix_batch *batch, kfix_report *report) {
  if (!k || !batch || !batch->fetch || batch->rows == 0) return KFIX_ARGUMENT;
  kfix_status status = KFIX_OK;
  uint32_t failed_layer = 0, failed = 0;
  double failed_value = 0;
  k->first_lambda = 0;
  for (uint32_t n = 0; failed <= k->options.retries; n++) {
    begin_attempt(k, n, failed);
    status = attempt(k, batch);
    if (status == KFIX_OK) break;
    failed = k->report.retries + 1;
    failed_layer = k->report.layer;
    failed_value = k->report.value;
    if (!mendable(k, status)) break;
  }
  if (status == KFIX_OK) commit(k);
  k->report.status = status;
  k->report.layer = failed_layer;
  k->report.value = failed_value;
  if (report) *report = k->report;
  return status;
}
