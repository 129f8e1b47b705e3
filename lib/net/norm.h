/* SPDX-License-Identifier: Apache-2.0
 * Batch normalisation: s = scale xhat + shift with xhat = (x - mean) / sqrt(variance + KFIX_NORM_EPS), channel by
 * channel.
 *
 * In training mean and variance are those of a group of rows (kfix_net_group) and of all their positions; the
 * last group of a batch may be short, and is its own. They stand in MOMENTS of the node, a row for each group of the
 * chunk. In use (kfix.in_use: an evaluation, a prediction) they are running averages, RUNNING, a state group of its
 * own: only the gradient pass of a step writes the spare copy, and only a commit makes it current. Examples of a group
 * are coupled: J v and its transpose go through the moments, and S1, S2 and the rows of a direction are whole groups.
 *
 * Its block is a summed one (net/summed.h): W is (scale, shift) of each channel, and g of an example (sum over
 * positions of g xhat, of g) for each. */
#ifndef KFIX_NET_NORM_H
#define KFIX_NET_NORM_H

#include "net/net.h"

/* Before the first step: means 0, variances 1. */
kfix_status kfix_initialise_running(kfix *k);
/* The gradient pass of a step begins: RUNNING of the step = what it was, less what the batch's moments will count:
 * it keeps min(1 - 1/k, options.norm_decay) at step k. */
kfix_status kfix_begin_running(kfix *k);
/* Adds the moments of the chunk of `rows` rows that stands, each group for its part of the batch's rows, and shows them
 * to whoever watches. */
kfix_status kfix_add_running(kfix *k, size_t rows, size_t of_rows);
/* Adds the number of those that are not finite to KFIX_SLOT_BAD_STATISTICS. */
kfix_status kfix_finish_running(kfix *k);

#endif
