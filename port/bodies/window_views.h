/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Where windows over an image lie. See split.h. */
#ifndef KFIX_CPU_WINDOW_VIEWS_H
#define KFIX_CPU_WINDOW_VIEWS_H

#include "port/bodies/split.h"

/* What of a window shows the image: rows and columns [from, to) of the kernel, the pixel that kernel (0, 0)
 * shows, or would, and the channels. */
typedef struct kfix_cpu_view {
  size_t from[2], to[2];
  ptrdiff_t at[2];
} kfix_cpu_view;

static inline void kfix_cpu_clip_window(ptrdiff_t at, uint32_t kernel, uint32_t size, size_t *from,
                                        size_t *to) {
  *from = at < 0 ? (size_t)-at : 0;
  *to = at + (ptrdiff_t)kernel > (ptrdiff_t)size ? (size_t)((ptrdiff_t)size - at) : kernel;
}

static inline kfix_cpu_view kfix_cpu_view_of(const kfix_windows *g, size_t row, size_t col) {
  kfix_cpu_view v;
  v.at[0] = (ptrdiff_t)(row * g->stride[0]) - (ptrdiff_t)g->pad[0];
  v.at[1] = (ptrdiff_t)(col * g->stride[1]) - (ptrdiff_t)g->pad[1];
  kfix_cpu_clip_window(v.at[0], g->kernel[0], g->height, &v.from[0], &v.to[0]);
  kfix_cpu_clip_window(v.at[1], g->kernel[1], g->width, &v.from[1], &v.to[1]);
  return v;
}

/* Where the image has what (i, j) of the kernel shows: its first channel. */
static inline size_t kfix_cpu_pixel(const kfix_windows *g, const kfix_cpu_view *v, size_t i,
                                    size_t j) {
  const size_t y = (size_t)(v->at[0] + (ptrdiff_t)i), x = (size_t)(v->at[1] + (ptrdiff_t)j);
  return (y * g->width + x) * g->channels;
}

#endif
