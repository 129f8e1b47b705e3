/* SPDX-License-Identifier: Apache-2.0
 * The form of a normalisation, by moments that are given: those behind its W (net/predictor.h). */
#include "core/arithmetic.h"
#include "core/device.h"
#include "net/windows.h"

static int fits(const kfix_net *net, const kfix_node_spec *n) {
  const kfix_image in = kfix_net_image(net, n->from), out = n->image;
  const int same = in.height == out.height && in.width == out.width && in.channels == out.channels;
  const uint32_t group = net->group;
  if (group == 0 || group % net->row_block || net->chunk % group) return 0;
  if (kfix_net_stats_rows(net) % group) return 0;
  return same && kfix_windows_fit(net, n) && n->kernel[0] == 1 && n->kernel[1] == 1 &&
         n->cols == 1 && n->each == 2 && n->moments == 2 * (uint64_t)out.channels;
}

/* cost: 4 units a row. */
static kfix_status forward(const kfix_device *d, const kfix_net *net, const kfix_node_spec *n,
                           const kfix_real *w, size_t rows, kfix_rows in, kfix_rows other,
                           kfix_rows out) {
  (void)net, (void)other;
  KFIX_RUN_ON(d, norm, rows, kfix_node_positions(n), n->image.channels, in.at, in.ld,
              w + n->moments, w, 0, out.at, out.ld);
  return KFIX_OK;
}

const kfix_kind_form kfix_form_norm = {fits, forward};
