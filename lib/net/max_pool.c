/* SPDX-License-Identifier: Apache-2.0
 * The largest of each window in training: what it is differentiated by is where it was found. */
#include "core/arithmetic.h"
#include "net/net.h"

static kfix_status backward(kfix *k, uint32_t node, const kfix_real *theta, size_t rows) {
  const kfix_node_spec *n = k->node[node].spec;
  const kfix_windows windows = kfix_net_windows(k->net, n);
  const kfix_rows g = kfix_delta(k, node), x = kfix_out(k, n->from);
  (void)theta;
  if (n->from == 0) return KFIX_OK;
  const kfix_rows below = kfix_delta(k, n->from);
  KFIX_RUN(k, max_pool_back, &windows, rows, x.at, x.ld, g.at, g.ld,
           k->node[n->from].last_reader == node ? 0 : 1, below.at, below.ld);
  return KFIX_OK;
}

static kfix_status tangent(kfix *k, uint32_t node, const kfix_real *theta, const kfix_real *v,
                           size_t first, size_t rows, kfix_rows out) {
  const kfix_node_spec *n = k->node[node].spec;
  const kfix_windows windows = kfix_net_windows(k->net, n);
  const kfix_rows x = kfix_out(k, n->from), below = kfix_tangent_of(k, n->from);
  (void)theta, (void)v;
  if (!below.at)
    KFIX_RUN(k, fill, rows, n->units, 0, out.at, out.ld);
  else
    KFIX_RUN(k, max_pool, &windows, rows, x.at + first * x.ld, x.ld, below.at, below.ld, out.at,
             out.ld);
  return KFIX_OK;
}

const kfix_kind_info kfix_kind_max_pool = {backward, tangent, NULL, NULL, NULL};
