/* SPDX-License-Identifier: Apache-2.0
 * The coarse space of a two-level direction [2L 3.3]: V_i, some columns for each block, so that R0^T is block
 * diagonal. Column j of all blocks together is one parameter vector; as a column of the whole space it has
 * number j * depth + block.
 *
 * With F_bullet = F + damping I, where F = J J^T / mass is that of the mini-batch (direction/fisher_examples.h),
 *   F_coarse = R0 F_bullet R0^T = mu^T mu / mass + damping V_i^T V_i on the diagonal blocks, mu = J^T R0^T
 *   r        = gradient - F_bullet zeta, zeta = -Delta the block-wise direction's
 *   b        = R0 r
 *   beta     F_coarse beta = b, and then zeta + R0^T beta; E(beta) - E(0) = beta^T F_coarse beta - 2 beta^T b
 *            <= 0 is what that gains in the norm of F_bullet [2L 4.4]
 * All without forming F, in one or a few passes over the examples. */
#ifndef KFIX_DIRECTION_COARSE_H
#define KFIX_DIRECTION_COARSE_H

#include "direction/direction.h"
#include "direction/fisher_examples.h"
#include "direction/two_level_plan.h"

/* A coarse space in the making. */
typedef struct kfix_coarse {
  const kfix_phase *phase;
  kfix_examples_of_f f;
  uint32_t columns; /* of each block */
  size_t n;         /* of all */
  kfix_rows mu;     /* rows x n */
} kfix_coarse;

/* What a choice of space has: columns (0: taylor_order), whether they are made of r, and whether the
 * correction is additive. */
typedef struct kfix_space_info {
  uint32_t columns;
  int of_residual, additive;
} kfix_space_info;
const kfix_space_info *kfix_space_of(const kfix *k);
uint32_t kfix_space_columns(const kfix_options *options);

static inline kfix_real *kfix_coarse_column(const kfix *k, uint32_t j) {
  return k->along[KFIX_COARSE_SPACE].at[0] + j * k->parameters;
}

/* V, mu, J^T Delta, and r where the space needs it or somebody watches, for the block-wise Delta. */
kfix_status kfix_coarse_make(kfix *k, kfix_coarse *w, const kfix_real *delta);

/* ---- the small system, on the host ---- */

typedef struct kfix_coarse_system {
  size_t n;
  double *f;           /* F_coarse, packed */
  double *used;        /* what beta solves: F_coarse, or its block-Kronecker stand-in (tko) */
  double *b, *right;   /* R0 r, and what beta solves for */
  double *gradient;    /* R0 gradient */
  double form;         /* zeta^T F_bullet zeta of the block-wise zeta */
  double *beta, *work; /* work: n^2 + 3 n */
} kfix_coarse_system;

/* All of it from mu and V. */
kfix_status kfix_coarse_read(kfix *k, const kfix_coarse *w, const kfix_real *delta,
                             kfix_coarse_system *s);

/* beta by a Cholesky factorization with pivots of the matrix, scaled to a unit diagonal: columns whose
 * pivot is below `least` are combinations of the others, to rounding, and have beta = 0. Returns the rank:
 * how many have not. f: packed, positive semi-definite, n x n. cost: n^3 / 3. */
size_t kfix_coarse_solve(size_t n, const double *f, const double *right, double least, double *work,
                         double *beta);

/* E(beta) - E(0). */
double kfix_coarse_change(const kfix_coarse_system *s);
/* The form of zeta + R0^T beta, as R0 F_bullet zeta = R0 gradient - b; gradient: R0 gradient. */
double kfix_coarse_form(const kfix_coarse_system *s);

/* ---- parts of it ---- */

/* spectral: the eigenvectors, from the latest factors. errors: NOT_CONVERGED with report.layer. */
kfix_status kfix_spectral_refresh(kfix *k);
/* Column 0 = v_G v_A^T of each block. */
kfix_status kfix_spectral_column(kfix *k);
/* tko: keeps pi of each block as the curvature's refresh has just found it, for the factors' damping in the
 * block-Kronecker F_coarse. */
kfix_status kfix_tko_refresh(kfix *k);
/* Abar v_A and G v_G of the slice's rows, one for each example, stand aside, a column for each block. v_A and
 * v_G: ones, or the eigenvectors. */
kfix_status kfix_rank_one_sides(kfix *k, const kfix_slice *s);
kfix_rows kfix_rank_one_side(const kfix *k, int of_g);
/* mu of a column v_G v_A^T for all rows of a block without windows: (Abar v_A) o (G v_G), by way of those. */
kfix_status kfix_rank_one_dots(kfix *k, const kfix_slice *all, kfix_rows mu);
/* used = E[a_i a_j] E[g_i g_j], a and g sums over abar and g of a block; on the diagonal the damped factors
 * [2L 3.18]. A block that looks through windows has of each example the mean of abar over them and the sum of
 * g, as conv reduce has: whatever the blocks, the matrix is positive semi-definite. room: reals for a triangle
 * over the blocks. */
kfix_status kfix_tko_matrix(kfix *k, const kfix_coarse *w, kfix_real *room, double *used);

#endif
