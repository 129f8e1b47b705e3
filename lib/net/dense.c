/* SPDX-License-Identifier: Apache-2.0
 * A dense node in training: s = W abar. */
#include "core/arithmetic.h"
#include "net/net.h"

/* dL/da of what it reads: g W without its bias column. */
static kfix_status backward(kfix *k, uint32_t node, const kfix_real *theta, size_t rows) {
  const kfix_node *n = &k->node[node];
  const uint32_t from = n->spec->from;
  const kfix_block *b = &k->block[n->block];
  const kfix_rows g = kfix_delta(k, node);
  if (from == 0) return KFIX_OK;
  const kfix_rows below = kfix_delta(k, from);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_N, rows, (size_t)b->cols - 1, b->out, 1, g.at, g.ld, theta + b->w,
           b->cols, k->node[from].last_reader == node ? 0 : 1, below.at, below.ld);
  return KFIX_OK;
}

/* V abar + W (tangent of a). */
static kfix_status tangent(kfix *k, uint32_t node, const kfix_real *theta, const kfix_real *v,
                           size_t first, size_t rows, kfix_rows out) {
  const kfix_node *n = &k->node[node];
  const kfix_block *b = &k->block[n->block];
  const kfix_rows abar = kfix_out(k, n->spec->from), below = kfix_tangent_of(k, n->spec->from);
  KFIX_RUN(k, gemm, KFIX_N, KFIX_T, rows, b->out, b->cols, 1, abar.at + first * abar.ld, abar.ld,
           v + b->w, b->cols, 0, out.at, out.ld);
  if (below.at)
    KFIX_RUN(k, gemm, KFIX_N, KFIX_T, rows, b->out, (size_t)b->cols - 1, 1, below.at, below.ld,
             theta + b->w, b->cols, 1, out.at, out.ld);
  return KFIX_OK;
}

/* What it needs stands in memory: all rows are one slice. */
static kfix_status each_slice(kfix *k, const kfix_slice *all, const kfix_visitor *visitor) {
  return visitor->visit(k, all, visitor->arg);
}

const kfix_kind_info kfix_kind_dense = {backward, tangent, each_slice, kfix_initial_row, NULL};
