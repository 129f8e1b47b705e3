/* SPDX-License-Identifier: Apache-2.0
 * A convolution in training: s of each window = W (patch, 1). */
#include "core/arithmetic.h"
#include "net/net.h"
#include "net/slices.h"

static kfix_status backward(kfix *k, uint32_t node, const kfix_real *theta, size_t rows) {
  const kfix_node *n = &k->node[node];
  const uint32_t from = n->spec->from;
  const kfix_windows windows = kfix_net_windows(k->net, n->spec);
  const kfix_block *b = &k->block[n->block];
  const kfix_rows g = kfix_delta(k, node);
  if (from == 0) return KFIX_OK;
  const kfix_rows below = kfix_delta(k, from);
  KFIX_RUN(k, convolve_back, &windows, rows, b->out, g.at, g.ld, theta + b->w, b->cols,
           k->node[from].last_reader == node ? 0 : 1, below.at, below.ld);
  return KFIX_OK;
}

/* V (patch, 1) + W (patch of the tangent, 0). */
static kfix_status tangent(kfix *k, uint32_t node, const kfix_real *theta, const kfix_real *v,
                           size_t first, size_t rows, kfix_rows out) {
  const kfix_node *n = &k->node[node];
  const kfix_windows windows = kfix_net_windows(k->net, n->spec);
  const kfix_block *b = &k->block[n->block];
  const kfix_rows x = kfix_out(k, n->spec->from), below = kfix_tangent_of(k, n->spec->from);
  const size_t ones = b->cols - kfix_patch_reals(&windows);
  KFIX_RUN(k, convolve, &windows, rows, b->out, ones, x.at + first * x.ld, x.ld, v + b->w, b->cols,
           0, out.at, out.ld);
  if (below.at)
    KFIX_RUN(k, convolve, &windows, rows, b->out, 0, below.at, below.ld, theta + b->w, b->cols, 1,
             out.at, out.ld);
  return KFIX_OK;
}

const kfix_kind_info kfix_kind_conv = {backward, tangent, kfix_each_window_slice, kfix_initial_row,
                                       NULL};
