/* SPDX-License-Identifier: Apache-2.0
 * The order of weights in files. */
#include "weights_layout.h"

weights_layout weights_layout_of(const kfix_net *net, uint32_t layer) {
  const kfix_node_spec *n = kfix_net_block(net, layer);
  const kfix_image shown = kfix_net_image(net, n->from);
  weights_layout l = {.out = kfix_node_rows(n),
                      .channels = shown.channels,
                      .height = shown.height,
                      .width = shown.width,
                      .is_conv = n->kernel[0] != 0};
  if (l.is_conv) {
    l.height = n->kernel[0];
    l.width = n->kernel[1];
  }
  l.in = l.channels * l.height * l.width;
  l.bias = n->cols > l.in;
  return l;
}

size_t weights_layout_reals(const weights_layout *l) {
  return l->out * (l->in + (size_t)l->bias);
}

/* Where a column of W stands in a row of the weight. */
static size_t place_of(const weights_layout *l, size_t column) {
  return column % l->channels * (l->height * l->width) + column / l->channels;
}

void weights_split(const weights_layout *l, const kfix_real *w, kfix_real *split) {
  const size_t cols = l->in + (size_t)l->bias;
  kfix_real *bias = split + l->out * l->in;
  for (size_t r = 0; r < l->out; r++) {
    for (size_t c = 0; c < l->in; c++) split[r * l->in + place_of(l, c)] = w[r * cols + c];
    if (l->bias) bias[r] = w[r * cols + l->in];
  }
}

void weights_join(const weights_layout *l, const kfix_real *split, kfix_real *w) {
  const size_t cols = l->in + (size_t)l->bias;
  const kfix_real *bias = split + l->out * l->in;
  for (size_t r = 0; r < l->out; r++) {
    for (size_t c = 0; c < l->in; c++) w[r * cols + c] = split[r * l->in + place_of(l, c)];
    if (l->bias) w[r * cols + l->in] = bias[r];
  }
}

tensor_view weights_view(const weights_layout *l, const char *name, const kfix_real *split) {
  tensor_view view = tensor_of(name, TENSOR_REAL, l->out, l->in, split);
  if (!l->is_conv) return view;
  view.dims = 4;
  view.shape[1] = l->channels;
  view.shape[2] = l->height;
  view.shape[3] = l->width;
  return view;
}

tensor_view weights_bias_view(const weights_layout *l, const char *name, const kfix_real *split) {
  return tensor_of_vector(name, TENSOR_REAL, l->out, split + l->out * l->in);
}
