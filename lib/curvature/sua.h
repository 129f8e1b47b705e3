/* SPDX-License-Identifier: Apache-2.0
 * The factor A of a convolution under `conv sua`: activations spatially uncorrelated [Grosse and Martens 2016], in the
 * uncentred form that EKFAC's experiments use.
 *
 *   Sigma = E[a_p a_p^T], of order C, the channels that the node reads: the mean over examples and over all positions p
 *           of the image, each once; padding is no part of it
 *   A     = diag(Sigma, ..., Sigma, 1): Sigma for each place of the kernel, a 1 if there is a bias
 *
 * No cross terms: not between two places, nor between a channel and the homogeneous coordinate. With the paper's
 * covariance, centred, a mean m of the channels would stand in both: A = I (x) (Sigma - m m^T) + 1 1^T (x) m m^T, and m
 * beside the bias. Of the uncentred Sigma alone, m beside the bias would leave a matrix that is not positive
 * semi-definite: along 1 (x) w its Schur complement is w^T Sigma w - D (m^T w)^2, with D the places of the kernel. Here it
 * is one, whatever the images.
 *
 * G, and the scalings and the diagonal of D, are those of conv expand. What is averaged is Sigma, which is the
 * beginning of the packed A; finish spreads it, so that all that reads A has it as a matrix like any other. */
#ifndef KFIX_CURVATURE_SUA_H
#define KFIX_CURVATURE_SUA_H

#include "curvature/curvature.h"
#include "net/slices.h"

/* Whether the block's A is of this kind. One window that shows the whole image has no neighbours: it is a dense
 * layer, and its A that of conv expand. */
static inline int kfix_is_sua(const kfix *k, const kfix_block *b) {
  return KFIX_HAS_IMAGES && k->options.conv == KFIX_CONV_SUA && b->windowed &&
         kfix_kind_infos[k->node[b->node].spec->kind]->each_slice == kfix_each_window_slice;
}

/* Adds the images of the examples whose first window is in the slice, each with `weight` and its own: example by
 * example, so that the bits depend on no slice. cost: C^2 of an image's positions. */
kfix_status kfix_sua_absorb(kfix *k, const kfix_slice *slice, double weight);
/* After the last slice. cost: a copy of C^2 / 2 for each place of the kernel. */
kfix_status kfix_sua_finish(kfix *k, const kfix_block *b);

#endif
