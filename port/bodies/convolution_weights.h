/* SPDX-License-Identifier: Apache-2.0 */
/* Template: The gradient of a convolution's weights, place by place of its kernel, with the sums of gemm. See
 * split.h. */
#ifndef KFIX_CPU_CONVOLUTION_WEIGHTS_H
#define KFIX_CPU_CONVOLUTION_WEIGHTS_H

#include "core/elementary.h"
#include "port/bodies/window_views.h"

/* Channels of the image that are summed on one walk. */
#define KFIX_CPU_WALK_CHANNELS 8

typedef struct kfix_cpu_weights_args {
  const kfix_windows *g;
  size_t rows, channels, ones, together;
  kfix_real alpha;
  const kfix_real *x;
  size_t ldx;
  const kfix_real *s;
  size_t lds;
  kfix_real beta;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_weights_args;

/* Where the walk over windows is: s of that window, the image, and the place of the kernel that is looked through;
 * in a place behind the last there is a one. */
typedef struct kfix_cpu_walk {
  const kfix_real *x, *s;
  size_t i, j, row, col;
} kfix_cpu_walk;

/* On to the next window. */
static inline void kfix_cpu_walk_on(const kfix_cpu_weights_args *t, kfix_cpu_walk *w) {
  w->s += t->channels;
  if (++w->col < t->g->cols) return;
  w->col = 0;
  if (++w->row < t->g->rows) return;
  w->row = 0;
  w->x += t->ldx;
  w->s += t->lds - kfix_positions(t->g) * t->channels;
}

/* What the window shows at that place; NULL: padding. */
static inline const kfix_real *kfix_cpu_walk_pixel(const kfix_windows *g, const kfix_cpu_walk *w) {
  static const kfix_real one = 1;
  if (w->i == g->kernel[0]) return &one;
  /* Before the first, or behind the last, is a large number, too. */
  const size_t y = w->row * g->stride[0] + w->i - g->pad[0];
  const size_t x = w->col * g->stride[1] + w->j - g->pad[1];
  return y < g->height && x < g->width ? w->x + (y * g->width + x) * g->channels : NULL;
}

/* sums[c] += over `count` windows, for n channels of the image from `from` on. */
static inline void kfix_cpu_walk_sums(const kfix_cpu_weights_args *t, size_t count, size_t from,
                                      size_t n, kfix_cpu_walk *w, kfix_real *sums) {
  for (; count > 0; count--, kfix_cpu_walk_on(t, w)) {
    const kfix_real *pixel = kfix_cpu_walk_pixel(t->g, w), s = t->alpha * *w->s;
    for (size_t c = 0; c < n; c++) sums[c] = kfix_fma(s, pixel ? pixel[from + c] : 0, sums[c]);
  }
}

/* All windows for channel `channel` of s, `together` at a time. */
static inline void kfix_cpu_walk_all(const kfix_cpu_weights_args *t, size_t channel, size_t place,
                                     size_t from, size_t n, kfix_real *out) {
  const size_t all = t->rows * kfix_positions(t->g), across = t->g->kernel[1];
  kfix_cpu_walk w = {t->x, t->s + channel, place / across, place % across, 0, 0};
  for (size_t c = 0; c < n && t->beta == 0; c++) out[c] = 0;
  for (size_t done = 0; done < all; done += t->together) {
    const size_t left = all - done;
    kfix_real sums[KFIX_CPU_WALK_CHANNELS] = {0};
    kfix_cpu_walk_sums(t, left < t->together ? left : t->together, from, n, &w, sums);
    for (size_t c = 0; c < n; c++) out[c] += sums[c];
  }
}

static void kfix_cpu_convolve_weights_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_weights_args t = *(const kfix_cpu_weights_args *)args;
  const size_t area = kfix_window_area(t.g), places = area + t.ones;
  for (size_t item = begin; item < end; item++) {
    const size_t channel = item / places, place = item % places;
    const size_t channels = place < area ? t.g->channels : 1;
    kfix_real *out = t.out + channel * t.ldo + place * t.g->channels;
    for (size_t c = 0, n; c < channels; c += n) {
      n = channels - c < KFIX_CPU_WALK_CHANNELS ? channels - c : KFIX_CPU_WALK_CHANNELS;
      kfix_cpu_walk_all(&t, channel, place, c, n, out + c);
    }
  }
}

static kfix_status kfix_cpu_convolve_weights(const kfix_device *d, const kfix_windows *g,
                                             size_t rows, size_t channels, size_t ones,
                                             size_t together, kfix_real alpha, const kfix_real *x,
                                             size_t ldx, const kfix_real *s, size_t lds,
                                             kfix_real beta, kfix_real *out, size_t ldo) {
  const kfix_cpu_weights_args t = {g,   rows, channels, ones, together, alpha, x,
                                   ldx, s,    lds,      beta, out,      ldo};
  if ((beta != 0 && beta != 1) || together == 0 || together > KFIX_KC) return KFIX_PORT;
  kfix_cpu_split(d, channels * (kfix_window_area(g) + ones), rows * kfix_positions(g) * g->channels,
                 kfix_cpu_convolve_weights_range, &t);
  return KFIX_OK;
}

#endif
