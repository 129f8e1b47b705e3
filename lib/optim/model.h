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

/* Measures the model along u and v (NULL: u alone): F on S2, the last rows of the batch, the
 * gradient where kfix_gradient left it. tangent_v_ready: J v of the same S2 still stands in
 * TANGENT_V, which is so after a first call if kfix_model_resident. Waits for the device once. */
kfix_status kfix_model_measure(kfix *k, const kfix_batch *batch, const kfix_real *u,
                               const kfix_real *v, int tangent_v_ready, kfix_model *model);

/* What rounding makes of a change of the objective, mean over `rows` examples. Outputs z are right to
 * r = 8 eps, so a loss L is to r (L + 2 sqrt(L Z)), with Z = 1/2 z^T F_R z: examples err one by one, and
 * their mean by the root of their number less. Where L has run into it, r^2 Z is left. */
double kfix_resolution(double objective, double zz, size_t rows);

/* True if all of S2 lies in the chunk that kfix_gradient leaves standing. */
int kfix_model_resident(const kfix *k, size_t rows);

/* Whether M is finite at this damping, and its resolution. */
int kfix_model_finite(const kfix_model *model, double damping);

/* The minimiser of M for damping = lambda + eta, over alpha and mu, or over alpha alone (with_v 0,
 * or where the 2 x 2 system is singular to working precision). REFUSED: M is not finite, promises
 * no decrease, or promises more than `objective` and what rounding makes of it, which is all there is:
 * no loss is negative. */
kfix_status kfix_model_minimise(const kfix_model *model, double damping, int with_v,
                                double objective, kfix_best *best);

/* Whether lambda alone keeps the promise below rounding: it is most of M along u, and where it was no
 * more than F + eta I there, M would promise more than rounding makes. */
int kfix_model_held_down(const kfix_model *model, double lambda, double eta);

/* ||alpha u + mu v||^2. */
double kfix_model_length2(const kfix_model *model, const kfix_best *best);

#endif
