/* SPDX-License-Identifier: Apache-2.0
 * Items of convolutions of each channel by itself, an item an element of what is written. Sums run as those of the
 * CPU ports: over what a window shows, or over windows, each ascending. */
#ifndef KFIX_GPU_ITEMS_DEPTHWISE_H
#define KFIX_GPU_ITEMS_DEPTHWISE_H

#include "core/elementary.h"
#include "items_images.h"

/* Of all of them; what a kernel does not name it does not look at. */
typedef struct kfix_deep_args {
  kfix_windows g;
  uint32_t more;     /* 1: sums are added to what is there */
  size_t each, ones; /* numbers of a channel's W; 1: the last is for a one */
  kfix_in x, s;      /* images; what windows have */
  const kfix_real *w;
  kfix_out out;
} kfix_deep_args;

/* Where the kernel has pixel (row, col) in window (i, j). */
KFIX_INLINE size_t kfix_tap_of(const kfix_windows *g, uint32_t i, uint32_t j, uint32_t row,
                               uint32_t col) {
  return (size_t)(row + g->pad[0] - i * g->stride[0]) * g->kernel[1] +
         (col + g->pad[1] - j * g->stride[1]);
}

/* Element e of what windows give. */
typedef kfix_deep_args kfix_depthwise_args;

KFIX_INLINE void kfix_depthwise_item(const kfix_deep_args *t, size_t e) {
  const kfix_windows *g = &t->g;
  const kfix_place p = kfix_window_of(g, e);
  const kfix_span rows = kfix_pixels_of(g, 0, p.row), cols = kfix_pixels_of(g, 1, p.col);
  const kfix_real *w = t->w + p.channel * t->each;
  kfix_real *out = &KFIX_AT(t->out, p.example, p.at), sum = 0;
  for (uint32_t i = rows.from; i < rows.to; i++)
    for (uint32_t j = cols.from; j < cols.to; j++)
      sum = kfix_fma(w[kfix_tap_of(g, p.row, p.col, i, j)],
                     KFIX_AT(t->x, p.example, kfix_where(g, g->width, i, j, p.channel)), sum);
  if (t->ones) sum += w[t->each - 1];
  *out = t->more ? *out + sum : sum;
}

/* Pixel e of images: w times s of each window that shows it, window after window. */
typedef kfix_deep_args kfix_depthwise_back_args;

KFIX_INLINE void kfix_depthwise_back_item(const kfix_deep_args *t, size_t e) {
  const kfix_windows *g = &t->g;
  const kfix_place p = kfix_pixel_of(g, e);
  const kfix_span rows = kfix_windows_of(g, 0, p.row), cols = kfix_windows_of(g, 1, p.col);
  const kfix_real *w = t->w + p.channel * t->each;
  kfix_real *out = &KFIX_AT(t->out, p.example, p.at), sum = t->more ? *out : 0;
  for (uint32_t i = rows.from; i < rows.to; i++)
    for (uint32_t j = cols.from; j < cols.to; j++)
      sum = kfix_fma(w[kfix_tap_of(g, i, j, p.row, p.col)],
                     KFIX_AT(t->s, p.example, kfix_where(g, g->cols, i, j, p.channel)), sum);
  *out = sum;
}

/* s of all windows times what each shows at (row, col) of the kernel; of a one where that is behind its rows. */
KFIX_INLINE kfix_real kfix_deep_sum(const kfix_deep_args *t, size_t r, uint32_t row, uint32_t col,
                                    uint32_t channel) {
  const kfix_windows *g = &t->g;
  kfix_real sum = 0;
  for (uint32_t i = 0; i < g->rows; i++)
    for (uint32_t j = 0; j < g->cols; j++) {
      const kfix_real s = KFIX_AT(t->s, r, kfix_where(g, g->cols, i, j, channel));
      /* Above and left of the image these are huge. */
      const uint32_t y = i * g->stride[0] + row - g->pad[0], x = j * g->stride[1] + col - g->pad[1];
      if (row == g->kernel[0])
        sum += s;
      else if (y < g->height && x < g->width)
        sum = kfix_fma(s, KFIX_AT(t->x, r, kfix_where(g, g->width, y, x, channel)), sum);
    }
  return sum;
}

/* Item (row, number of W, channel): channels stand side by side, as those that read them at a time do. */
typedef kfix_deep_args kfix_depthwise_sums_args;

KFIX_INLINE void kfix_depthwise_sums_item(const kfix_deep_args *t, size_t e) {
  const uint32_t channels = t->g.channels, width = t->g.kernel[1];
  const size_t all = channels * t->each, r = e / all;
  const uint32_t at = (uint32_t)(e - r * all), tap = at / channels, channel = at % channels;
  KFIX_AT(t->out, r, channel * t->each + tap) =
      kfix_deep_sum(t, r, tap / width, tap % width, channel);
}

#endif
