/* SPDX-License-Identifier: Apache-2.0
 * Items of what looks at images through windows: patches and pools, an item an element of what is written.
 * So on the way back a pixel adds up what the windows that show it have for it, and no two items write to
 * one place. An image has fewer than 2^32 reals, as has what its windows give. */
#ifndef KFIX_GPU_ITEMS_IMAGES_H
#define KFIX_GPU_ITEMS_IMAGES_H

#include "items.h"

/* Of all of them; what a kernel does not name it does not look at. */
typedef struct kfix_images_args {
  kfix_windows g;
  uint32_t more;         /* 1: sums are added to what is there */
  size_t first, windows; /* which windows patches are of */
  kfix_in x, in;         /* images; what windows or pixels of other images have */
  kfix_out out;
} kfix_images_args;

/* Numbers from one on and before another. */
typedef struct kfix_span {
  uint32_t from, to;
} kfix_span;

/* Pixels that a window shows; side 0: rows, 1: columns. */
KFIX_INLINE kfix_span kfix_pixels_of(const kfix_windows *g, int side, uint32_t window) {
  const uint32_t size = side ? g->width : g->height, pad = g->pad[side];
  const uint32_t at = window * g->stride[side], end = at + g->kernel[side] - pad;
  const kfix_span pixels = {at > pad ? at - pad : 0, end < size ? end : size};
  return pixels;
}

/* Windows that show a pixel; there may be none. */
KFIX_INLINE kfix_span kfix_windows_of(const kfix_windows *g, int side, uint32_t pixel) {
  const uint32_t count = side ? g->cols : g->rows, stride = g->stride[side];
  const uint32_t at = pixel + g->pad[side], kernel = g->kernel[side], end = at / stride + 1;
  const kfix_span windows = {at < kernel ? 0 : (at - kernel) / stride + 1,
                             end < count ? end : count};
  return windows;
}

/* An element of images of so many rows, columns and channels; `at`: within its image. */
typedef struct kfix_place {
  size_t example;
  uint32_t at, row, col, channel;
} kfix_place;

/* Within an image divisions are of 32 bits: those of 64 take a device several times as long. */
KFIX_INLINE kfix_place kfix_place_of(size_t e, uint32_t rows, uint32_t cols, uint32_t channels) {
  const size_t each = (size_t)rows * cols * channels, example = e / each;
  const uint32_t at = (uint32_t)(e - example * each), position = at / channels;
  const kfix_place place = {example, at, position / cols, position % cols, at % channels};
  return place;
}

KFIX_INLINE kfix_place kfix_pixel_of(const kfix_windows *g, size_t e) {
  return kfix_place_of(e, g->height, g->width, g->channels);
}

KFIX_INLINE kfix_place kfix_window_of(const kfix_windows *g, size_t e) {
  return kfix_place_of(e, g->rows, g->cols, g->channels);
}

/* Where an image of so many columns has its element. */
KFIX_INLINE size_t kfix_where(const kfix_windows *g, uint32_t cols, uint32_t row, uint32_t col,
                              uint32_t channel) {
  return ((size_t)row * cols + col) * g->channels + channel;
}

/* Element e of rows of a patch and a one; row 0 is window `first` of those of all examples. */
typedef kfix_images_args kfix_patches_args;

KFIX_INLINE void kfix_patches_item(const kfix_images_args *t, size_t e) {
  const kfix_windows *g = &t->g;
  const size_t k = kfix_patch_reals(g), r = e / (k + 1), each = kfix_positions(g);
  const size_t example = (t->first + r) / each;
  const uint32_t window = (uint32_t)((t->first + r) - example * each);
  const uint32_t at = (uint32_t)(e - r * (k + 1)), position = at / g->channels;
  /* Above and left of the image these are huge. */
  const uint32_t row = window / g->cols * g->stride[0] + position / g->kernel[1] - g->pad[0];
  const uint32_t col = window % g->cols * g->stride[1] + position % g->kernel[1] - g->pad[1];
  kfix_real x = at == k ? 1 : 0;
  if (at < k && row < g->height && col < g->width)
    x = KFIX_AT(t->x, example, kfix_where(g, g->width, row, col, at % g->channels));
  KFIX_AT(t->out, r, at) = x;
}

/* Their transpose: pixel e of images = what it was, or 0, and the sum over the patches that show it, by the
 * place that it has in them, ascending. `in` has, for each image, the patches of its windows from `first` on,
 * `windows` of them. */
typedef kfix_images_args kfix_patches_back_args;

KFIX_INLINE void kfix_patches_back_item(const kfix_images_args *t, size_t e) {
  const kfix_windows *g = &t->g;
  const kfix_place p = kfix_pixel_of(g, e);
  const kfix_span rows = kfix_windows_of(g, 0, p.row), cols = kfix_windows_of(g, 1, p.col);
  kfix_real *out = &KFIX_AT(t->out, p.example, p.at), sum = 0;
  for (uint32_t y = rows.to; y > rows.from; y--)
    for (uint32_t x = cols.to; x > cols.from; x--) {
      const size_t window = (size_t)(y - 1) * g->cols + (x - 1);
      const uint32_t i = p.row + g->pad[0] - (y - 1) * g->stride[0];
      const uint32_t j = p.col + g->pad[1] - (x - 1) * g->stride[1];
      if (window < t->first || window >= t->first + t->windows) continue;
      sum += KFIX_AT(t->in, p.example * t->windows + (window - t->first),
                     kfix_where(g, g->kernel[1], i, j, p.channel));
    }
  *out = t->more ? *out + sum : sum;
}

/* Where window (row, col) shows the largest x of a channel: the first of equals, or of NaNs. */
KFIX_INLINE size_t kfix_largest_in(const kfix_windows *g, uint32_t row, uint32_t col,
                                   uint32_t channel, const kfix_real *x) {
  const kfix_span rows = kfix_pixels_of(g, 0, row), cols = kfix_pixels_of(g, 1, col);
  size_t best = kfix_where(g, g->width, rows.from, cols.from, channel);
  kfix_real top = x[best];
  for (uint32_t i = rows.from; i < rows.to; i++)
    for (uint32_t j = cols.from; j < cols.to; j++) {
      const size_t at = kfix_where(g, g->width, i, j, channel);
      const int larger = top == top && !(x[at] <= top);
      best = larger ? at : best;
      top = larger ? x[at] : top;
    }
  return best;
}

/* Element e of what windows give: `in` where x is largest. */
typedef kfix_images_args kfix_max_pool_args;

KFIX_INLINE void kfix_max_pool_item(const kfix_images_args *t, size_t e) {
  const kfix_place p = kfix_window_of(&t->g, e);
  const kfix_real *x = t->x.at + p.example * t->x.ld;
  KFIX_AT(t->out, p.example, p.at) =
      KFIX_AT(t->in, p.example, kfix_largest_in(&t->g, p.row, p.col, p.channel, x));
}

/* Pixel e of images: `in` of each window that shows its largest x here, window after window. */
typedef kfix_images_args kfix_max_pool_back_args;

KFIX_INLINE void kfix_max_pool_back_item(const kfix_images_args *t, size_t e) {
  const kfix_windows *g = &t->g;
  const kfix_place p = kfix_pixel_of(g, e);
  const kfix_span rows = kfix_windows_of(g, 0, p.row), cols = kfix_windows_of(g, 1, p.col);
  const kfix_real *x = t->x.at + p.example * t->x.ld;
  kfix_real *out = &KFIX_AT(t->out, p.example, p.at), sum = t->more ? *out : 0;
  for (uint32_t i = rows.from; i < rows.to; i++)
    for (uint32_t j = cols.from; j < cols.to; j++)
      if (kfix_largest_in(g, i, j, p.channel, x) == p.at)
        sum += KFIX_AT(t->in, p.example, kfix_where(g, g->cols, i, j, p.channel));
  *out = sum;
}

KFIX_INLINE kfix_real kfix_share_of_window(const kfix_windows *g) {
  return 1 / (kfix_real)kfix_window_area(g);
}

/* Element e of what windows give: the mean of x. */
typedef kfix_images_args kfix_mean_pool_args;

KFIX_INLINE void kfix_mean_pool_item(const kfix_images_args *t, size_t e) {
  const kfix_windows *g = &t->g;
  const kfix_place p = kfix_window_of(g, e);
  const kfix_span rows = kfix_pixels_of(g, 0, p.row), cols = kfix_pixels_of(g, 1, p.col);
  kfix_real sum = 0;
  for (uint32_t i = rows.from; i < rows.to; i++)
    for (uint32_t j = cols.from; j < cols.to; j++)
      sum += KFIX_AT(t->x, p.example, kfix_where(g, g->width, i, j, p.channel));
  KFIX_AT(t->out, p.example, p.at) = sum * kfix_share_of_window(g);
}

/* Pixel e of images: the share that it has in `in` of each window that shows it, window after window. */
typedef kfix_images_args kfix_mean_pool_back_args;

KFIX_INLINE void kfix_mean_pool_back_item(const kfix_images_args *t, size_t e) {
  const kfix_windows *g = &t->g;
  const kfix_place p = kfix_pixel_of(g, e);
  const kfix_span rows = kfix_windows_of(g, 0, p.row), cols = kfix_windows_of(g, 1, p.col);
  const kfix_real share = kfix_share_of_window(g);
  kfix_real *out = &KFIX_AT(t->out, p.example, p.at), sum = t->more ? *out : 0;
  for (uint32_t i = rows.from; i < rows.to; i++)
    for (uint32_t j = cols.from; j < cols.to; j++)
      sum += KFIX_AT(t->in, p.example, kfix_where(g, g->cols, i, j, p.channel)) * share;
  *out = sum;
}

#endif
