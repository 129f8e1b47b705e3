/* SPDX-License-Identifier: Apache-2.0
 * A dense feed-forward network in plain double arithmetic, written from the papers' formulas: what
 * the library's network is held against. Simple and slow on purpose.
 *
 * Parameters: W of each layer, row by row, one layer after the other, out x (in + 1), the bias in
 * the last column; no padding. Layers count from 0 here. */
#ifndef KFIX_TEST_REFERENCE_NET_H
#define KFIX_TEST_REFERENCE_NET_H

#include "core/net_spec.h"

enum { REF_LAYERS = 8, REF_UNITS = 64 };

typedef struct ref_net {
  size_t depth, parameters;
  size_t width[REF_LAYERS + 1]; /* width[0]: inputs */
  size_t w[REF_LAYERS];         /* where W of a layer starts */
  kfix_activation activation[REF_LAYERS];
  kfix_loss loss;
} ref_net;

/* All that one example leaves behind. */
typedef struct ref_pass {
  double a[REF_LAYERS + 1][REF_UNITS + 1]; /* abar: a[0] is the input; a one follows the units */
  double g[REF_LAYERS][REF_UNITS];         /* dL/ds of each layer */
  double z[REF_UNITS], p[REF_UNITS];       /* output, mean of the predictive distribution */
  double q[REF_UNITS];                     /* 1 - p where p is a probability, also near 0 */
} ref_pass;

ref_net ref_from(const kfix_net *net);
size_t ref_outputs(const ref_net *net);
double ref_dot(const double *a, const double *b, size_t n);

/* a, z, p. */
void ref_forward(const ref_net *net, const double *theta, const double *x, ref_pass *pass);
/* g for the targets y, after ref_forward. */
void ref_backward(const ref_net *net, const double *theta, const double *y, ref_pass *pass);
double ref_loss(const ref_net *net, const ref_pass *pass, const double *y);
/* ||p - y||^2, or 1 if the classes differ. */
double ref_error(const ref_net *net, const ref_pass *pass, const double *y);

/* Means over n examples (x: n x inputs, y: n x outputs) plus (eta / 2) ||theta||^2. */
double ref_objective(const ref_net *net, const double *theta, const double *x, const double *y,
                     size_t n, double eta);
/* Its gradient. */
void ref_gradient(const ref_net *net, const double *theta, const double *x, const double *y,
                  size_t n, double eta, double *gradient);

/* J = dz/dtheta (outputs x parameters) of one example, one backward pass for each output. */
void ref_jacobian(const ref_net *net, const double *theta, const double *x, double *jacobian);
/* F_R (outputs x outputs) of the predictive distribution with mean p. */
void ref_output_fisher(const ref_net *net, const double *p, double *f);
/* Mean over n examples of J^T F_R J (parameters x parameters). */
void ref_fisher(const ref_net *net, const double *theta, const double *x, size_t n, double *f);
/* u^T F v over n examples without forming F. */
double ref_fisher_form(const ref_net *net, const double *theta, const double *x, size_t n,
                       const double *u, const double *v);

#endif
