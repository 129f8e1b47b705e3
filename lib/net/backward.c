/* SPDX-License-Identifier: Apache-2.0
 * Backward pass, and the sampled targets of the true Fisher [KFAC 5]. */
#include "core/arithmetic.h"
#include "net/net.h"

/* From the gradient with respect to z to that with respect to the last node's s, weighed. */
static kfix_status weigh_output(kfix *k, size_t rows, kfix_weighing how) {
  const uint32_t last = k->net->node_count;
  const kfix_rows z = kfix_z(k), g = kfix_delta(k, last);
  const size_t cols = k->node[last].units;
  KFIX_RUN(k, differentiate, k->node[last].activation, rows, cols, z.at, z.ld, g.at, g.ld);
  if (!k->weights || how == KFIX_WEIGH_NOT) return KFIX_OK;
  /* y, if it was drawn, is no longer needed where the weights go. */
  KFIX_TRY(kfix_put_weights(k, 0, rows, how));
  return kfix_scale_rows(k, rows, cols, g, g);
}

/* All that read the node have added to its DELTA what they know of dL/da. */
static kfix_status through_activation(kfix *k, uint32_t place, size_t rows) {
  const kfix_rows a = kfix_out(k, place), g = kfix_delta(k, place);
  KFIX_RUN(k, differentiate, k->node[place].activation, rows, k->node[place].units, a.at, a.ld,
           g.at, g.ld);
  return KFIX_OK;
}

kfix_status kfix_put_or_add(kfix *k, int first, size_t rows, size_t cols, kfix_rows x,
                            kfix_rows out) {
  if (first)
    KFIX_RUN(k, copy, rows, cols, x.at, x.ld, out.at, out.ld);
  else
    KFIX_RUN(k, add, rows, cols, out.at, out.ld, x.at, x.ld, out.at, out.ld);
  return KFIX_OK;
}

kfix_status kfix_backward_from(kfix *k, const kfix_real *theta, size_t rows, kfix_weighing how,
                               int again, const kfix_visitor *visitor) {
  kfix_slice slice[2] = {{0}};
  const uint32_t last = k->net->node_count;
  KFIX_TRY(weigh_output(k, rows, how));
  k->deltas_stand = 1;
  for (uint32_t place = last; place > 0; place--) {
    const kfix_node *n = &k->node[place];
    const kfix_kind_info *kind = kfix_kind_infos[n->spec->kind];
    if (place < last) KFIX_TRY(through_activation(k, place, rows));
    if (n->block != KFIX_NO_BLOCK && visitor->visit) {
      kfix_slice *own = &slice[n->block % 2];
      const kfix_slice *above = k->chain && place < last ? &slice[(n->block + 1) % 2] : NULL;
      *own = kfix_standing(k, n->block, rows);
      own->above = above;
      own->again = again;
      KFIX_TRY(kind->each_slice(k, own, visitor));
    }
    KFIX_TRY(kind->backward(k, place, theta, rows));
  }
  return KFIX_OK;
}

kfix_status kfix_backward(kfix *k, const kfix_real *theta, size_t rows, kfix_rows y,
                          kfix_weighing how, const kfix_visitor *visitor) {
  const kfix_rows z = kfix_z(k), g = kfix_delta(k, k->net->node_count);
  KFIX_RUN(k, residual, k->net->loss, rows, kfix_net_outputs(k->net), z.at, z.ld, y.at, y.ld, g.at,
           g.ld);
  return kfix_backward_from(k, theta, rows, how, 0, visitor);
}

kfix_status kfix_sample_targets(kfix *k, size_t first, size_t rows, kfix_rows *y) {
  const kfix_draw_key key = {k->options.seed, KFIX_DRAW_TARGETS, (uint32_t)k->now.step, 0};
  KFIX_TRY(kfix_mean(k, rows, y));
  KFIX_RUN(k, sample, k->net->loss, &key, first, rows, kfix_net_outputs(k->net), y->at, y->ld,
           y->at, y->ld);
  return KFIX_OK;
}
