/* SPDX-License-Identifier: Apache-2.0
 * The form of a convolution of each channel by itself. */
#include "core/arithmetic.h"
#include "core/device.h"
#include "net/windows.h"

static int fits(const kfix_net *net, const kfix_node_spec *n) {
  const kfix_windows g = kfix_net_windows(net, n);
  const uint64_t area = (uint64_t)g.kernel[0] * g.kernel[1];
  return kfix_windows_fit(net, n) && n->image.channels == g.channels && n->cols == 1 &&
         n->moments == 0 && (n->each == area || n->each == area + 1);
}

/* cost: 2 units area a row. */
static kfix_status forward(const kfix_device *d, const kfix_net *net, const kfix_node_spec *n,
                           const kfix_real *w, size_t rows, kfix_rows in, kfix_rows other,
                           kfix_rows out) {
  const kfix_windows g = kfix_net_windows(net, n);
  (void)other;
  KFIX_RUN_ON(d, depthwise, &g, rows, n->each, n->each > kfix_window_area(&g), in.at, in.ld, w, 0,
              out.at, out.ld);
  return KFIX_OK;
}

const kfix_kind_form kfix_form_depthwise = {fits, forward};
