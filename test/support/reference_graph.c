/* SPDX-License-Identifier: Apache-2.0
 * Graphs by their definition. */
#include "reference_graph.h"

#include <math.h>
#include <string.h>

#include "reference_graph_units.h"

/* Numbers at all places. */
typedef double places[GRAPH_NODES + 1][GRAPH_UNITS];

/* a of n examples; of one normalisation, mean and variance of its channels over a group. */
typedef double moments[2 * GRAPH_UNITS];

static void take_moments(const kfix_node_spec *n, places *a, size_t rows, double *m) {
  const uint32_t channels = n->image.channels, positions = n->units / channels;
  const double share = 1 / (double)(rows * positions);
  memset(m, 0, 2 * channels * sizeof *m);
  for (size_t e = 0; e < rows; e++)
    for (uint32_t u = 0; u < n->units; u++) m[2 * (u % channels)] += share * a[e][n->from][u];
  for (size_t e = 0; e < rows; e++)
    for (uint32_t u = 0; u < n->units; u++) {
      const double off = a[e][n->from][u] - m[2 * (u % channels)];
      m[2 * (u % channels) + 1] += share * off * off;
    }
}

static double of_norm(const kfix_node_spec *n, const double *w, const double *m, uint32_t u,
                      const double *a) {
  const uint32_t c = u % n->image.channels;
  return w[2 * c] * (a[u] - m[2 * c]) / sqrt(m[2 * c + 1] + 1e-5) + w[2 * c + 1];
}

static double unit_of(const kfix_node_spec *n, const kfix_windows *windows, const double *w,
                      const double *m, uint32_t u, places a, places base) {
  const double *in = a[n->from];
  switch (n->kind) {
    case KFIX_KIND_dense:
      return of_dense(n, w, u, in);
    case KFIX_KIND_conv:
      return of_conv(n, windows, w, u, in);
    case KFIX_KIND_depthwise:
      return of_channel(n, windows, w, u, in);
    case KFIX_KIND_max_pool:
      return of_pool(n, windows, u, base[n->from], in);
    case KFIX_KIND_mean_pool:
      return of_pool(n, windows, u, NULL, in);
    case KFIX_KIND_norm:
      return of_norm(n, w, m, u, in);
    default:
      return in[u] + a[n->other][u];
  }
}

/* What is added to s of one unit of an example. */
typedef struct nudge {
  size_t example;
  uint32_t place, unit;
  double by;
} nudge;

/* a of a group of examples at one place; m: the moments there. */
static void run_place(const ref_graph *g, const double *w, const double *m, size_t first,
                      size_t rows, uint32_t place, const nudge *to, places *base, places *a) {
  const kfix_node_spec *n = &g->nodes[place - 1];
  const kfix_windows windows = kfix_net_windows(&g->net, n);
  for (size_t e = 0; e < rows; e++)
    for (uint32_t u = 0; u < n->units; u++) {
      const int here = to && to->example == first + e && to->place == place && to->unit == u;
      const double s = unit_of(n, &windows, w, m, u, a[e], base[e]) + (here ? to->by : 0);
      a[e][place][u] = phi(n->activation, s);
    }
}

/* a of the places from `from` on for a group of examples, those before as in `base`; a pool takes what is the largest
 * there. base: may be a, with from = 1. running: for each block the moments of a normalisation; NULL: those of the
 * group. */
static void run_group(const ref_graph *g, const double *theta,
                      const double (*running)[GRAPH_MOMENTS], const double *x, size_t first,
                      size_t rows, uint32_t from, const nudge *to, places *base, places *a) {
  const size_t in = g->net.inputs;
  size_t block = 0;
  for (size_t e = 0; e < rows && from == 1; e++)
    memcpy(a[e][0], x + (first + e) * in, in * sizeof *x);
  for (size_t e = 0; e < rows && from > 1; e++) memcpy(a[e], base[e], from * sizeof *a[e]);
  for (uint32_t place = 1; place <= g->net.node_count; place++) {
    const kfix_node_spec *n = &g->nodes[place - 1];
    moments own;
    if (place >= from) {
      if (n->moments) take_moments(n, a, rows, own);
      run_place(g, theta + g->w[block], running && n->moments ? running[block] : own, first, rows,
                place, to, base, a);
    }
    block += n->cols > 0;
  }
}

static size_t group_of(const ref_graph *g, size_t n) {
  return g->net.group ? g->net.group : n;
}

static void put_out(const ref_graph *g, places *a, size_t n, double *z) {
  const size_t out = kfix_net_outputs(&g->net);
  for (size_t e = 0; e < n; e++) memcpy(z + e * out, a[e][g->net.node_count], out * sizeof *z);
}

static void forward(const ref_graph *g, const double *theta, const double (*running)[GRAPH_MOMENTS],
                    const double *x, size_t n, places *a) {
  const size_t group = group_of(g, n);
  for (size_t first = 0; first < n; first += group)
    run_group(g, theta, running, x, first, first + group < n ? group : n - first, 1, NULL,
              a + first, a + first);
}

/* a where the net is differentiated, with which forward_near begins. */
static places anchor[GRAPH_ROWS];

/* The net that has the choices of its pools from the anchor, and the places before `from`. */
static void forward_near(const ref_graph *g, const double *theta, const double *x, size_t n,
                         uint32_t from, const nudge *to, double *z) {
  static places a[GRAPH_ROWS];
  const size_t group = group_of(g, n);
  for (size_t first = 0; first < n; first += group)
    run_group(g, theta, NULL, x, first, first + group < n ? group : n - first, from, to,
              anchor + first, a + first);
  put_out(g, a, n, z);
}

void graph_forward(const ref_graph *g, const double *theta, const double *x, size_t n, double *z) {
  static places a[GRAPH_ROWS];
  forward(g, theta, NULL, x, n, a);
  put_out(g, a, n, z);
}

void graph_in_use(const ref_graph *g, const double *theta, const double (*running)[GRAPH_MOMENTS],
                  const double *x, size_t n, double *z) {
  static places a[GRAPH_ROWS];
  forward(g, theta, running, x, n, a);
  put_out(g, a, n, z);
}

void graph_moments(const ref_graph *g, const double *theta, const double *x, size_t n,
                   double (*running)[GRAPH_MOMENTS]) {
  static places a[GRAPH_ROWS];
  const size_t group = group_of(g, n);
  memset(running, 0, g->net.block_count * sizeof *running);
  for (size_t first = 0; first < n; first += group) {
    const size_t rows = first + group < n ? group : n - first;
    run_group(g, theta, NULL, x, first, rows, 1, NULL, a, a);
    for (uint32_t b = 0; b < g->net.block_count; b++) {
      const kfix_node_spec *node = kfix_net_block(&g->net, b);
      moments own;
      if (node->moments) take_moments(node, a, rows, own);
      for (uint32_t i = 0; i < node->moments; i++)
        running[b][i] += own[i] * (double)rows / (double)n;
    }
  }
}

/* Of these outputs. */
static double objective(const ref_graph *g, const double *theta, const double *z, const double *y,
                        size_t n, double eta) {
  double sum = 0, square = 0;
  for (size_t i = 0; i < n * kfix_net_outputs(&g->net); i++)
    sum += (z[i] - y[i]) * (z[i] - y[i]) / 2;
  for (size_t i = 0; i < g->w[g->net.block_count]; i++) square += theta[i] * theta[i];
  return sum / (double)n + eta / 2 * square;
}

static double z_of_all[GRAPH_ROWS * GRAPH_UNITS];

double graph_objective(const ref_graph *g, const double *theta, const double *x, const double *y,
                       size_t n, double eta) {
  graph_forward(g, theta, x, n, z_of_all);
  return objective(g, theta, z_of_all, y, n, eta);
}

/* ---- derivatives ---- */

/* Errs by h^2 times a third derivative and by eps / h. */
static const double h = 1e-5;

static uint32_t place_of(const ref_graph *g, uint32_t block) {
  return (uint32_t)(kfix_net_block(&g->net, block) - g->nodes) + 1;
}

/* Of the node that parameter i belongs to. */
static uint32_t place_of_parameter(const ref_graph *g, size_t i) {
  uint32_t block = 0;
  while (i >= g->w[block + 1]) block++;
  return place_of(g, block);
}

void graph_gradient(const ref_graph *g, const double *theta, const double *x, const double *y,
                    size_t n, double eta, double *gradient) {
  const size_t count = g->w[g->net.block_count];
  double moved[GRAPH_PARAMETERS];
  memcpy(moved, theta, count * sizeof *moved);
  forward(g, theta, NULL, x, n, anchor);
  for (size_t i = 0; i < count; i++) {
    double at[2];
    for (int side = 0; side < 2; side++) {
      moved[i] = theta[i] + (side ? -h : h);
      forward_near(g, moved, x, n, place_of_parameter(g, i), NULL, z_of_all);
      at[side] = objective(g, moved, z_of_all, y, n, eta);
    }
    gradient[i] = (at[0] - at[1]) / (2 * h);
    moved[i] = theta[i];
  }
}

void graph_jacobian(const ref_graph *g, const double *theta, const double *x, size_t n,
                    double *jacobian) {
  static const double step = 3e-4, steps[] = {1, -1, 2, -2}, weight[] = {8, -8, -1, 1};
  const size_t count = g->w[g->net.block_count], outputs = n * kfix_net_outputs(&g->net);
  double moved[GRAPH_PARAMETERS];
  memcpy(moved, theta, count * sizeof *moved);
  memset(jacobian, 0, outputs * count * sizeof *jacobian);
  forward(g, theta, NULL, x, n, anchor);
  for (size_t i = 0; i < count; i++) {
    for (int s = 0; s < 4; s++) {
      moved[i] = theta[i] + steps[s] * step;
      forward_near(g, moved, x, n, place_of_parameter(g, i), NULL, z_of_all);
      for (size_t o = 0; o < outputs; o++)
        jacobian[o * count + i] += weight[s] * z_of_all[o] / (12 * step);
    }
    moved[i] = theta[i];
  }
}

void graph_tangent(const ref_graph *g, const double *theta, const double *v, const double *x,
                   size_t n, double *jv) {
  const size_t count = g->w[g->net.block_count];
  double up[GRAPH_PARAMETERS], down[GRAPH_PARAMETERS];
  for (size_t i = 0; i < count; i++) {
    up[i] = theta[i] + h * v[i];
    down[i] = theta[i] - h * v[i];
  }
  forward(g, theta, NULL, x, n, anchor);
  forward_near(g, up, x, n, 1, NULL, jv);
  forward_near(g, down, x, n, 1, NULL, z_of_all);
  for (size_t o = 0; o < n * kfix_net_outputs(&g->net); o++)
    jv[o] = (jv[o] - z_of_all[o]) / (2 * h);
}

void graph_by_unit(const ref_graph *g, const double *theta, const double *x, uint32_t block,
                   uint32_t unit, double *dz) {
  const uint32_t place = place_of(g, block);
  nudge to = {0, place, unit, h};
  double low[GRAPH_UNITS];
  forward(g, theta, NULL, x, 1, anchor);
  forward_near(g, theta, x, 1, place, &to, dz);
  to.by = -h;
  forward_near(g, theta, x, 1, place, &to, low);
  for (size_t o = 0; o < kfix_net_outputs(&g->net); o++) dz[o] = (dz[o] - low[o]) / (2 * h);
}

void graph_abar(const ref_graph *g, const double *theta, const double *x, uint32_t block,
                uint32_t window, double *abar) {
  const kfix_node_spec *n = kfix_net_block(&g->net, block);
  const kfix_windows at = kfix_net_windows(&g->net, n);
  const uint32_t k = n->kernel[0] ? (uint32_t)kfix_patch_reals(&at) : n->cols - 1;
  places a;
  run_group(g, theta, NULL, x, 0, 1, 1, NULL, &a, &a);
  for (uint32_t j = 0; j < n->cols; j++) {
    const long pixel = !n->kernel[0] ? (long)j
                       : j < k       ? seen(&at, window, j / at.channels / at.kernel[1],
                                            j / at.channels % at.kernel[1], j % at.channels)
                                     : 0;
    abar[j] = j == k ? 1 : pixel < 0 ? 0 : a[n->from][pixel];
  }
}

void graph_read(const ref_graph *g, const double *theta, const double *x, uint32_t block,
                double *image) {
  const uint32_t from = kfix_net_block(&g->net, block)->from;
  places a;
  run_group(g, theta, NULL, x, 0, 1, 1, NULL, &a, &a);
  memcpy(image, a[from], kfix_net_units(&g->net, from) * sizeof *image);
}
