/* SPDX-License-Identifier: Apache-2.0
 * Forward pass, predictions and loss. */
#include "core/arithmetic.h"
#include "net/net.h"

static const kfix_real *weights_of(const kfix *k, uint32_t place, const kfix_real *theta) {
  const uint32_t block = k->node[place].block;
  return block == KFIX_NO_BLOCK ? NULL : theta + k->block[block].w;
}

static kfix_status run_node(kfix *k, uint32_t place, const kfix_real *theta, size_t rows) {
  const kfix_node_spec *n = k->node[place].spec;
  const kfix_kind_info *kind = kfix_kind_infos[n->kind];
  if (kind->forward) return kind->forward(k, place, theta, rows);
  return kfix_kind_forms[n->kind]->forward(&k->device, k->net, n, weights_of(k, place, theta), rows,
                                           kfix_out(k, n->from), kfix_out(k, n->other),
                                           kfix_out(k, place));
}

kfix_status kfix_forward(kfix *k, const kfix_real *theta, size_t rows) {
  for (uint32_t place = 1; place <= k->net->node_count; place++) {
    const kfix_node *n = &k->node[place];
    const kfix_rows out = kfix_out(k, place);
    KFIX_TRY(run_node(k, place, theta, rows));
    KFIX_RUN(k, activate, n->activation, rows, n->units, out.at, out.ld);
  }
  return KFIX_OK;
}

kfix_status kfix_mean(kfix *k, size_t rows, kfix_rows *p) {
  const kfix_rows z = kfix_z(k);
  *p = kfix_mean_rows(k);
  KFIX_RUN(k, predict, k->net->loss, rows, kfix_net_outputs(k->net), z.at, z.ld, p->at, p->ld);
  return KFIX_OK;
}

kfix_status kfix_add_loss(kfix *k, size_t rows) {
  const kfix_rows z = kfix_z(k), w = kfix_mean_rows(k), y = kfix_targets(k);
  kfix_row_blocks blocks;
  KFIX_TRY(kfix_blocks_of(k, 0, rows, kfix_delta(k, k->net->node_count).at, &blocks));
  KFIX_RUN(k, loss, k->net->loss, rows, kfix_net_outputs(k->net), z.at, z.ld, y.at, y.ld, w.at,
           w.ld, blocks, kfix_slot_at(k, KFIX_SLOT_LOSS));
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
