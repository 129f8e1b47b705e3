/* SPDX-License-Identifier: Apache-2.0
 * The form of a residual sum: s = x + y. */
#include "core/arithmetic.h"
#include "core/device.h"
#include "net/kind.h"

static int is_same(kfix_image x, kfix_image y) {
  return x.height == y.height && x.width == y.width && x.channels == y.channels;
}

static int fits(const kfix_net *net, const kfix_node_spec *n) {
  return n->reads == 2 && n->cols == 0 && n->from != n->other &&
         n->units == kfix_net_units(net, n->from) && n->units == kfix_net_units(net, n->other) &&
         is_same(kfix_net_image(net, n->from), kfix_net_image(net, n->other));
}

static kfix_status forward(const kfix_device *d, const kfix_net *net, const kfix_node_spec *n,
                           const kfix_real *w, size_t rows, kfix_rows in, kfix_rows other,
                           kfix_rows out) {
  (void)net, (void)w;
  KFIX_RUN_ON(d, add, rows, n->units, in.at, in.ld, other.at, other.ld, out.at, out.ld);
  return KFIX_OK;
}

const kfix_kind_form kfix_form_add = {fits, forward};
