/* SPDX-License-Identifier: Apache-2.0
 * A block of the Fisher matrix the long way, in double: formed, multiplied out, diagonalised by
 * Jacobi's rotations. And examples of the kinds that make an approximation hard. */
#ifndef KFIX_TEST_REFERENCE_BLOCK_H
#define KFIX_TEST_REFERENCE_BLOCK_H

#include "fisher_lab/block_rows.h"

typedef enum block_kind {
  BLOCK_NORMAL,    /* a and g correlated through a common factor */
  BLOCK_HEAVY,     /* each example scaled by 1 / u, u uniform: a few dominate */
  BLOCK_DEFICIENT, /* all examples within two directions on each side */
  BLOCK_KIND_COUNT
} block_kind;

typedef struct ref_block {
  block_rows f;
  kfix_real *abar, *g; /* the last column of abar is one */
  double *dense;       /* F, n x n, element (i out + j) the pair of abar_i and g_j */
  size_t n;
} ref_block;

void ref_block_begin(ref_block *b, block_kind kind, size_t rows, size_t in, size_t out,
                     uint64_t seed);
void ref_block_end(ref_block *b);

/* A symmetric n x n matrix with random elements; an orthogonal one. Freed by the caller. */
kfix_real *ref_random_symmetric(size_t n, uint64_t *state);
kfix_real *ref_random_orthogonal(size_t n, uint64_t *state);

/* The approximation as a dense matrix like F's; freed by the caller. */
double *ref_block_of_factors(const block_rows *shape, const block_factors *b);

/* Eigenvalues, descending; a is destroyed. */
void ref_eigenvalues(size_t n, double *a, double *values);

/* A damping that suits any scale: the mean eigenvalue of F, or 1 if that is not positive. */
double ref_mean_eigenvalue(const block_rows *f);

double ref_norm(const double *x, size_t n);

#endif
