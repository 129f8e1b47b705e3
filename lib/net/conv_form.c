/* SPDX-License-Identifier: Apache-2.0
 * The form of a convolution: s of each window = W (patch, 1). */
#include "core/arithmetic.h"
#include "core/device.h"
#include "net/windows.h"

static int fits(const kfix_net *net, const kfix_node_spec *n) {
  const kfix_windows g = kfix_net_windows(net, n);
  const uint64_t patch = (uint64_t)g.kernel[0] * g.kernel[1] * g.channels;
  return kfix_windows_fit(net, n) && (n->cols == patch || n->cols == patch + 1);
}

/* cost: 2 units cols a row. */
static kfix_status forward(const kfix_device *d, const kfix_net *net, const kfix_node_spec *n,
                           const kfix_real *w, size_t rows, kfix_rows in, kfix_rows other,
                           kfix_rows out) {
  const kfix_windows g = kfix_net_windows(net, n);
  (void)other;
  KFIX_RUN_ON(d, convolve, &g, rows, n->image.channels, n->cols - kfix_patch_reals(&g), in.at,
              in.ld, w, n->cols, 0, out.at, out.ld);
  return KFIX_OK;
}

const kfix_kind_form kfix_form_conv = {fits, forward};
