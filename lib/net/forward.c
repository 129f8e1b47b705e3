/* SPDX-License-Identifier: Apache-2.0
 * Forward pass, predictions and loss. */
#include "core/arithmetic.h"
#include "net/net.h"

kfix_status kfix_forward(kfix *k, const kfix_real *theta, size_t rows) {
  const uint32_t depth = k->net->depth;
  for (uint32_t i = 0; i < depth; i++) {
    const kfix_layer *l = &k->layer[i];
    const kfix_rows in = kfix_abar(k, i);
    const kfix_rows out = i + 1 < depth ? kfix_abar(k, i + 1) : kfix_outputs(k, KFIX_NET_OUTPUT);
    const size_t cols = (size_t)l->in + 1;
    KFIX_RUN(k, gemm, KFIX_N, KFIX_T, rows, l->out, cols, 1, in.at, in.ld, theta + l->w, cols, 0,
             out.at, out.ld);
    KFIX_RUN(k, activate, l->activation, rows, l->out, out.at, out.ld);
  }
  return KFIX_OK;
}

kfix_status kfix_mean(kfix *k, size_t rows, kfix_rows *p) {
  const kfix_rows z = kfix_outputs(k, KFIX_NET_OUTPUT);
  *p = kfix_outputs(k, KFIX_NET_MEAN);
  KFIX_RUN(k, predict, k->net->loss, rows, kfix_net_outputs(k->net), z.at, z.ld, p->at, p->ld);
  return KFIX_OK;
}

kfix_status kfix_add_loss(kfix *k, size_t rows) {
  if (k->weights) return kfix_add_weighted_loss(k, rows);
  const kfix_rows z = kfix_outputs(k, KFIX_NET_OUTPUT), w = kfix_outputs(k, KFIX_NET_MEAN);
  const kfix_rows y = kfix_targets(k);
  KFIX_RUN(k, loss, k->net->loss, rows, kfix_net_outputs(k->net), z.at, z.ld, y.at, y.ld, w.at,
           w.ld, kfix_slot_at(k, KFIX_SLOT_LOSS));
  return KFIX_OK;
}

kfix_status kfix_add_batch_loss(kfix *k, const kfix_real *theta, const kfix_batch *batch) {
  for (size_t first = 0; first < batch->rows; first += k->net->chunk) {
    const size_t rows = kfix_chunk_rows(k, first, batch->rows);
    KFIX_TRY(kfix_load_rows(k, batch, first, rows, 1));
    KFIX_TRY(kfix_forward(k, theta, rows));
    KFIX_TRY(kfix_add_loss(k, rows));
  }
  return KFIX_OK;
}
