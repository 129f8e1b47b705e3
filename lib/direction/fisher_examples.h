/* SPDX-License-Identifier: Apache-2.0
 * Products with the Jacobian of the log-likelihood: J has a column for each example of a mini-batch, its
 * gradient with respect to all parameters, vec(g abar^T) block by block [2L App. A]. Neither J nor
 * F = J J^T / mass is formed. Where examples have weights, g has their roots in it, and so has J. */
#ifndef KFIX_DIRECTION_FISHER_EXAMPLES_H
#define KFIX_DIRECTION_FISHER_EXAMPLES_H

#include "net/net.h"

/* J^T v of one block: out[r inc] = g_r^T V abar_r + beta out[r inc] for the slice's rows; v is a parameter
 * vector, beta 0 or 1.
 * scratch  KFIX_JACOBIAN_REALS(out, row_block) of KFIX_NET_SCRATCH
 * cost     2 out cols a row */
kfix_status kfix_row_dots(kfix *k, const kfix_slice *s, const kfix_real *v, kfix_real beta,
                          kfix_real *out, size_t inc);

/* J c of one block: V += alpha sum_r c[r] g_r abar_r^T, in the net's row blocks.
 * scratch  as above
 * cost     2 out cols a row */
kfix_status kfix_add_rows(kfix *k, const kfix_slice *s, const kfix_real *c, double alpha,
                          kfix_real *v);

/* The examples behind a direction's F: the first phase.direction_rows of the batch, with sampled targets,
 * or (options.fisher empirical) those of the training data. A direction that has them begins its list of
 * regions of a block with KFIX_REGIONS_EXAMPLES (direction/block_plan.h). */
typedef struct kfix_examples_of_f {
  const kfix_batch *batch;
  size_t rows;
  double mass; /* their weights added up */
} kfix_examples_of_f;

/* Within the gradient's pass, while OUT of rows [first, first + rows) of the batch stands: those of them that
 * are more than one chunk holds go aside. DELTA is overwritten.
 * cost: a backward pass */
kfix_status kfix_hold_examples(kfix *k, const kfix_real *theta, size_t first, size_t rows);

/* Makes them stand together, after kfix_gradient, at the parameters in force. Those of one chunk do so in it:
 * DELTA is then no longer that of the gradient, and where the batch has several chunks, OUT is that of the
 * first, until they are left.
 * errors  WEIGHTS: the rows weigh nothing; FETCH
 * cost    in one chunk a backward pass; where the batch has several, a forward pass, and another to leave */
kfix_status kfix_gather_examples(kfix *k, const kfix_batch *batch, const kfix_phase *phase,
                                 kfix_examples_of_f *f);
/* OUT of the batch's last chunk stands again. */
kfix_status kfix_leave_examples(kfix *k, const kfix_examples_of_f *f);

/* Hands on the slices of every block for all of them, from the last block to the first. */
kfix_status kfix_visit_examples(kfix *k, const kfix_examples_of_f *f, kfix_visit_slice *visit,
                                const void *arg);

#endif
