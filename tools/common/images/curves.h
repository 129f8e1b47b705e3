/* SPDX-License-Identifier: Apache-2.0
 * The CURVES data set, generated: 28 x 28 grey images of smooth curves through three random points
 * (after Hinton and Salakhutdinov 2006, whose own images these are not).
 *
 * An image is the parabola p(t) with p(0) = P0, p(1/2) = P1, p(1) = P2, P0 and P2 being the two
 * that are farthest apart (else most curves would fold back on themselves), drawn with a round pen
 * two pixels wide: the grey value of a pixel is the part of it that the pen covers, taken as
 * clamp(1 + 1/2 - distance of its centre from the curve, 0, 1). The points are uniform in
 * [4, 24) x [4, 24), which keeps the whole curve inside the image: a parabola leaves the range of
 * its three points by an eighth of it at most.
 *
 * det: only + - * / and sqrt in double, so every machine draws the same bytes. */
#ifndef KFIX_TOOLS_CURVES_H
#define KFIX_TOOLS_CURVES_H

#include <stdint.h>

#define CURVES_SIDE       28
#define CURVES_PIXELS     (CURVES_SIDE * CURVES_SIDE)
#define CURVES_TRAIN_ROWS 16000
#define CURVES_VALID_ROWS 4000

/* Which stream of images; training and validation never share one. */
typedef enum data_part { DATA_TRAIN, DATA_VALID } data_part;

/* Image `index` of a part: it depends on nothing else. cost: about 20 microseconds. */
void curves_draw(uint64_t seed, data_part part, uint32_t index,
                 unsigned char pixels[CURVES_PIXELS]);

#endif
