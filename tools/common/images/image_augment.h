/* SPDX-License-Identifier: Apache-2.0
 * Augmentation: what is done to an image before a step sees it. It is drawn by the counter-based
 * generator from (seed, epoch, number of the image) and nothing else, so an image that is fetched
 * again within its epoch is the same, and a resumed run sees what an uninterrupted one would.
 *
 *   crop[:P]  a window of the image's own size at a place drawn from the image with P rows and
 *             columns of zeros on every side, each of the (2 P + 1)^2 places alike; P is 4 unless given
 *   flip      the mirror image, left to right, with probability 1/2; after the crop */
#ifndef KFIX_TOOLS_IMAGE_AUGMENT_H
#define KFIX_TOOLS_IMAGE_AUGMENT_H

#include "core/net_spec.h"

#define AUGMENT_PAD      4
#define AUGMENT_WORDS    "crop[:P],flip"
#define AUGMENT_TEXT_MAX 32

/* All zero: images stay as they are. */
typedef struct image_augment {
  uint32_t pad; /* 0: no crop */
  int flips;
} image_augment;

/* From words joined by commas, each at most once, in any order; -1: others, or P is no whole number from 1
 * to 999. */
int augment_read(const char *text, image_augment *out);
/* The same as one text for all ways to write it, "crop:4,flip"; "": nothing is done. */
void augment_text(const image_augment *a, char text[AUGMENT_TEXT_MAX]);

/* What is done to one image: where the window lies from the image's own place, and whether it is
 * mirrored. */
typedef struct image_change {
  int down, right, mirrored; /* -pad <= down, right <= pad */
} image_change;

/* det: the stream KFIX_DRAW_DATA at step `epoch` of the seed, layer AUGMENT_STREAM, row `number`. */
#define AUGMENT_STREAM 2
image_change augment_draw(const image_augment *a, uint64_t seed, uint32_t epoch, uint32_t number);

/* x = the window of x, (row, column, channel) of this shape, in place: what stood at (row + down, column +
 * right) stands at (row, column), zeros where that is outside; then mirrored. */
void augment_apply(const image_change *change, const kfix_image *shape, kfix_real *x);

#endif
