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

typedef struct kfix_batch {
  size_t rows;
  kfix_fetch *fetch;
  void *source;
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
