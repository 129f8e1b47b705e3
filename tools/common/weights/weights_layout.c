/* SPDX-License-Identifier: Apache-2.0
 * The order of weights in files. */
#include "weights_layout.h"

#include <stdio.h>

/* A row of it is one number. */
static weights_layout layout_of_norm(const kfix_node_spec *n) {
  return (weights_layout){.out = n->moments / 2,
                          .in = 1,
                          .channels = 1,
                          .height = 1,
                          .width = 1,
                          .bias = 1,
                          .is_norm = 1};
}

/* As that of a convolution of images of one channel. */
static weights_layout layout_of_depthwise(const kfix_node_spec *n) {
  weights_layout l = {.out = n->image.channels,
                      .channels = 1,
                      .height = n->kernel[0],
                      .width = n->kernel[1],
                      .is_conv = 1};
  l.in = l.height * l.width;
  l.bias = n->each > l.in;
  return l;
}

weights_layout weights_layout_of(const kfix_net *net, uint32_t layer) {
  const kfix_node_spec *n = kfix_net_block(net, layer);
  if (n->moments) return layout_of_norm(n);
  if (n->kind == KFIX_KIND_depthwise) return layout_of_depthwise(n);
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
  if (l->is_norm) return WEIGHTS_VIEWS_MAX * l->out;
  return l->out * (l->in + (size_t)l->bias);
}

/* Where a column of W stands in a row of the weight. */
static size_t place_of(const weights_layout *l, size_t column) {
  return column % l->channels * (l->height * l->width) + column / l->channels;
}

/* Scales, shifts, means and variances stand two and two in w. */
static size_t place_of_norm(const weights_layout *l, size_t array, size_t channel) {
  return 2 * (array / 2 * l->out + channel) + array % 2;
}

void weights_split(const weights_layout *l, const kfix_real *w, kfix_real *split) {
  const size_t cols = l->in + (size_t)l->bias;
  kfix_real *bias = split + l->out * l->in;
  for (size_t a = 0; l->is_norm && a < WEIGHTS_VIEWS_MAX; a++)
    for (size_t c = 0; c < l->out; c++) split[a * l->out + c] = w[place_of_norm(l, a, c)];
  for (size_t r = 0; !l->is_norm && r < l->out; r++) {
    for (size_t c = 0; c < l->in; c++) split[r * l->in + place_of(l, c)] = w[r * cols + c];
    if (l->bias) bias[r] = w[r * cols + l->in];
  }
}

void weights_join(const weights_layout *l, const kfix_real *split, kfix_real *w) {
  const size_t cols = l->in + (size_t)l->bias;
  const kfix_real *bias = split + l->out * l->in;
  for (size_t a = 0; l->is_norm && a < WEIGHTS_VIEWS_MAX; a++)
    for (size_t c = 0; c < l->out; c++) w[place_of_norm(l, a, c)] = split[a * l->out + c];
  for (size_t r = 0; !l->is_norm && r < l->out; r++) {
    for (size_t c = 0; c < l->in; c++) w[r * cols + c] = split[r * l->in + place_of(l, c)];
    if (l->bias) w[r * cols + l->in] = bias[r];
  }
}

static tensor_view view_of_matrix(const weights_layout *l, const char *name,
                                  const kfix_real *split) {
  tensor_view view = tensor_of(name, TENSOR_REAL, l->out, l->in, split);
  if (!l->is_conv) return view;
  view.dims = 4;
  view.shape[1] = l->channels;
  view.shape[2] = l->height;
  view.shape[3] = l->width;
  return view;
}

size_t weights_views(const weights_layout *l, uint32_t layer, const kfix_real *split,
                     tensor_view views[WEIGHTS_VIEWS_MAX]) {
  static const char *const names[] = {"weight", "bias", "running_mean", "running_var"};
  const size_t count = l->is_norm ? WEIGHTS_VIEWS_MAX : 1 + (size_t)l->bias;
  for (size_t i = 0; i < count; i++) {
    char name[64];
    (void)snprintf(name, sizeof name, "layers.%u.%s", (unsigned)layer, names[i]);
    if (i == 0 && !l->is_norm)
      views[i] = view_of_matrix(l, name, split);
    else
      views[i] = tensor_of_vector(name, TENSOR_REAL, l->out, split);
    split += i == 0 ? l->out * l->in : l->out;
  }
  return count;
}
