/* SPDX-License-Identifier: Apache-2.0
 * The memory of block-tridiagonal K-FAC: that of K-FAC, and for each pair of neighbours the cross
 * moments and the bases of the correction.
 *
 * A pair of blocks i and i + 1 has an input side (orders: cols and out + 1 of block i) and an output side
 * (orders: cols - 1 and out of block i + 1). The first lies with block i, the second with block i + 1, so
 * that a block's own sizes give all its counts. below, above: 1 if the block has that neighbour. */
#ifndef KFIX_CURVATURE_KFAC_TRIDIAG_PLAN_H
#define KFIX_CURVATURE_KFAC_TRIDIAG_PLAN_H

#include "../factor/kron_pair.h"
#include "kfac_plan.h"

/* Bases of both neighbours, one above the other, and x and y (factor/kron_pair.h). Dense: a state has
 * no padding. */
#define KFIX_TRIDIAG_BASIS(n, m)    (((n) + (m)) * KFIX_KRON_RANK(n, m))
#define KFIX_TRIDIAG_SPECTRUM(n, m) (2 * KFIX_KRON_RANK(n, m))

#define KFIX_REGIONS_PAIRS(R, cols, out, below, above)                             \
  R(TRIDIAG_A_CROSS, STATISTICS, (above) * (cols) * ((out) + 1),                   \
    "cross moment of abar with the layer above")                                   \
  R(TRIDIAG_G_CROSS, STATISTICS, (below) * ((cols)-1) * (out),                     \
    "cross moment of g with the layer below")                                      \
  R(TRIDIAG_A_BASIS, INVERSE, (above)*KFIX_TRIDIAG_BASIS((cols), (out) + 1),       \
    "canonical directions of abar, here and in the layer above")                   \
  R(TRIDIAG_G_BASIS, INVERSE, (below)*KFIX_TRIDIAG_BASIS((cols)-1, (out)),         \
    "canonical directions of g, in the layer below and here")                      \
  R(TRIDIAG_A_SPECTRUM, INVERSE, (above)*KFIX_TRIDIAG_SPECTRUM((cols), (out) + 1), \
    "squared correlations of abar")                                                \
  R(TRIDIAG_G_SPECTRUM, INVERSE, (below)*KFIX_TRIDIAG_SPECTRUM((cols)-1, (out)),   \
    "squared correlations of g")                                                   \
  R(TRIDIAG_FLOORED, INVERSE, (above), "entries of 1 - s1 s2 that the floor raised")
enum {
  KFIX_TRIDIAG_BEGIN = KFIX_KFAC_COUNT - 1,
  KFIX_REGIONS_PAIRS(KFIX_BLOCK_ENUM, 0, 0, 0, 0) KFIX_TRIDIAG_COUNT
};

/* A refresh holds the whiteners of both neighbours and works on one side; applying a pair's
 * correction takes less: three matrices of at most r x (order + 1). */
#define KFIX_TRIDIAG_PAIR(n, m) ((n)*KFIX_LD(n) + (m)*KFIX_LD(m) + KFIX_KRON_PAIR_REALS(n, m))

#define KFIX_kfac_tridiag_CHAIN 1
#define KFIX_kfac_tridiag_NET(R, P, chunk, out, turn) \
  KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_kfac_tridiag_BLOCK(R, held, cols, out, below, above) \
  KFIX_kfac_BLOCK(R, held, cols, out, below, above) KFIX_REGIONS_PAIRS(R, cols, out, below, above)
#define KFIX_kfac_tridiag_SCRATCH(cols, out, row_block, stats_rows, below, above) \
  KFIX_LARGER(KFIX_kfac_SCRATCH(cols, out, row_block, stats_rows, below, above),  \
              KFIX_LARGER((above)*KFIX_TRIDIAG_PAIR((cols), (out) + 1),           \
                          (below)*KFIX_TRIDIAG_PAIR((cols)-1, (out))))

#endif
