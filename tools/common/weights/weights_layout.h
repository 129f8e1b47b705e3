/* SPDX-License-Identifier: Apache-2.0
 * How a layer's W lies in a file: as modules of PyTorch keep theirs, weight and bias apart.
 *
 * Columns of W that show an image, a patch of a convolution or all that a dense layer reads, are (row, column,
 * channel). In a file they are (channel, row, column): the weight of a Conv2d is out x channels x kernel rows x
 * kernel columns, that of a Linear takes what Flatten makes of such an image. A convolution of each channel by itself is
 * a Conv2d whose groups are its channels: channels x 1 x kernel rows x kernel columns.
 *
 * A normalisation is (scale, shift) of each channel, and behind it (mean, variance) of each: its running moments, as
 * predictors want them (lib/net/predictor.h). In a file these are four arrays, those of a BatchNorm1d or
 * BatchNorm2d. */
#ifndef KFIX_TOOLS_WEIGHTS_LAYOUT_H
#define KFIX_TOOLS_WEIGHTS_LAYOUT_H

#include "arrays/tensor_view.h"
#include "lib/kfix.h"

typedef struct weights_layout {
  size_t out, in;                 /* of the weight; in: channels * height * width */
  size_t channels, height, width; /* of what a row of it shows */
  int is_conv, bias;              /* bias: 1 if there is one, else 0 */
  int is_norm;                    /* of `out` channels: four arrays of so many */
} weights_layout;

/* Arrays of a layer in a file, at most. */
#define WEIGHTS_VIEWS_MAX 4

/* Of layer i (from 0). */
weights_layout weights_layout_of(const kfix_net *net, uint32_t layer);

/* Reals of a layer, weight and bias; of a normalisation its moments too. */
size_t weights_layout_reals(const weights_layout *l);

/* split = the arrays as in a file, one behind the other, of w: out x (in + bias), the bias in the last column;
 * and back again. The two do not overlap. */
void weights_split(const weights_layout *l, const kfix_real *w, kfix_real *split);
void weights_join(const weights_layout *l, const kfix_real *split, kfix_real *w);

/* Views on the arrays of layer i (from 0) in `split`, one behind the other: layers.i.weight, layers.i.bias ...; how
 * many. */
size_t weights_views(const weights_layout *l, uint32_t layer, const kfix_real *split,
                     tensor_view views[WEIGHTS_VIEWS_MAX]);

#endif
