/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Where the lanes of a gathered operand are in their images. */
#ifndef KFIX_PRODUCTS_GATHER_LANES_H
#define KFIX_PRODUCTS_GATHER_LANES_H

#include "core/arithmetic.h"
#include "port/gemm/gather.h"

/* Where a lane is in its example, along each direction. Forward: the pixel that kernel (0, 0) shows. Back:
 * kernel entry i shows window at - i / stride, if i % stride is `phase`. */
typedef struct kfix_lane {
  const kfix_real *x, *row; /* the image; of it what a row of the kernel shows, NULL: nothing */
  ptrdiff_t at[2];
  size_t phase[2];
  size_t from, to; /* forward: the reals of a kernel's row that are in the image */
} kfix_lane;

static inline void kfix_lane_along(const kfix_gather *g, int way, size_t at, kfix_lane *l) {
  const size_t stride = g->windows->stride[way], pad = g->windows->pad[way];
  l->at[way] = g->back ? (ptrdiff_t)((at + pad) / stride) : (ptrdiff_t)(at * stride - pad);
  l->phase[way] = g->back ? (at + pad) % stride : 0;
}

static inline size_t kfix_lane_clip(ptrdiff_t x, size_t most) {
  return x < 0 ? 0 : kfix_smaller((size_t)x, most);
}

static inline void kfix_lane_place(const kfix_gather *g, size_t example, size_t row, size_t col,
                                   kfix_lane *l) {
  const size_t kernel = g->windows->kernel[1];
  l->x = g->x + example * g->ld;
  kfix_lane_along(g, 0, row, l);
  kfix_lane_along(g, 1, col, l);
  l->from = kfix_lane_clip(-l->at[1], kernel) * g->channels;
  l->to = kfix_lane_clip((ptrdiff_t)g->width - l->at[1], kernel) * g->channels;
}

/* Lanes [first, first + count) of g, and up to `all` the last again. */
static inline void kfix_lanes_place(const kfix_gather *g, size_t first, size_t count, size_t all,
                                    kfix_lane *lane) {
  const size_t places = g->rows * g->cols, at = first % places;
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

/* What the lanes see at row i of the kernel. `back` is g->back, a constant where this is inlined. */
static inline void kfix_lanes_rows(const kfix_gather *g, int back, size_t i, size_t lanes,
                                   kfix_lane *lane) {
  const size_t stride = g->windows->stride[0], down = back ? i / stride : i;
  const size_t phase = back ? i % stride : 0;
  for (size_t l = 0; l < lanes; l++) {
    const ptrdiff_t at = lane[l].at[0];
    const ptrdiff_t y = back ? at - (ptrdiff_t)down : at + (ptrdiff_t)down;
    const int seen = y >= 0 && y < (ptrdiff_t)g->height && lane[l].phase[0] == phase;
    lane[l].row = seen ? lane[l].x + (size_t)y * g->width * g->channels : NULL;
  }
}

/* What a lane sees at column j of the kernel: its first channel. NULL: nothing. */
static inline const kfix_real *kfix_lane_pixel(const kfix_gather *g, int back, size_t j,
                                               const kfix_lane *l) {
  const size_t stride = g->windows->stride[1];
  const ptrdiff_t x = back ? l->at[1] - (ptrdiff_t)(j / stride) : l->at[1] + (ptrdiff_t)j;
  const int seen = l->row && x >= 0 && x < (ptrdiff_t)g->width;
  return seen && (!back || j % stride == l->phase[1]) ? l->row + (size_t)x * g->channels : NULL;
}

#endif
