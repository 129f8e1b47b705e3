/* SPDX-License-Identifier: Apache-2.0
 * Nets with branches and nets of images, and what they compute, in plain double arithmetic: node by node as the
 * kinds are defined, derivatives by central differences while pools keep their choices. Parameters: as in reference_net.h. */
#ifndef KFIX_TEST_REFERENCE_GRAPH_H
#define KFIX_TEST_REFERENCE_GRAPH_H

#include "core/context.h"
#include "kfix.h"

enum {
  GRAPH_NODES = 8,
  GRAPH_UNITS = 64,
  GRAPH_PARAMETERS = 700,
  GRAPH_ROWS = 99,
  GRAPH_MOMENTS = 16
};

typedef struct ref_graph {
  kfix_node_spec nodes[GRAPH_NODES];
  kfix_net net;
  size_t w[GRAPH_NODES + 1]; /* where W of a block starts; then how many parameters there are */
} ref_graph;

/* Net number i, from 0; returns 0 past the last. Squared error; chunk 64, row block 32, one thread. */
int graph_begin(ref_graph *g, int i);

/* The same of nets with normalisations, whose moments are of groups of so many examples. */
int graph_begin_normed(ref_graph *g, int i, uint32_t group);

/* What the net puts out for n examples, GRAPH_ROWS at most: a normalisation takes the moments of their groups. */
void graph_forward(const ref_graph *g, const double *theta, const double *x, size_t n, double *z);
/* With the moments that are given for each block that is a normalisation: (mean, variance) of each channel. */
void graph_in_use(const ref_graph *g, const double *theta, const double (*running)[GRAPH_MOMENTS],
                  const double *x, size_t n, double *z);
/* Those of the groups of n examples, each group for its part of them. */
void graph_moments(const ref_graph *g, const double *theta, const double *x, size_t n,
                   double (*running)[GRAPH_MOMENTS]);
/* 1/2 ||z - y||^2, mean over n examples, and (eta / 2) ||theta||^2. */
double graph_objective(const ref_graph *g, const double *theta, const double *x, const double *y,
                       size_t n, double eta);
/* Of that, by central differences. */
void graph_gradient(const ref_graph *g, const double *theta, const double *x, const double *y,
                    size_t n, double eta, double *gradient);
/* dz / dtheta of n examples, (example, output) x parameters, by differences of fourth order: good to about 1e-11. */
void graph_jacobian(const ref_graph *g, const double *theta, const double *x, size_t n,
                    double *jacobian);
/* J v of n examples, by central differences. */
void graph_tangent(const ref_graph *g, const double *theta, const double *v, const double *x,
                   size_t n, double *jv);

/* Of one example: dz / ds of a unit of a block's node, by central differences; and what its window shows, a
 * one behind it, n->cols numbers. */
void graph_by_unit(const ref_graph *g, const double *theta, const double *x, uint32_t block,
                   uint32_t unit, double *dz);
void graph_abar(const ref_graph *g, const double *theta, const double *x, uint32_t block,
                uint32_t window, double *abar);
/* And all that the node reads, in its order. */
void graph_read(const ref_graph *g, const double *theta, const double *x, uint32_t block,
                double *image);

#endif
