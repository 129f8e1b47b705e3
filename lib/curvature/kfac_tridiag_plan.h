/* SPDX-License-Identifier: Apache-2.0
 * The memory of block-tridiagonal K-FAC: that of K-FAC, and for each pair of neighbours the cross
 * moments and the bases of the correction.
 *
 * Of the pair of layers i and i + 1 the input side (order in + 1 and out + 1 of layer i) lies with
 * layer i, the output side (order in and out of layer i + 1) with layer i + 1: so each layer's own
 * widths give all sizes. below, above: 1 if the layer has such a neighbour. */
#ifndef KFIX_CURVATURE_KFAC_TRIDIAG_PLAN_H
#define KFIX_CURVATURE_KFAC_TRIDIAG_PLAN_H

#include "../factor/kron_pair.h"
#include "kfac_plan.h"

enum {
  KFIX_TRIDIAG_A_CROSS = KFIX_KFAC_PI + 1,
  KFIX_TRIDIAG_G_CROSS,
  KFIX_TRIDIAG_A_BASIS,
  KFIX_TRIDIAG_G_BASIS,
  KFIX_TRIDIAG_A_SPECTRUM,
  KFIX_TRIDIAG_G_SPECTRUM,
  KFIX_TRIDIAG_FLOORED
};

/* Bases of both neighbours, one above the other, and x and y (factor/kron_pair.h). Dense: a state has
 * no padding. */
#define KFIX_TRIDIAG_BASIS(n, m)    (((n) + (m)) * KFIX_KRON_RANK(n, m))
#define KFIX_TRIDIAG_SPECTRUM(n, m) (2 * KFIX_KRON_RANK(n, m))

#define KFIX_REGIONS_TRIDIAG(R, in, out, below, above)                               \
  R(TRIDIAG_A_CROSS, STATISTICS, (above) * ((in) + 1) * ((out) + 1))                 \
  R(TRIDIAG_G_CROSS, STATISTICS, (below) * (in) * (out))                             \
  R(TRIDIAG_A_BASIS, INVERSE, (above)*KFIX_TRIDIAG_BASIS((in) + 1, (out) + 1))       \
  R(TRIDIAG_G_BASIS, INVERSE, (below)*KFIX_TRIDIAG_BASIS(in, out))                   \
  R(TRIDIAG_A_SPECTRUM, INVERSE, (above)*KFIX_TRIDIAG_SPECTRUM((in) + 1, (out) + 1)) \
  R(TRIDIAG_G_SPECTRUM, INVERSE, (below)*KFIX_TRIDIAG_SPECTRUM(in, out))             \
  R(TRIDIAG_FLOORED, INVERSE, (above))

/* A refresh holds the whiteners of both neighbours and works on one side; applying a pair's
 * correction takes less: three matrices of at most r x (order + 1). */
#define KFIX_TRIDIAG_PAIR(n, m) ((n)*KFIX_LD(n) + (m)*KFIX_LD(m) + KFIX_KRON_PAIR_REALS(n, m))
#define KFIX_TRIDIAG_SCRATCH(in, out, block, stats_rows, below, above) \
  KFIX_MAX2(KFIX_kfac_SCRATCH(in, out, block, stats_rows),             \
            KFIX_MAX2((above)*KFIX_TRIDIAG_PAIR((in) + 1, (out) + 1),  \
                      (below)*KFIX_TRIDIAG_PAIR((in), (out))))

#define KFIX_kfac_tridiag_NET(R, P, chunk, out, widest) \
  KFIX_REGIONS_NATURAL(R, P, chunk, out, widest)

/* At run time the walk says where the layer stands, in a config its number does. */
#define KFIX_kfac_tridiag_LAYER(R, held, in, out)                                               \
  KFIX_kfac_LAYER(R, held, in, out) KFIX_REGIONS_TRIDIAG(R, in, out, (size_t)(walk->layer > 1), \
                                                         (size_t)(walk->layer < walk->depth))
#define KFIX_kfac_tridiag_SCRATCH(in, out, block, stats_rows)                 \
  KFIX_TRIDIAG_SCRATCH(in, out, block, stats_rows, (size_t)(walk->layer > 1), \
                       (size_t)(walk->layer < walk->depth))
#define KFIX_kfac_tridiag_EACH(i, units, act)                                    \
  KFIX_EACH(kfac, i, units, act)                                                 \
  KFIX_REGIONS_TRIDIAG(KFIX_ADD_REGION, (size_t)KFIX_BELOW_##i, (size_t)(units), \
                       (size_t)((i) > 1), (size_t)((i) < KFIX_DEPTH))
#define KFIX_kfac_tridiag_MEMBER(i, units, act)                                           \
  char s##i[1 + KFIX_TRIDIAG_SCRATCH((size_t)KFIX_BELOW_##i, (size_t)(units), KFIX_BLOCK, \
                                     KFIX_STATS_ROWS, (size_t)((i) > 1),                  \
                                     (size_t)((i) < KFIX_DEPTH))];

#endif
