/* SPDX-License-Identifier: Apache-2.0
 * Products with the Jacobian of the log-likelihood: J has a column for each example of a mini-batch, its
 * gradient with respect to all parameters, block by block vec D, D = g abar^T, or the sum of that over the
 * windows that the block looks through [2L App. A]. Neither J nor F = J J^T / mass is formed. Where examples
 * have weights, g has their roots in it, and so has J.
 *
 * Rows of a block are a kfix_slice that is not cut up (kfix_standing): one for each example, abar as the node
 * reads it, an image where it looks through windows, and g as the node's DELTA. */
#ifndef KFIX_DIRECTION_FISHER_EXAMPLES_H
#define KFIX_DIRECTION_FISHER_EXAMPLES_H

#include "net/net.h"

/* J^T v of one block: out[r inc] = D_r . V + beta out[r inc] for its rows; v is a parameter vector, beta 0 or 1.
 * D . V is g^T V abar, over all windows: what the node makes of abar with weights V, times g.
 * scratch  KFIX_JACOBIAN_REALS(units, row_block) of KFIX_NET_SCRATCH
 * cost     2 units cols a row */
kfix_status kfix_row_dots(kfix *k, const kfix_slice *all, const kfix_real *v, kfix_real beta,
                          kfix_real *out, size_t inc);

/* J c of one block: V += alpha sum_r c[r] D_r, in the net's row blocks.
 * scratch  as above
 * cost     2 units cols a row */
kfix_status kfix_add_rows(kfix *k, const kfix_slice *all, const kfix_real *c, double alpha,
                          kfix_real *v);

/* J^T J of one block that looks through windows: packed gram = D_r . D_q + beta gram for its rows, beta 0 or 1,
 * by D itself, KFIX_GRAM_ROWS of its rows at a time.
 * scratch  KFIX_exact_ALONG_SCRATCH
 * cost     rows^2 out cols + 2 rows units cols, and patches as often as there are such parts of D */
kfix_status kfix_add_gram(kfix *k, const kfix_slice *all, kfix_real beta, kfix_real *gram);

/* The examples behind a direction's F: the first phase.direction_rows of the batch, with sampled targets,
 * or (options.fisher empirical) those of the training data. A direction that has them begins its list of
 * regions of a block with KFIX_REGIONS_EXAMPLES (direction/block_plan.h). */
typedef struct kfix_examples_of_f {
  const kfix_batch *batch;
  size_t rows;
  double mass; /* their weights added up */
} kfix_examples_of_f;

/* Within the gradient's pass, while OUT of rows [first, first + rows) of the batch stands: where those behind F
 * are more than one chunk holds, they go aside, images as they are. DELTA is overwritten.
 * Where normalisations couple examples none goes aside, here nor in the next one (direction/coupled_examples.h).
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

/* Hands on all rows of every block, from the last block to the first. */
kfix_status kfix_visit_examples(kfix *k, const kfix_examples_of_f *f, kfix_visit_slice *visit,
                                const void *arg);

#endif
