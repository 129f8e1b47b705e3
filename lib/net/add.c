/* SPDX-License-Identifier: Apache-2.0
 * A residual sum in training: s = x + y. */
#include "core/arithmetic.h"
#include "net/net.h"

static kfix_status hand_down(kfix *k, uint32_t node, uint32_t to, size_t rows) {
  if (to == 0) return KFIX_OK;
  return kfix_put_or_add(k, k->node[to].last_reader == node, rows, k->node[to].units,
                         kfix_delta(k, node), kfix_delta(k, to));
}

static kfix_status backward(kfix *k, uint32_t node, const kfix_real *theta, size_t rows) {
  const kfix_node_spec *n = k->node[node].spec;
  (void)theta;
  KFIX_TRY(hand_down(k, node, n->from, rows));
  return hand_down(k, node, n->other, rows);
}

/* Where one is zero what is left is the other's. */
static kfix_status tangent(kfix *k, uint32_t node, const kfix_real *theta, const kfix_real *v,
                           size_t first, size_t rows, kfix_rows out) {
  const kfix_node_spec *n = k->node[node].spec;
  const kfix_rows x = kfix_tangent_of(k, n->from), y = kfix_tangent_of(k, n->other);
  (void)theta, (void)v, (void)first;
  if (!x.at && !y.at)
    KFIX_RUN(k, fill, rows, n->units, 0, out.at, out.ld);
  else if (!x.at || !y.at)
    return kfix_put_or_add(k, 1, rows, n->units, x.at ? x : y, out);
  else
    KFIX_RUN(k, add, rows, n->units, x.at, x.ld, y.at, y.ld, out.at, out.ld);
  return KFIX_OK;
}

const kfix_kind_info kfix_kind_add = {backward, tangent, NULL, NULL, NULL};
