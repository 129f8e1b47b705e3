/* SPDX-License-Identifier: Apache-2.0
 * The form of a pool: the mean of each window, channel by channel. */
#include "core/arithmetic.h"
#include "core/device.h"
#include "net/windows.h"

static kfix_status forward(const kfix_device *d, const kfix_net *net, const kfix_node_spec *n,
                           const kfix_real *w, size_t rows, kfix_rows in, kfix_rows other,
                           kfix_rows out) {
  const kfix_windows g = kfix_net_windows(net, n);
  (void)w, (void)other;
  KFIX_RUN_ON(d, mean_pool, &g, rows, in.at, in.ld, out.at, out.ld);
  return KFIX_OK;
}

const kfix_kind_form kfix_form_mean_pool = {kfix_pool_fits, forward};
