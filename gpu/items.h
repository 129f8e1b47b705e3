/* SPDX-License-Identifier: Apache-2.0
 * How the device's kernels are written: each is a function of its arguments and the number of one
 * item (an element, a row, a lane of a sum), and items do not depend on one another. So nothing
 * depends on how a device cuts them into blocks, and a host compiler can run the same text, which
 * is how it is tested without a device.
 *
 * A kernel NAME is a struct kfix_NAME_args, a function kfix_NAME_item, a line in kernel_list.h. Bits
 * are those of the CPU ports (port/port.h), sums included: a lane of a row sum is an item.
 *
 * Arguments have no padding, so that those of two launches can be compared byte by byte: a scalar is
 * a double, which holds a kfix_real exactly, a choice is a size_t. */
#ifndef KFIX_GPU_ITEMS_H
#define KFIX_GPU_ITEMS_H

#include "port/port.h"

/* A matrix argument. */
typedef struct kfix_in {
  const kfix_real *at;
  size_t ld;
} kfix_in;
typedef struct kfix_out {
  kfix_real *at;
  size_t ld;
} kfix_out;

#define KFIX_AT(matrix, row, column) ((matrix).at[(row) * (matrix).ld + (column)])

/* The lanes of a row sum, folded as port.h prescribes. */
KFIX_INLINE double kfix_fold_lanes(double *lane) {
  for (size_t half = KFIX_LANES_IN_SUM / 2; half > 0; half /= 2)
    for (size_t i = 0; i < half; i++) lane[i] += lane[i + half];
  return lane[0];
}

#endif
