/* SPDX-License-Identifier: Apache-2.0
 * An operand that nobody stores: the patches of images. */
#ifndef KFIX_PRODUCTS_GATHERED_H
#define KFIX_PRODUCTS_GATHERED_H

#include "port/port.h"

/* Lanes are the places of one example after another, counted row by row; depth is (kernel row, kernel column,
 * channel) of what a place sees of the example's image.
 *   back = 0: places are windows, the image is what they show; with `ones`, a one follows;
 *   back = 1: places are pixels of what windows show, the image is what the windows have: at (i, j) of the
 *             kernel a pixel sees the window that has it there.
 * Zeros where the image has nothing. */
typedef struct kfix_gather {
  const kfix_windows *windows;
  int back;
  uint32_t ones;
  uint32_t rows, cols;              /* places of an example */
  uint32_t height, width, channels; /* of the image */
  const kfix_real *x;               /* an example's image in a row */
  size_t ld;
} kfix_gather;

#endif
