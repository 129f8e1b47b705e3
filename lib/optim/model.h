/* SPDX-License-Identifier: Apache-2.0
 * The quadratic model M of the objective around theta, with the exact Fisher [KFAC 6.4, 7]:
 * M(d) - M(0) = 1/2 d^T (F + (lambda + eta) I) d + gradient . d, over d = alpha u + mu v. */
#ifndef KFIX_OPTIM_MODEL_H
#define KFIX_OPTIM_MODEL_H

#include "core/batch.h"
#include "core/context.h"

typedef struct kfix_model {
  double fuu, fuv, fvv; /* u^T F u ..., means over S2 */
  double uu, uv, vv, gu, gv;
  double resolution; /* kfix_resolution's */
} kfix_model;

typedef struct kfix_best {
  double alpha, mu, change; /* change: M(alpha u + mu v) - M(0) */
} kfix_best;

/* Measures the model along u and v (NULL: u alone), with F on S2, the last rows of the batch, and the
 * gradient that kfix_gradient left. tangent_v_ready: J v stands in TANGENT_V from a call before, for
 * the same S2 (only if kfix_model_resident). Waits for the device once. */
kfix_status kfix_model_measure(kfix *k, const kfix_batch *batch, const kfix_real *u,
                               const kfix_real *v, int tangent_v_ready, kfix_model *model);

/* A change of the objective (a mean over `rows` examples) that rounding alone can make. Outputs z are
 * right to r = 8 eps. So the loss L of an example is right to r (L + 2 sqrt(L Z)), Z = 1/2 z^T F_R z; a
 * mean of independent errors is smaller by sqrt(rows). r^2 Z is what is left where L is 0. Their sum, of
 * doubles, is right to 2^-52 sqrt(rows), which is seen where kfix_real is double. */
double kfix_resolution(double objective, double zz, size_t rows);

/* True if all of S2 lies in the chunk that kfix_gradient leaves standing. */
int kfix_model_resident(const kfix *k, size_t rows);

/* Whether M is finite at this damping, and its resolution. */
int kfix_model_finite(const kfix_model *model, double damping);

/* The minimiser of M for damping = lambda + eta: over alpha and mu, or over alpha alone (with_v 0, or
 * the 2 x 2 system is singular to working precision).
 * REFUSED: M is not finite; or promises no decrease; or a decrease below zero, which no loss can reach
 * (objective, and its resolution, are the most there is). */
kfix_status kfix_model_minimise(const kfix_model *model, double damping, int with_v,
                                double objective, kfix_best *best);

/* Whether the promise is below rounding only because lambda is large: lambda is most of M along u, and
 * with no more lambda than F + eta I there, M would promise more than its resolution. */
int kfix_model_held_down(const kfix_model *model, double lambda, double eta);

/* ||alpha u + mu v||^2. */
double kfix_model_length2(const kfix_model *model, const kfix_best *best);

#endif
