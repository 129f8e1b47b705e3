/* SPDX-License-Identifier: Apache-2.0
 * Dense K-FAC in plain double arithmetic [KFAC 4.2, 5, 6.3]: running factors, damped dense inverse
 * and, at small size, the whole damped block A (x) G solved as one linear system. */
#ifndef KFIX_TEST_REFERENCE_KFAC_H
#define KFIX_TEST_REFERENCE_KFAC_H

#include "reference_net.h"

/* Factors of each layer, dense and full: A (in + 1)^2, G out^2; and the damped inverses. */
typedef struct ref_kfac {
  double *a[REF_LAYERS], *g[REF_LAYERS], *a_inverse[REF_LAYERS], *g_inverse[REF_LAYERS];
  double pi[REF_LAYERS];
  size_t count; /* batches taken in */
} ref_kfac;

void ref_kfac_begin(ref_kfac *k, const ref_net *net);
void ref_kfac_end(ref_kfac *k, const ref_net *net);

/* One batch of n examples with these targets: eps = min(1 - 1 / k, decay) of the past is kept.
 * Returns eps. */
double ref_kfac_absorb(ref_kfac *k, const ref_net *net, const double *theta, const double *x,
                       const double *y, size_t n, double decay);
/* pi and (A + pi gamma I)^-1, (G + gamma / pi I)^-1. */
void ref_kfac_refresh(ref_kfac *k, const ref_net *net, double gamma);
/* out = scale G^-1 V A^-1, layer by layer. */
void ref_kfac_apply(const ref_kfac *k, const ref_net *net, double scale, const double *v,
                    double *out);

/* b (n x m) = a^-1 b by elimination with pivoting; a (n x n) is destroyed. 0: a is singular. */
int ref_solve(size_t n, size_t m, double *a, double *b);
/* out (n x n) = a^-1. */
int ref_inverse(size_t n, const double *a, double *out);
/* One layer, by the papers' definition: the system (A + pi gamma I) (x) (G + gamma / pi I) of order
 * (in + 1) out in column-stacking order, solved for vec(v). */
void ref_kron_solve(const ref_kfac *k, const ref_net *net, size_t layer, double gamma,
                    const double *v, double *out);

#endif
