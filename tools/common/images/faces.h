/* SPDX-License-Identifier: Apache-2.0
 * FACES: 25 x 25 crops of the 64 x 64 Olivetti pictures, by random rotation, scaling, cropping and
 * subsampling (after Hinton and Salakhutdinov 2006; not the very crops of the literature).
 *
 * A crop: an angle uniform in (-90, 90) degrees, a step uniform in [1.4, 1.8] source pixels per
 * crop pixel (a window of 35 to 45 pixels), a centre uniform in what keeps the window inside the
 * picture, at most 4 pixels from the middle on each axis. A crop pixel is the mean of four bilinear
 * samples, in the middles of its quarters. Grey values are left as they are: no normalisation.
 *
 * det: only + - * / and sqrt in double. */
#ifndef KFIX_TOOLS_FACES_H
#define KFIX_TOOLS_FACES_H

#include <stdint.h>

#define FACES_SOURCE_SIDE  64
#define FACES_SIDE         25
#define FACES_PIXELS       (FACES_SIDE * FACES_SIDE)
#define FACES_PER_PERSON   10
#define FACES_PER_ORIGINAL 100 /* the literature's set has 414 */

/* Crop `crop` of picture `original`: it depends on the picture, the seed and these two only. */
void faces_crop(uint64_t seed, uint32_t original, uint32_t crop,
                const unsigned char picture[FACES_SOURCE_SIDE * FACES_SOURCE_SIDE],
                unsigned char pixels[FACES_PIXELS]);

#endif
