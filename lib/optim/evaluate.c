/* SPDX-License-Identifier: Apache-2.0
 * Scores and predictions, of the iterate or of its average. State is only read. */
#include <math.h>

#include "core/arithmetic.h"
#include "kfix.h"
#include "net/net.h"

static const kfix_real *iterate_of(const kfix *k, kfix_iterate which) {
  return kfix_current(k, &k->buffer[which == KFIX_ITERATE ? KFIX_NET_THETA : KFIX_NET_AVERAGE]);
}

static int usable(const kfix *k, const kfix_batch *batch) {
  return k && batch && batch->fetch && batch->rows > 0;
}

static kfix_status evaluate(kfix *k, kfix_iterate which, const kfix_batch *batch,
                            kfix_score *score) {
  double slot[KFIX_SLOT_NET_COUNT];
  const kfix_real *theta = iterate_of(k, which);
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  KFIX_TRY(kfix_take_weights(k, batch));
  KFIX_TRY(kfix_clear_slots(k));
  KFIX_TRY(kfix_add_batch_loss(k, theta, batch));
  KFIX_RUN(k, dot, k->parameters, theta, theta, kfix_slot_at(k, KFIX_SLOT_THETA2));
  KFIX_TRY(kfix_read_slots(k, 0, KFIX_SLOT_NET_COUNT, slot));
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  if (slot[KFIX_SLOT_BAD_DATA] != 0) return KFIX_DATA_NONFINITE;
  const double mass = kfix_mass(k, 0, batch->rows);
  score->loss = slot[KFIX_SLOT_LOSS] / mass;
  score->error = slot[KFIX_SLOT_ERROR] / mass;
  score->objective = score->loss + k->options.weight_decay / 2 * slot[KFIX_SLOT_THETA2];
  return isfinite(score->objective) ? KFIX_OK : KFIX_LOSS_NONFINITE;
}

kfix_status kfix_evaluate(kfix *k, kfix_iterate which, const kfix_batch *batch, kfix_score *score) {
  if (!usable(k, batch) || !score) return KFIX_ARGUMENT;
  k->in_use = 1;
  const kfix_status status = evaluate(k, which, batch, score);
  k->in_use = 0;
  return status;
}

static kfix_status predict(kfix *k, kfix_iterate which, const kfix_batch *batch, kfix_real *p,
                           size_t ldp) {
  const size_t row_bytes = kfix_net_outputs(k->net) * sizeof *p;
  double bad;
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  KFIX_TRY(kfix_clear_slots(k));
  for (size_t first = 0; first < batch->rows; first += k->net->chunk) {
    const size_t rows = kfix_chunk_rows(k, first, batch->rows);
    kfix_rows mean;
    KFIX_TRY(kfix_load_rows(k, batch, first, rows, 0));
    KFIX_TRY(kfix_forward(k, iterate_of(k, which), rows));
    KFIX_TRY(kfix_mean(k, rows, &mean));
    for (size_t r = 0; r < rows; r++)
      KFIX_RUN(k, download, p + (first + r) * ldp, mean.at + r * mean.ld, row_bytes);
  }
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BAD_DATA, 1, &bad));
  KFIX_TRY(kfix_arithmetic_still_holds(k->device.crew));
  return bad == 0 ? KFIX_OK : KFIX_DATA_NONFINITE;
}

kfix_status kfix_predict(kfix *k, kfix_iterate which, const kfix_batch *batch, kfix_real *p,
                         size_t ldp) {
  if (!usable(k, batch) || !p || ldp < kfix_net_outputs(k->net)) return KFIX_ARGUMENT;
  k->in_use = 1;
  const kfix_status status = predict(k, which, batch, p, ldp);
  k->in_use = 0;
  return status;
}
