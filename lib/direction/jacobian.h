/* SPDX-License-Identifier: Apache-2.0
 * Products with the Jacobian of the log-likelihood: J has a column for each example of a mini-batch, its
 * gradient with respect to all parameters, vec(g abar^T) block by block [2L App. A]. Neither J nor
 * F = J J^T / mass is formed. Where examples have weights, g has their roots in it, and so has J. */
#ifndef KFIX_DIRECTION_JACOBIAN_H
#define KFIX_DIRECTION_JACOBIAN_H

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
 * or (options.fisher empirical) those of the training data. They are the same in each pass of a step. */
typedef struct kfix_examples_of_f {
  const kfix_batch *batch;
  size_t rows;
  double mass;     /* their weights added up */
  size_t standing; /* 1 + the first row of the chunk whose OUT and sampled DELTA stand; 0: none */
} kfix_examples_of_f;

/* errors  WEIGHTS: the rows weigh nothing */
kfix_status kfix_begin_examples(kfix *k, const kfix_batch *batch, const kfix_phase *phase,
                                kfix_examples_of_f *f);

/* Calls `visit` for each chunk of them, once OUT and DELTA of rows [first, first + rows) stand; after
 * kfix_gradient, at the parameters in force. cost: a backward pass; where the batch has several chunks, a
 * forward pass too. None where the rows stand in one chunk and have been visited before. */
typedef kfix_status kfix_visit_rows(kfix *k, size_t first, size_t rows, void *arg);
kfix_status kfix_each_chunk_of_f(kfix *k, kfix_examples_of_f *f, kfix_visit_rows *visit, void *arg);

/* OUT of the batch's last chunk stands again, as the gradient's pass left it; DELTA does not. */
kfix_status kfix_end_examples(kfix *k, kfix_examples_of_f *f);

#endif
