/* SPDX-License-Identifier: Apache-2.0
 * The least that a trained net should beat: the same answer to every row. */
#ifndef KFIX_TOOLS_CONSTANT_LOSS_H
#define KFIX_TOOLS_CONSTANT_LOSS_H

#include "dataset.h"
#include "port/port_types.h"

/* The mean loss over the training rows of the best constant answer, the mean of their targets: half
 * their variance (mse), the entropy of that mean (bernoulli: summed over the outputs; categorical). In
 * double; NAN where memory fails. cost: two passes over the rows. */
double constant_loss(const dataset *data, kfix_loss loss);

#endif
