/* SPDX-License-Identifier: Apache-2.0
 * Data on their way in: batches whose rows are delivered on demand. */
#ifndef KFIX_CORE_BATCH_H
#define KFIX_CORE_BATCH_H

#include "real.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Rows of a batch, delivered on demand: rows [first, first + rows) into x (rows x inputs, leading
 * dimension ldx) and, unless y is NULL, their targets into y (rows x outputs). It may clear rows to
 * their whole ldx or ldy. The same rows may be asked for several times within a step and must be the
 * same each time. Returns 0, or anything else to fail. */
typedef int kfix_fetch(void *source, size_t first, size_t rows, kfix_real *x, size_t ldx,
                       kfix_real *y, size_t ldy);

/* weights: of the rows, in their order, in host memory; NULL: all alike. With them every mean over
 * examples is a weighted one: of rows i with weights w_i,
 *   objective  sum w_i L_i / sum w_i + (eta / 2) ||theta||^2, and loss and error alike
 *   gradient   sum w_i g_i abar_i^T / sum w_i, and weight decay
 *   Fisher     sum w_i J_i^T F_R J_i / sum w_i, over S2; A = sum w_i abar_i abar_i^T / sum w_i and
 *              G = sum w_i g_i g_i^T / sum w_i over S1, and all other statistics, alike
 * so a common factor of the weights means nothing (equal weights give the bits of none), weight 2 is the row twice,
 * and a row of weight 0 counts for nothing but must be finite. KFIX_WEIGHTS: one is negative or not
 * finite, or all of the batch, or of S1 or S2, are zero. A device's port sums a weighted loss row by
 * row, which is slow. */
typedef struct kfix_batch {
  size_t rows;
  kfix_fetch *fetch;
  void *source;
  const kfix_real *weights;
} kfix_batch;

/* Data in memory: x is n x inputs, y n x outputs (NULL for an auto-encoder), dense. Row i of a
 * batch is row order[i], or i where order is NULL. */
typedef struct kfix_table {
  const kfix_real *x, *y;
  const uint32_t *order;
  size_t inputs, outputs;
} kfix_table;

/* A kfix_fetch whose source is a kfix_table. A batch that names it has its table's widths compared
 * with the net's: KFIX_ARGUMENT where they differ, or y is NULL and targets are needed. Within a
 * kfix_fetch of one's own nothing compares them. */
int kfix_fetch_table(void *table, size_t first, size_t rows, kfix_real *x, size_t ldx, kfix_real *y,
                     size_t ldy);

#ifdef __cplusplus
}
#endif

#endif
