/* SPDX-License-Identifier: Apache-2.0
 * One merge of the divide and conquer method: from the eigenproblems of two neighbouring blocks to
 * that of both, with the coupling between them. */
#ifndef KFIX_FACTOR_TRIDIAGONAL_MERGE_H
#define KFIX_FACTOR_TRIDIAGONAL_MERGE_H

#include "factor/tridiagonal.h"

/* What merges work with; arrays are of the order of the whole problem. */
typedef struct kfix_merge_room {
  kfix_real *rows;   /* eigenvectors of each block: a square on the diagonal */
  size_t ld;         /* of rows */
  kfix_real *packed; /* n^2 elements */
  kfix_real *mix;    /* n x n of leading dimension ld_mix */
  size_t ld_mix;
  double *z, *pole, *kept_z, *origin, *offset, *mixed_pole, *mixed_z;
  uint32_t *order; /* row, within its block, of each eigenvalue in ascending order */
  uint32_t *sorted, *kept, *dropped;
  uint8_t *kind; /* which part of a row is not zero */
} kfix_merge_room;

/* Elements of a room without its matrices, and a room laid out there. */
#define KFIX_MERGE_REALS(n) ((7 * 8 + 4 * 4 + 8) / KFIX_REAL_BYTES * KFIX_LD(n))
void kfix_merge_lay_out(size_t n, kfix_real *at, kfix_merge_room *room);

/* Rows first .. middle - 1 and middle .. end - 1 of T, torn at the middle. */
typedef struct kfix_merge {
  const kfix_device *d;
  const kfix_tridiagonal *t; /* d: eigenvalues of the blocks, by row */
  const kfix_merge_room *room;
  size_t first, middle, end;
  double norm; /* of the whole T: what is below eps norm may be dropped */
} kfix_merge;

/* cost: at most (end - first)^3 operations, in gemm; less where eigenvalues are close. */
kfix_status kfix_tridiagonal_merge(const kfix_merge *m);

/* T = Z S Z^T: t->d becomes S, row i of room->rows the eigenvector of t->d[i], room->order sorts
 * them. e is destroyed. *info = 0, or the 1-based index where a leaf did not converge. */
kfix_status kfix_tridiagonal_divide(const kfix_device *d, const kfix_tridiagonal *t,
                                    const kfix_merge_room *room, size_t *info);

#endif
