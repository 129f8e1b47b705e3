/* SPDX-License-Identifier: Apache-2.0
 * block: the product with the curvature's inverse, block by block. */
#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "direction/direction.h"
#include "net/visit.h"

static kfix_status rescale(kfix *k, const kfix_slice *slice, const void *phase) {
  return k->method->curvature->rescale(k, slice, phase);
}

kfix_status kfix_block_refresh(kfix *k, const kfix_batch *batch, const kfix_phase *phase) {
  const kfix_curvature *c = k->method->curvature;
  const kfix_visitor visitor = {rescale, phase, kfix_handing_of(k)};
  KFIX_TRY(c->refresh(k, phase));
  if (!phase->again && c->rescale && phase->fresh) KFIX_TRY(kfix_visit_subset(k, batch, &visitor));
  k->phase.again = 1;
  k->next.inverse_step = k->now.step + 1;
  k->next.stale = 0;
  return KFIX_OK;
}

/* The gradient is of low rank if it has no weight decay and its examples, all of one weight, stand in one
 * row block, a bound that does not depend on the chunk, so neither do the bits. */
static size_t low_rank(const kfix *k, const kfix_batch *batch) {
  const int is_low = k->options.weight_decay == 0 && batch->rows <= k->net->row_block &&
                     !k->weights && k->deltas_stand;
  return is_low ? batch->rows : 0;
}

kfix_status kfix_block_make(kfix *k, const kfix_batch *batch, const kfix_phase *phase,
                            kfix_real *out, kfix_made *made) {
  *made = kfix_made_plainly(phase);
  /* What directions are made in holds anything: what a failed attempt left, too. */
  for (uint32_t i = 0; i < k->depth; i++) KFIX_TRY(kfix_clear_padding(k, &k->block[i], out));
  return k->method->curvature->apply(k, phase, -1, k->buffer[KFIX_NET_GRADIENT].at[0],
                                     low_rank(k, batch), out);
}

const kfix_direction kfix_direction_block = {
    .refresh = kfix_block_refresh, .make = kfix_block_make, .of_gamma = 1};
