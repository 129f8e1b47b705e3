/* SPDX-License-Identifier: Apache-2.0
 * Smaller images by exact area averaging. */
#ifndef KFIX_TOOLS_AREA_AVERAGE_H
#define KFIX_TOOLS_AREA_AVERAGE_H

#include <stddef.h>

/* out (side x side) = image (from x from), side <= from: each output pixel is the mean of the image
 * over its own square of (from/side) x (from/side) pixels, pixels cut by the edge counting by area,
 * rounded half up. In whole numbers, so exact. 28 to 16: squares of 1.75 x 1.75. No alias. */
void area_average(const unsigned char *image, size_t from, unsigned char *out, size_t side);

#endif
