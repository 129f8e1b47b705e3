/* SPDX-License-Identifier: Apache-2.0
 * The form of a dense node: s = W abar. */
#include "core/arithmetic.h"
#include "core/device.h"
#include "net/kind.h"

static int fits(const kfix_net *net, const kfix_node_spec *n) {
  return n->reads == 1 && n->other == 0 && n->cols == kfix_net_units(net, n->from) + 1;
}

/* cost: 2 units cols a row. */
static kfix_status forward(const kfix_device *d, const kfix_net *net, const kfix_node_spec *n,
                           const kfix_real *w, size_t rows, kfix_rows in, kfix_rows other,
                           kfix_rows out) {
  (void)net, (void)other;
  KFIX_RUN_ON(d, gemm, KFIX_N, KFIX_T, rows, n->units, n->cols, 1, in.at, in.ld, w, n->cols, 0,
              out.at, out.ld);
  return KFIX_OK;
}

const kfix_kind_form kfix_form_dense = {fits, forward};
