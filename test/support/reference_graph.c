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

/* One residual block; skips that overlap, a node with three readers, a sum of sums; two dense nodes that
 * read the same, a sum with the input, which puts out; a first node that is a sum's only way back. */
static const struct {
  uint32_t inputs, count;
  kfix_node_spec nodes[GRAPH_NODES];
} shapes[] = {
    {5,
     4,
     {DENSE(0, 5, 7, KFIX_TANH), DENSE(1, 7, 7, KFIX_LINEAR), ADD(2, 1, 7, KFIX_SIGMOID),
      DENSE(3, 7, 3, KFIX_LINEAR)}},
    {6,
     8,
     {DENSE(0, 6, 11, KFIX_TANH), DENSE(1, 11, 5, KFIX_SIGMOID), DENSE(2, 5, 11, KFIX_LINEAR),
      ADD(3, 1, 11, KFIX_TANH), DENSE(4, 11, 11, KFIX_TANH), ADD(1, 5, 11, KFIX_LINEAR),
      ADD(6, 4, 11, KFIX_SIGMOID), DENSE(7, 11, 2, KFIX_TANH)}},
    {4,
     5,
     {DENSE(0, 4, 9, KFIX_TANH), DENSE(1, 9, 4, KFIX_SIGMOID), DENSE(1, 9, 4, KFIX_TANH),
      ADD(2, 3, 4, KFIX_LINEAR), ADD(0, 4, 4, KFIX_LINEAR)}},
    {1, 3, {DENSE(0, 1, 1, KFIX_TANH), ADD(1, 0, 1, KFIX_TANH), DENSE(2, 1, 13, KFIX_LINEAR)}}};

int graph_begin(ref_graph *g, int i) {
  if (i >= (int)(sizeof shapes / sizeof shapes[0])) return 0;
  memset(g, 0, sizeof *g);
  memcpy(g->nodes, shapes[i].nodes, sizeof g->nodes);
  g->net = (kfix_net){.name = "graph",
                      .nodes = g->nodes,
                      .node_count = shapes[i].count,
                      .inputs = shapes[i].inputs,
                      .loss = KFIX_MSE,
                      .target = KFIX_TARGET_VALUES,
                      .chunk = 64,
                      .row_block = 32,
                      .threads = 3};
  for (uint32_t n = 0; n < shapes[i].count; n++) {
    if (g->nodes[n].cols == 0) continue;
    const uint32_t block = g->net.block_count++;
    g->w[block + 1] = g->w[block] + (size_t)g->nodes[n].units * g->nodes[n].cols;
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

void graph_forward(const ref_graph *g, const double *theta, const double *x, double *z) {
  double a[GRAPH_NODES + 1][GRAPH_UNITS] = {{0}};
  size_t block = 0;
  memcpy(a[0], x, g->net.inputs * sizeof *x);
  for (uint32_t place = 1; place <= g->net.node_count; place++) {
    const kfix_node_spec *n = &g->nodes[place - 1];
    for (uint32_t u = 0; u < n->units; u++) {
      const double s = n->cols > 0 ? of_dense(n, theta + g->w[block], u, a[n->from])
                                   : a[n->from][u] + a[n->other][u];
      a[place][u] = phi(n->activation, s);
    }
    block += n->cols > 0;
  }
  memcpy(z, a[g->net.node_count], kfix_net_outputs(&g->net) * sizeof *z);
}

double graph_objective(const ref_graph *g, const double *theta, const double *x, const double *y,
                       size_t n, double eta) {
  const size_t in = g->net.inputs, out = kfix_net_outputs(&g->net);
  double sum = 0, square = 0, z[GRAPH_UNITS];
  for (size_t e = 0; e < n; e++) {
    graph_forward(g, theta, x + e * in, z);
    for (size_t o = 0; o < out; o++) sum += (z[o] - y[e * out + o]) * (z[o] - y[e * out + o]) / 2;
  }
  for (size_t i = 0; i < g->w[g->net.block_count]; i++) square += theta[i] * theta[i];
  return sum / (double)n + eta / 2 * square;
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
    const double up = graph_objective(g, moved, x, y, n, eta);
    moved[i] = theta[i] - h;
    gradient[i] = (up - graph_objective(g, moved, x, y, n, eta)) / (2 * h);
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
  graph_forward(g, up, x, jv);
  graph_forward(g, down, x, low);
  for (size_t o = 0; o < kfix_net_outputs(&g->net); o++) jv[o] = (jv[o] - low[o]) / (2 * h);
}
