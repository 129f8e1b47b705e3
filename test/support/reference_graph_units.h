/* SPDX-License-Identifier: Apache-2.0
 * What a unit of each kind of node computes, by its definition: for reference_graph.c. */
#ifndef KFIX_TEST_REFERENCE_GRAPH_UNITS_H
#define KFIX_TEST_REFERENCE_GRAPH_UNITS_H

#include <math.h>

#include "kfix.h"

static inline double phi(kfix_activation f, double s) {
  if (f == KFIX_SIGMOID) return 1 / (1 + exp(-s));
  if (f == KFIX_TANH) return tanh(s);
  return f == KFIX_RELU && s < 0 ? 0 : s;
}

static inline double of_dense(const kfix_node_spec *n, const double *w, uint32_t unit,
                              const double *a) {
  double s = w[(size_t)unit * n->cols + n->cols - 1];
  for (uint32_t j = 0; j + 1 < n->cols; j++) s += w[(size_t)unit * n->cols + j] * a[j];
  return s;
}

/* Which number of the image stands at (i, j) of the kernel for channel c, in the window of unit u; -1: none. */
static inline long seen(const kfix_windows *g, uint32_t window, uint32_t i, uint32_t j,
                        uint32_t c) {
  const long y = (long)(window / g->cols * g->stride[0] + i) - (long)g->pad[0];
  const long x = (long)(window % g->cols * g->stride[1] + j) - (long)g->pad[1];
  if (y < 0 || x < 0 || y >= (long)g->height || x >= (long)g->width) return -1;
  return (y * (long)g->width + x) * (long)g->channels + (long)c;
}

static inline double of_conv(const kfix_node_spec *n, const kfix_windows *g, const double *w,
                             uint32_t u, const double *a) {
  const uint32_t patch = g->kernel[0] * g->kernel[1] * g->channels;
  const double *row = w + (size_t)(u % n->image.channels) * n->cols;
  double s = n->cols > patch ? row[patch] : 0;
  for (uint32_t k = 0; k < patch; k++) {
    const uint32_t c = k % g->channels, j = k / g->channels % g->kernel[1];
    const long at = seen(g, u / n->image.channels, k / g->channels / g->kernel[1], j, c);
    if (at >= 0) s += row[k] * a[at];
  }
  return s;
}

static inline double of_channel(const kfix_node_spec *n, const kfix_windows *g, const double *w,
                                uint32_t u, const double *a) {
  const uint32_t area = g->kernel[0] * g->kernel[1], c = u % n->image.channels;
  const double *own = w + (size_t)c * n->each;
  double s = n->each > area ? own[area] : 0;
  for (uint32_t k = 0; k < area; k++) {
    const long at = seen(g, u / n->image.channels, k / g->kernel[1], k % g->kernel[1], c);
    if (at >= 0) s += own[k] * a[at];
  }
  return s;
}

/* `chosen`: the numbers whose largest is taken; NULL: the mean. */
static inline double of_pool(const kfix_node_spec *n, const kfix_windows *g, uint32_t u,
                             const double *chosen, const double *a) {
  double sum = 0;
  long best = -1;
  for (uint32_t k = 0; k < g->kernel[0] * g->kernel[1]; k++) {
    const long at =
        seen(g, u / n->image.channels, k / g->kernel[1], k % g->kernel[1], u % n->image.channels);
    if (at < 0) continue;
    sum += a[at];
    if (chosen && (best < 0 || chosen[at] > chosen[best])) best = at;
  }
  return chosen ? a[best] : sum / (g->kernel[0] * g->kernel[1]);
}

#endif
