/* SPDX-License-Identifier: Apache-2.0
 * Gradients of single examples where a block looks through windows. */
#ifndef KFIX_CURVATURE_EXAMPLE_GRADIENTS_H
#define KFIX_CURVATURE_EXAMPLE_GRADIENTS_H

#include "curvature/curvature.h"

/* Called with D of each example, out x cols, which it may overwrite. */
typedef kfix_status kfix_take_gradient(kfix *k, const kfix_block *b, kfix_real *d,
                                       const kfix_phase *phase);

/* D = the sum over an example's windows of g abar^T, times the root of the example's weight: vec D vec D^T is
 * what the Fisher block is the mean of [EKFAC 3.2]. An example may go on in the next slice: d (out x cols) keeps
 * what there is of it until then. cost: 2 rows out cols. */
kfix_status kfix_each_example_gradient(kfix *k, const kfix_slice *s, const kfix_phase *phase,
                                       kfix_real *d, kfix_take_gradient *take);

#endif
