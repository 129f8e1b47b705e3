/* SPDX-License-Identifier: Apache-2.0
 * Whether windows fit into the image that they are to show. */
#include "net/windows.h"

#include "core/arithmetic.h"

static int fits_along(uint32_t size, uint32_t kernel, uint32_t stride, uint32_t pad,
                      uint32_t windows) {
  if (kernel == 0 || stride == 0 || pad >= kernel) return 0;
  if (kernel > (uint64_t)size + 2 * (uint64_t)pad) return 0;
  return windows == ((uint64_t)size + 2 * (uint64_t)pad - kernel) / stride + 1;
}

int kfix_windows_fit(const kfix_net *net, const kfix_node_spec *n) {
  const kfix_windows g = kfix_net_windows(net, n);
  const uint64_t units = (uint64_t)g.rows * g.cols * n->image.channels;
  const uint64_t in = (uint64_t)g.height * g.width * g.channels;
  return n->reads == 1 && n->other == 0 && in == kfix_net_units(net, n->from) &&
         fits_along(g.height, g.kernel[0], g.stride[0], g.pad[0], g.rows) &&
         fits_along(g.width, g.kernel[1], g.stride[1], g.pad[1], g.cols) && units == n->units;
}

int kfix_pool_fits(const kfix_net *net, const kfix_node_spec *n) {
  return kfix_windows_fit(net, n) && n->cols == 0 &&
         n->image.channels == kfix_net_image(net, n->from).channels;
}
