/* SPDX-License-Identifier: Apache-2.0
 * A convolution of each channel by itself, in training: s of each window and channel = its row of W times what the
 * window shows of the channel, and a one behind it. */
#include <math.h>

#include "core/arithmetic.h"
#include "core/random.h"
#include "net/summed.h"

static kfix_status backward(kfix *k, uint32_t node, const kfix_real *theta, size_t rows) {
  const kfix_node *n = &k->node[node];
  const uint32_t from = n->spec->from;
  const kfix_windows windows = kfix_net_windows(k->net, n->spec);
  const kfix_rows g = kfix_delta(k, node);
  if (from == 0) return KFIX_OK;
  const kfix_rows below = kfix_delta(k, from);
  KFIX_RUN(k, depthwise_back, &windows, rows, n->spec->each, g.at, g.ld,
           theta + k->block[n->block].w, k->node[from].last_reader == node ? 0 : 1, below.at,
           below.ld);
  return KFIX_OK;
}

/* V times the windows, and W times those of the tangent. */
static kfix_status tangent(kfix *k, uint32_t node, const kfix_real *theta, const kfix_real *v,
                           size_t first, size_t rows, kfix_rows out) {
  const kfix_node *n = &k->node[node];
  const kfix_windows windows = kfix_net_windows(k->net, n->spec);
  const kfix_block *b = &k->block[n->block];
  const kfix_rows x = kfix_out(k, n->spec->from), below = kfix_tangent_of(k, n->spec->from);
  const int ones = n->spec->each > kfix_window_area(&windows);
  KFIX_RUN(k, depthwise, &windows, rows, n->spec->each, ones, x.at + first * x.ld, x.ld, v + b->w,
           0, out.at, out.ld);
  if (below.at)
    KFIX_RUN(k, depthwise, &windows, rows, n->spec->each, 0, below.at, below.ld, theta + b->w, 1,
             out.at, out.ld);
  return KFIX_OK;
}

static kfix_status sum(kfix *k, const kfix_block *b, size_t first, size_t rows, kfix_rows x,
                       kfix_rows g, kfix_rows out) {
  const kfix_node_spec *n = k->node[b->node].spec;
  const kfix_windows windows = kfix_net_windows(k->net, n);
  (void)first;
  KFIX_RUN(k, depthwise_sums, &windows, rows, n->each, x.at, x.ld, g.at, g.ld, out.at, out.ld);
  return KFIX_OK;
}

static kfix_status each_slice(kfix *k, const kfix_slice *all, const kfix_visitor *visitor) {
  return kfix_each_summed_slice(k, all, sum, visitor);
}

/* Number by number; sparse is he, for a kernel has few numbers. */
static void initialise(const kfix *k, uint32_t node, uint32_t row, kfix_real *w) {
  const kfix_node_spec *spec = k->node[node].spec;
  const kfix_draw_key key = {k->options.seed, KFIX_DRAW_WEIGHTS, 0, k->node[node].block};
  const kfix_windows g = kfix_net_windows(k->net, spec);
  const double area = (double)kfix_window_area(&g);
  if (row % spec->each >= kfix_window_area(&g))
    *w = 0;
  else if (k->options.init == KFIX_INIT_GLOROT)
    kfix_fill_uniform(&key, row, 1, (kfix_real)sqrt(3 / area), w);
  else
    kfix_fill_normal(&key, row, 1, (kfix_real)sqrt(2 / area), w);
}

const kfix_kind_info kfix_kind_depthwise = {backward, tangent, each_slice, initialise, NULL};
