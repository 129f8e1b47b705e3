/* SPDX-License-Identifier: Apache-2.0
 * How large the first weights of a net with residual sums are. */
#ifndef KFIX_NET_RESIDUAL_H
#define KFIX_NET_RESIDUAL_H

#include "core/net_spec.h"

/* Weights of a net that has residual sums and no normalisation [EKFAC App. B]: normal, of variance gain / n, n the
 * fan-in, so many numbers as one unit reads: inputs of a dense node, channels times the kernel's area of a
 * convolution. Biases are 0. Returns the gain of the node at `place`, which is of such a kind:
 *
 *   0.2  it is the last of a residual branch
 *   1    else, if it stands in a shortcut (a projection)
 *   2    else, if what it reads has ReLU for its own activation
 *   1    else: it reads the net's input, a pool, a sum or a node with another activation
 *
 * A sum has two sides. From each a way leads back to the input, by the first source of each node. The side with more
 * dense nodes and convolutions on its way is the branch, for a shortcut skips them, and the other is the shortcut;
 * where there are as many on both, neither is. The last of a branch is the first such node on the way back from
 * the sum; so is the projection of a shortcut, unless it is on the branch's way back, too: both sides come from there
 * then, and the shortcut has none. */
double kfix_residual_gain(const kfix_net *net, uint32_t place);

#endif
