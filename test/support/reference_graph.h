/* SPDX-License-Identifier: Apache-2.0
 * Nets with branches and nets of images, and what they compute, in plain double arithmetic: node by node as the
 * kinds are defined, derivatives by central differences while pools keep their choices. Parameters: as in reference_net.h. */
#ifndef KFIX_TEST_REFERENCE_GRAPH_H
#define KFIX_TEST_REFERENCE_GRAPH_H

#include "core/context.h"
#include "kfix.h"

enum { GRAPH_NODES = 8, GRAPH_UNITS = 64, GRAPH_PARAMETERS = 700 };

typedef struct ref_graph {
  kfix_node_spec nodes[GRAPH_NODES];
  kfix_net net;
  size_t w[GRAPH_NODES + 1]; /* where W of a block starts; then how many parameters there are */
} ref_graph;

/* Net number i, from 0; returns 0 past the last. Squared error; chunk 64, row block 32, one thread. */
int graph_begin(ref_graph *g, int i);

/* What the net puts out for one example; and if its pools chose as at `anchor`. */
void graph_forward_near(const ref_graph *g, const double *anchor, const double *theta,
                        const double *x, double *z);
static inline void graph_forward(const ref_graph *g, const double *theta, const double *x,
                                 double *z) {
  graph_forward_near(g, theta, theta, x, z);
}
/* 1/2 ||z - y||^2, mean over n examples, and (eta / 2) ||theta||^2. */
double graph_objective(const ref_graph *g, const double *theta, const double *x, const double *y,
                       size_t n, double eta);
/* Of that, by central differences. */
void graph_gradient(const ref_graph *g, const double *theta, const double *x, const double *y,
                    size_t n, double eta, double *gradient);
/* J v of one example, by central differences. */
void graph_tangent(const ref_graph *g, const double *theta, const double *v, const double *x,
                   double *jv);

/* Of one example: dz / ds of a unit of a block's node, by central differences; and what its window shows, a
 * one behind it, n->cols numbers. */
void graph_by_unit(const ref_graph *g, const double *theta, const double *x, uint32_t block,
                   uint32_t unit, double *dz);
void graph_abar(const ref_graph *g, const double *theta, const double *x, uint32_t block,
                uint32_t window, double *abar);

#endif
