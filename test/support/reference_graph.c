/* SPDX-License-Identifier: Apache-2.0
 * Graphs by their definition. */
#include "reference_graph.h"

#include <math.h>
#include <string.h>

#define DENSE(source, in, out, f) KFIX_DENSE_NODE("dense", source, in, out, f)
#define ADD(x, y, width, f)                                                           \
  {                                                                                   \
    .name = "add", .kind = KFIX_KIND_add, .activation = (f), .reads = 2, .from = (x), \
    .other = (y), .units = (width)                                                    \
  }

/* Windows of `kernel_rows` x `kernel_cols` and so on, `columns` of W. */
#define WINDOWS(which, source, rows, cols_, chan, kr, kc, sr, sc, pr, pc, columns, f)           \
  {                                                                                             \
    .name = #which, .kind = KFIX_KIND_##which, .activation = (f), .reads = 1, .from = (source), \
    .units = (rows) * (cols_) * (chan), .cols = (columns), .image = {(rows), (cols_), (chan)},  \
    .kernel = {(kr), (kc)}, .stride = {(sr), (sc)}, .pad = {                                    \
      (pr),                                                                                     \
      (pc)                                                                                      \
    }                                                                                           \
  }

/* One residual block; skips that overlap, a node with three readers, a sum of sums; two dense nodes that
 * read the same, a sum with the input, which puts out; a first node that is a sum's only way back. Of
 * images: convolutions with and without bias, of odd and even sizes, between pools of both kinds; a residual
 * block, 1 x 1, a padded pool with two readers, pools that overlap, a dense node on an image; images of one
 * column, a pool on the input, a stride, and a pool that puts out. */
static const struct {
  const char *name;
  uint32_t inputs, count;
  kfix_image image;
  kfix_node_spec nodes[GRAPH_NODES];
} shapes[] = {
    {"block",
     5,
     4,
     {0},
     {DENSE(0, 5, 7, KFIX_TANH), DENSE(1, 7, 7, KFIX_LINEAR), ADD(2, 1, 7, KFIX_SIGMOID),
      DENSE(3, 7, 3, KFIX_LINEAR)}},
    {"skips",
     6,
     8,
     {0},
     {DENSE(0, 6, 11, KFIX_TANH), DENSE(1, 11, 5, KFIX_SIGMOID), DENSE(2, 5, 11, KFIX_LINEAR),
      ADD(3, 1, 11, KFIX_TANH), DENSE(4, 11, 11, KFIX_TANH), ADD(1, 5, 11, KFIX_LINEAR),
      ADD(6, 4, 11, KFIX_SIGMOID), DENSE(7, 11, 2, KFIX_TANH)}},
    {"forks",
     4,
     5,
     {0},
     {DENSE(0, 4, 9, KFIX_TANH), DENSE(1, 9, 4, KFIX_SIGMOID), DENSE(1, 9, 4, KFIX_TANH),
      ADD(2, 3, 4, KFIX_LINEAR), ADD(0, 4, 4, KFIX_LINEAR)}},
    {"one",
     1,
     3,
     {0},
     {DENSE(0, 1, 1, KFIX_TANH), ADD(1, 0, 1, KFIX_TANH), DENSE(2, 1, 13, KFIX_LINEAR)}},
    {"pools",
     40,
     5,
     {5, 4, 2},
     {WINDOWS(conv, 0, 5, 4, 3, 3, 3, 1, 1, 1, 1, 19, KFIX_TANH),
      WINDOWS(max_pool, 1, 2, 2, 3, 2, 2, 2, 2, 0, 0, 0, KFIX_LINEAR),
      WINDOWS(conv, 2, 3, 2, 4, 2, 1, 1, 1, 1, 0, 6, KFIX_SIGMOID),
      WINDOWS(mean_pool, 3, 1, 1, 4, 3, 2, 1, 1, 0, 0, 0, KFIX_LINEAR),
      DENSE(4, 4, 3, KFIX_LINEAR)}},
    {"residual",
     20,
     8,
     {4, 5, 1},
     {WINDOWS(conv, 0, 4, 5, 3, 1, 1, 1, 1, 0, 0, 2, KFIX_TANH),
      WINDOWS(conv, 1, 4, 5, 3, 3, 3, 1, 1, 1, 1, 27, KFIX_LINEAR), ADD(2, 1, 60, KFIX_SIGMOID),
      WINDOWS(max_pool, 3, 2, 3, 3, 3, 3, 2, 2, 1, 1, 0, KFIX_LINEAR),
      WINDOWS(conv, 4, 2, 3, 3, 3, 3, 1, 1, 1, 1, 28, KFIX_TANH), ADD(5, 4, 18, KFIX_LINEAR),
      WINDOWS(mean_pool, 6, 3, 4, 3, 2, 2, 1, 1, 1, 1, 0, KFIX_TANH),
      DENSE(7, 36, 2, KFIX_LINEAR)}},
    {"columns",
     21,
     3,
     {7, 1, 3},
     {WINDOWS(max_pool, 0, 6, 1, 3, 2, 1, 1, 1, 0, 0, 0, KFIX_LINEAR),
      WINDOWS(conv, 1, 3, 1, 5, 3, 1, 2, 1, 1, 0, 10, KFIX_TANH),
      WINDOWS(mean_pool, 2, 2, 1, 5, 2, 1, 1, 1, 0, 0, 0, KFIX_LINEAR)}}};

/* A sum of images is one. */
static kfix_image image_of(const ref_graph *g, const kfix_node_spec *n) {
  const kfix_image source = kfix_net_image(&g->net, n->from);
  if (n->kind == KFIX_KIND_add) return source;
  return n->kernel[0] ? n->image : (kfix_image){1, 1, n->units};
}

int graph_begin(ref_graph *g, int i) {
  if (i >= (int)(sizeof shapes / sizeof shapes[0])) return 0;
  memset(g, 0, sizeof *g);
  memcpy(g->nodes, shapes[i].nodes, sizeof g->nodes);
  g->net = (kfix_net){.name = shapes[i].name,
                      .nodes = g->nodes,
                      .node_count = shapes[i].count,
                      .inputs = shapes[i].inputs,
                      .image = shapes[i].image,
                      .loss = KFIX_MSE,
                      .target = KFIX_TARGET_VALUES,
                      .chunk = 64,
                      .row_block = 32,
                      .threads = 3};
  for (uint32_t n = 0; n < shapes[i].count; n++) {
    g->nodes[n].image = image_of(g, &g->nodes[n]);
    if (g->nodes[n].cols == 0) continue;
    const uint32_t block = g->net.block_count++;
    g->w[block + 1] = g->w[block] + (size_t)kfix_node_rows(&g->nodes[n]) * g->nodes[n].cols;
  }
  return 1;
}

static double phi(kfix_activation f, double s) {
  if (f == KFIX_SIGMOID) return 1 / (1 + exp(-s));
  if (f == KFIX_TANH) return tanh(s);
  return f == KFIX_RELU && s < 0 ? 0 : s;
}

static double of_dense(const kfix_node_spec *n, const double *w, uint32_t unit, const double *a) {
  double s = w[(size_t)unit * n->cols + n->cols - 1];
  for (uint32_t j = 0; j + 1 < n->cols; j++) s += w[(size_t)unit * n->cols + j] * a[j];
  return s;
}

/* Which number of the image stands at (i, j) of the kernel for channel c, in the window of unit u; -1: none. */
static long seen(const kfix_windows *g, uint32_t window, uint32_t i, uint32_t j, uint32_t c) {
  const long y = (long)(window / g->cols * g->stride[0] + i) - (long)g->pad[0];
  const long x = (long)(window % g->cols * g->stride[1] + j) - (long)g->pad[1];
  if (y < 0 || x < 0 || y >= (long)g->height || x >= (long)g->width) return -1;
  return (y * (long)g->width + x) * (long)g->channels + (long)c;
}

static double of_conv(const kfix_node_spec *n, const kfix_windows *g, const double *w, uint32_t u,
                      const double *a) {
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

/* `chosen`: the numbers whose largest is taken; NULL: the mean. */
static double of_pool(const kfix_node_spec *n, const kfix_windows *g, uint32_t u,
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

/* Numbers at all places. */
typedef double places[GRAPH_NODES + 1][GRAPH_UNITS];

static double unit_of(const ref_graph *g, const kfix_node_spec *n, const double *w, uint32_t u,
                      places a, places base) {
  const kfix_windows windows = kfix_net_windows(&g->net, n);
  const double *in = a[n->from];
  switch (n->kind) {
    case KFIX_KIND_dense:
      return of_dense(n, w, u, in);
    case KFIX_KIND_conv:
      return of_conv(n, &windows, w, u, in);
    case KFIX_KIND_max_pool:
      return of_pool(n, &windows, u, base[n->from], in);
    case KFIX_KIND_mean_pool:
      return of_pool(n, &windows, u, NULL, in);
    default:
      return in[u] + a[n->other][u];
  }
}

/* What is added to s of one unit. */
typedef struct nudge {
  uint32_t place, unit;
  double by;
} nudge;

/* a of all places; a pool takes what is the largest in `base`, which may be a. */
static void run(const ref_graph *g, const double *theta, const double *x, const nudge *to,
                places base, places a) {
  size_t block = 0;
  memcpy(a[0], x, g->net.inputs * sizeof *x);
  for (uint32_t place = 1; place <= g->net.node_count; place++) {
    const kfix_node_spec *n = &g->nodes[place - 1];
    for (uint32_t u = 0; u < n->units; u++) {
      const double by = to && to->place == place && to->unit == u ? to->by : 0;
      a[place][u] = phi(n->activation, unit_of(g, n, theta + g->w[block], u, a, base) + by);
    }
    block += n->cols > 0;
  }
}

/* The net that has the choices of its pools from `anchor`: what is differentiated there. */
static void forward(const ref_graph *g, const double *anchor, const double *theta, const double *x,
                    const nudge *to, double *z) {
  places a, base;
  run(g, anchor, x, NULL, base, base);
  run(g, theta, x, to, base, a);
  memcpy(z, a[g->net.node_count], kfix_net_outputs(&g->net) * sizeof *z);
}

void graph_forward_near(const ref_graph *g, const double *anchor, const double *theta,
                        const double *x, double *z) {
  forward(g, anchor, theta, x, NULL, z);
}

static double objective(const ref_graph *g, const double *anchor, const double *theta,
                        const double *x, const double *y, size_t n, double eta) {
  const size_t in = g->net.inputs, out = kfix_net_outputs(&g->net);
  double sum = 0, square = 0, z[GRAPH_UNITS];
  for (size_t e = 0; e < n; e++) {
    forward(g, anchor, theta, x + e * in, NULL, z);
    for (size_t o = 0; o < out; o++) sum += (z[o] - y[e * out + o]) * (z[o] - y[e * out + o]) / 2;
  }
  for (size_t i = 0; i < g->w[g->net.block_count]; i++) square += theta[i] * theta[i];
  return sum / (double)n + eta / 2 * square;
}

double graph_objective(const ref_graph *g, const double *theta, const double *x, const double *y,
                       size_t n, double eta) {
  return objective(g, theta, theta, x, y, n, eta);
}

/* Errs by h^2 times a third derivative and by eps / h. */
static const double h = 1e-5;

void graph_gradient(const ref_graph *g, const double *theta, const double *x, const double *y,
                    size_t n, double eta, double *gradient) {
  const size_t count = g->w[g->net.block_count];
  double moved[GRAPH_PARAMETERS];
  memcpy(moved, theta, count * sizeof *moved);
  for (size_t i = 0; i < count; i++) {
    moved[i] = theta[i] + h;
    const double up = objective(g, theta, moved, x, y, n, eta);
    moved[i] = theta[i] - h;
    gradient[i] = (up - objective(g, theta, moved, x, y, n, eta)) / (2 * h);
    moved[i] = theta[i];
  }
}

void graph_tangent(const ref_graph *g, const double *theta, const double *v, const double *x,
                   double *jv) {
  const size_t count = g->w[g->net.block_count];
  double up[GRAPH_PARAMETERS], down[GRAPH_PARAMETERS], low[GRAPH_UNITS];
  for (size_t i = 0; i < count; i++) {
    up[i] = theta[i] + h * v[i];
    down[i] = theta[i] - h * v[i];
  }
  forward(g, theta, up, x, NULL, jv);
  forward(g, theta, down, x, NULL, low);
  for (size_t o = 0; o < kfix_net_outputs(&g->net); o++) jv[o] = (jv[o] - low[o]) / (2 * h);
}

static uint32_t place_of(const ref_graph *g, uint32_t block) {
  return (uint32_t)(kfix_net_block(&g->net, block) - g->nodes) + 1;
}

void graph_by_unit(const ref_graph *g, const double *theta, const double *x, uint32_t block,
                   uint32_t unit, double *dz) {
  nudge to = {place_of(g, block), unit, h};
  double low[GRAPH_UNITS];
  forward(g, theta, theta, x, &to, dz);
  to.by = -h;
  forward(g, theta, theta, x, &to, low);
  for (size_t o = 0; o < kfix_net_outputs(&g->net); o++) dz[o] = (dz[o] - low[o]) / (2 * h);
}

void graph_abar(const ref_graph *g, const double *theta, const double *x, uint32_t block,
                uint32_t window, double *abar) {
  const kfix_node_spec *n = kfix_net_block(&g->net, block);
  const kfix_windows at = kfix_net_windows(&g->net, n);
  const uint32_t k = n->kernel[0] ? (uint32_t)kfix_patch_reals(&at) : n->cols - 1;
  places a;
  run(g, theta, x, NULL, a, a);
  for (uint32_t j = 0; j < n->cols; j++) {
    const long pixel = !n->kernel[0] ? (long)j
                       : j < k       ? seen(&at, window, j / at.channels / at.kernel[1],
                                            j / at.channels % at.kernel[1], j % at.channels)
                                     : 0;
    abar[j] = j == k ? 1 : pixel < 0 ? 0 : a[n->from][pixel];
  }
}
