/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Where the lanes of a gathered operand are in their images. */
#ifndef KFIX_PRODUCTS_GATHER_LANES_H
#define KFIX_PRODUCTS_GATHER_LANES_H

#include "core/arithmetic.h"
#include "port/gemm/gathered.h"

/* Where a lane is in its example, along each direction: entry i of the kernel shows at[way] + i of the image.
 * Back, at[way] - i / stride, if i % stride is `phase`. */
typedef struct kfix_lane {
  const kfix_real *x, *row; /* the image; of it what a row of the kernel shows, NULL: nothing */
  int32_t at[2];
  uint32_t phase[2];
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

/* A place on the way through all of them. */
typedef struct kfix_walk {
  const kfix_real *x; /* of the example */
  uint32_t row, col;
} kfix_walk;

static inline kfix_walk kfix_walk_from(const kfix_gather *g, size_t first) {
  const size_t places = (size_t)g->rows * g->cols, at = first % places;
  return (kfix_walk){g->x + first / places * g->ld, (uint32_t)(at / g->cols),
                     (uint32_t)(at % g->cols)};
}

static inline void kfix_walk_on(const kfix_gather *g, kfix_walk *w) {
  if (++w->col < g->cols) return;
  w->col = 0;
  if (++w->row < g->rows) return;
  w->row = 0;
  w->x += g->ld;
}

/* The next `count` places become lanes; up to `all`, the last again. */
static inline void kfix_lanes_place(const kfix_gather *g, kfix_walk *w, size_t count, size_t all,
                                    kfix_lane *lane) {
  for (size_t l = 0; l < count; l++, kfix_walk_on(g, w)) {
    lane[l].x = w->x;
    kfix_lane_along(g, 0, w->row, &lane[l]);
    kfix_lane_along(g, 1, w->col, &lane[l]);
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
