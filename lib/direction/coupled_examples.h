/* SPDX-License-Identifier: Apache-2.0
 * Products with the Jacobian (fisher_examples.h) of a net with normalisations, where an example's outputs depend on all
 * of its group: D of one example is not g abar^T of its own row. J^T v is a tangent pass, through the moments, times
 * what the loss of each example says of its outputs; J c is a backward pass from that times c. Both go chunk by chunk,
 * and nothing stands aside. */
#ifndef KFIX_DIRECTION_COUPLED_EXAMPLES_H
#define KFIX_DIRECTION_COUPLED_EXAMPLES_H

#include "direction/fisher_examples.h"

/* Of rows [first, first + rows) of the batch, the first of the chunk: their OUT stands, and in DELTA of the last node
 * the gradient of each example's loss with respect to its outputs, times the root of its weight. */
typedef kfix_status kfix_on_coupled(kfix *k, size_t first, size_t rows, const void *arg);

/* cost: a forward pass for each chunk, where the batch has several. DELTA is then no longer the gradient's. */
kfix_status kfix_each_coupled(kfix *k, const kfix_examples_of_f *f, kfix_on_coupled *what,
                              const void *arg);

/* Within that: out[r inc] = J^T v of the chunk's row r; v is zero for all nodes before `place`.
 * scratch  TANGENT_U, and what a tangent pass takes
 * cost     4 P rows, of the nodes from `place` on */
kfix_status kfix_coupled_dots(kfix *k, uint32_t place, const kfix_real *v, size_t rows,
                              kfix_real *out, size_t inc);

/* v += alpha J c over all examples. cost: a backward pass, and that of kfix_each_coupled */
kfix_status kfix_add_coupled(kfix *k, const kfix_examples_of_f *f, const kfix_real *c, double alpha,
                             kfix_real *v);

/* Their sampled targets go to the observer, if one asks for them. */
kfix_status kfix_show_coupled(kfix *k, const kfix_examples_of_f *f);

#endif
