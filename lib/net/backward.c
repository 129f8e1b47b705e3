/* SPDX-License-Identifier: Apache-2.0
 * Backward pass, and the sampled targets of the true Fisher [KFAC 5]. */
#include "core/arithmetic.h"
#include "net/net.h"

/* The gradient of the loss with respect to the last layer's s. */
static kfix_status output_delta(kfix *k, size_t rows, kfix_rows y, kfix_weighing how) {
  const uint32_t last = k->net->depth - 1;
  const kfix_rows z = kfix_outputs(k, KFIX_NET_OUTPUT), g = kfix_delta(k, last);
  const size_t cols = k->layer[last].out;
  KFIX_RUN(k, residual, k->net->loss, rows, cols, z.at, z.ld, y.at, y.ld, g.at, g.ld);
  KFIX_RUN(k, differentiate, k->layer[last].activation, rows, cols, z.at, z.ld, g.at, g.ld);
  if (!k->weights || how == KFIX_WEIGH_NOT) return KFIX_OK;
  /* y, if it was drawn, is no longer needed where the weights go. */
  KFIX_TRY(kfix_put_weights(k, 0, rows, how));
  return kfix_scale_rows(k, rows, cols, g, g);
}

/* DELTA of the layer below from that of layer i: g W without its bias column, times phi'. */
static kfix_status delta_below(kfix *k, const kfix_real *theta, uint32_t i, size_t rows) {
  const kfix_layer *l = &k->layer[i];
  const kfix_rows g = kfix_delta(k, i), below = kfix_delta(k, i - 1), a = kfix_abar(k, i);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, rows, l->in, l->out, 1, g.at, g.ld, theta + l->w,
           (size_t)l->in + 1, 0, below.at, below.ld);
  KFIX_RUN(k, differentiate, k->layer[i - 1].activation, rows, l->in, a.at, a.ld, below.at,
           below.ld);
  return KFIX_OK;
}

kfix_status kfix_backward(kfix *k, const kfix_real *theta, size_t rows, kfix_rows y,
                          kfix_weighing how, kfix_visit_layer *visit, double weight) {
  KFIX_TRY(output_delta(k, rows, y, how));
  for (uint32_t i = k->net->depth; i-- > 0;) {
    KFIX_TRY(visit(k, i, rows, weight));
    if (i > 0) KFIX_TRY(delta_below(k, theta, i, rows));
  }
  return KFIX_OK;
}

kfix_status kfix_sample_targets(kfix *k, size_t first, size_t rows, kfix_rows *y) {
  const kfix_draw_key key = {k->options.seed, KFIX_DRAW_TARGETS, (uint32_t)k->now.step, 0};
  KFIX_TRY(kfix_mean(k, rows, y));
  KFIX_RUN(k, sample, k->net->loss, &key, first, rows, kfix_net_outputs(k->net), y->at, y->ld,
           y->at, y->ld);
  return KFIX_OK;
}
