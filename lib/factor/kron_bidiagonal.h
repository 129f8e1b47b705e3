/* SPDX-License-Identifier: Apache-2.0
 * The papers' Lanczos bidiagonalisation of the rearranged block, in parameter space, restarted:
 * all wanted singular triples together. For layers that are narrow beside the number of examples it
 * is cheaper than kfix_kron_svd in example space, and finds the same. */
#ifndef KFIX_FACTOR_KRON_BIDIAGONAL_H
#define KFIX_FACTOR_KRON_BIDIAGONAL_H

#include "kron_power.h"

/* True where so few operations find `rank` terms in parameter space: 12 iterations for one, 6 more for each other, against
 * Gram matrices and some four block iterations in example space. More rows never make it false. */
#define KFIX_KRON_IS_NARROW(rows, left, right, rank)                                   \
  (12 * (1ull + (rank)) *                                                              \
       ((unsigned long long)(left) * (left) + (unsigned long long)(right) * (right)) < \
   (unsigned long long)(rows) * ((unsigned long long)(left) + (right) + 100))

/* As kfix_kron_power, whose shapes, signs, pairs and errors it has, by Lanczos bidiagonalisation
 * [KPSVD 2.2.2, B.2]: orthonormal bases with Z Q = P H, H small. Both are kept orthonormal in full;
 * a restart keeps the leading singular triples of H and the last residual (Baglama and Reichel
 * 2005), where the papers go on from one combination of them. A basis that Z maps into itself is
 * extended by random matrices until nothing is left; a search that ends before finds a sigma that is
 * exactly multiple once. (Of a layer in a net sigma_0 is simple: its examples share a coordinate.)
 * Stops when each of the `rank` triples satisfies |Z^T u - sigma v| <= KFIX_KRON_TOLERANCE sigma, or
 * is lost in rounding.
 *
 * scratch  KFIX_KRON_BIDIAGONAL_REALS(rows, left, right)
 * cost     an iteration: 3 rows (left^2 + right^2), and some 64 (left^2 + right^2) to orthogonalise;
 *          10 to 30 of them as a rule */
#define KFIX_KRON_STEPS_MAX 256
#define KFIX_KRON_BIDIAGONAL_REALS(rows, left, right)                                       \
  (KFIX_KRON_WIDTH * KFIX_KRON_TERM(left) + (KFIX_KRON_WIDTH + 1) * KFIX_KRON_TERM(right) + \
   (4 * KFIX_KRON_WIDTH + 1) * KFIX_KRON_WIDTH * (sizeof(double) / KFIX_REAL_BYTES) +       \
   KFIX_KRON_OPERATOR_REALS(rows, KFIX_KRON_WIDER(left, right)))
kfix_status kfix_kron_bidiagonal(const kfix_device *d, const kfix_kron_operator *z, size_t rank,
                                 kfix_real *left, kfix_real *right, kfix_kron_pairs *pairs,
                                 kfix_real *scratch);

#endif
