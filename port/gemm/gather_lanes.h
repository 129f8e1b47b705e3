/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Where the lanes of a gathered operand are in their images. */
#ifndef KFIX_PRODUCTS_GATHER_LANES_H
#define KFIX_PRODUCTS_GATHER_LANES_H

#include "core/arithmetic.h"
#include "port/gemm/gather.h"

/* Where a lane is in its example, along each direction: entry i of the kernel shows at[way] + i of the image.
 * Back, at[way] - i / stride, if i % stride is `phase`. */
typedef struct kfix_lane {
  const kfix_real *x, *row; /* the image; of it what a row of the kernel shows, NULL: nothing */
  int32_t at[2];
  uint32_t phase[2];
  uint32_t from, to; /* forward: the reals of a kernel's row that are in the image */
} kfix_lane;

/* An entry of the kernel along one direction, as lanes count. */
typedef struct kfix_tap {
  ptrdiff_t at;
  uint32_t phase;
} kfix_tap;

/* Most strides are 1, and divisions are slow. */
static inline size_t kfix_steps(size_t x, size_t stride) {
  return stride == 1 ? x : x / stride;
}
static inline uint32_t kfix_beyond(size_t x, size_t stride) {
  return stride == 1 ? 0 : (uint32_t)(x % stride);
}

static inline kfix_tap kfix_tap_of(const kfix_gather *g, int way, size_t i) {
  const size_t stride = g->windows->stride[way];
  if (!g->back) return (kfix_tap){(ptrdiff_t)i, 0};
  return (kfix_tap){-(ptrdiff_t)kfix_steps(i, stride), kfix_beyond(i, stride)};
}

static inline void kfix_lane_along(const kfix_gather *g, int way, size_t at, kfix_lane *l) {
  const size_t stride = g->windows->stride[way], pad = g->windows->pad[way];
  l->at[way] = g->back ? (int32_t)kfix_steps(at + pad, stride) : (int32_t)(at * stride - pad);
  l->phase[way] = g->back ? kfix_beyond(at + pad, stride) : 0;
}

static inline uint32_t kfix_lane_clip(ptrdiff_t x, uint32_t most) {
  return x < 0 ? 0 : (uint32_t)kfix_smaller((size_t)x, most);
}

static inline void kfix_lane_place(const kfix_gather *g, size_t example, size_t row, size_t col,
                                   kfix_lane *l) {
  const uint32_t kernel = g->windows->kernel[1], channels = g->channels;
  l->x = g->x + example * g->ld;
  kfix_lane_along(g, 0, row, l);
  kfix_lane_along(g, 1, col, l);
  l->from = kfix_lane_clip(-l->at[1], kernel) * channels;
  l->to = kfix_lane_clip((ptrdiff_t)g->width - l->at[1], kernel) * channels;
}

/* Lanes [first, first + count) of g, and up to `all` the last again. */
static inline void kfix_lanes_place(const kfix_gather *g, size_t first, size_t count, size_t all,
                                    kfix_lane *lane) {
  const size_t places = (size_t)g->rows * g->cols, at = first % places;
  size_t example = first / places, row = at / g->cols, col = at % g->cols;
  for (size_t l = 0; l < count; l++) {
    kfix_lane_place(g, example, row, col, &lane[l]);
    if (++col < g->cols) continue;
    col = 0;
    if (++row < g->rows) continue;
    row = 0;
    example++;
  }
  for (size_t l = count; l < all; l++) lane[l] = lane[count - 1];
}

/* What the lanes see at row i of the kernel. */
static inline void kfix_lanes_rows(const kfix_gather *g, size_t i, size_t lanes, kfix_lane *lane) {
  const kfix_tap tap = kfix_tap_of(g, 0, i);
  for (size_t l = 0; l < lanes; l++) {
    const ptrdiff_t y = lane[l].at[0] + tap.at;
    const int seen = y >= 0 && y < (ptrdiff_t)g->height && lane[l].phase[0] == tap.phase;
    lane[l].row = seen ? lane[l].x + (size_t)y * g->width * g->channels : NULL;
  }
}

/* What a lane sees at a column of the kernel: the first channel. NULL: nothing. */
static inline const kfix_real *kfix_lane_pixel(const kfix_gather *g, kfix_tap column,
                                               const kfix_lane *l) {
  const ptrdiff_t x = l->at[1] + column.at;
  const int seen = l->row && x >= 0 && x < (ptrdiff_t)g->width && l->phase[1] == column.phase;
  return seen ? l->row + (size_t)x * g->channels : NULL;
}

#endif
