/* SPDX-License-Identifier: Apache-2.0 */
/* Template: The transpose of a convolution, pixel by pixel, with the sums of gemm. See split.h. */
#ifndef KFIX_CPU_CONVOLUTION_BACK_H
#define KFIX_CPU_CONVOLUTION_BACK_H

#include "port/bodies/convolution.h"

/* The window that has pixel `at` at `kernel` of its kernel; `count`: there is none. */
static inline size_t kfix_cpu_window_of(size_t at, size_t kernel, uint32_t pad, uint32_t stride,
                                        size_t count) {
  const size_t shifted = at + pad;
  if (shifted < kernel || (shifted - kernel) % stride) return count;
  const size_t window = (shifted - kernel) / stride;
  return window < count ? window : count;
}

/* s of the window that has pixel (row, col) at place `at` of its kernel; NULL: there is none. */
static inline const kfix_real *kfix_cpu_shown_by(const kfix_cpu_convolve_args *t, size_t row,
                                                 size_t col, size_t at, const kfix_real *s) {
  const kfix_windows *g = t->g;
  const size_t i = at / g->kernel[1], j = at % g->kernel[1];
  const size_t y = kfix_cpu_window_of(row, i, g->pad[0], g->stride[0], g->rows);
  const size_t x = kfix_cpu_window_of(col, j, g->pad[1], g->stride[1], g->cols);
  return y < g->rows && x < g->cols ? s + (y * g->cols + x) * t->channels : NULL;
}

/* Terms [from, from + count) of the sums of a pixel: (kernel row, kernel column, channel of s). */
static inline void kfix_cpu_back_part(const kfix_cpu_convolve_args *t, size_t row, size_t col,
                                      size_t from, size_t count, const kfix_real *s,
                                      kfix_real *out) {
  size_t at = from / t->channels, c = from % t->channels;
  for (size_t p = 0; p < count; at++, c = 0) {
    const kfix_real *window = kfix_cpu_shown_by(t, row, col, at, s);
    for (; c < t->channels && p < count; c++) out[p++] = window ? window[c] : 0;
  }
}

/* Their sum for channel c of the image. */
static inline kfix_real kfix_cpu_back_sum(const kfix_cpu_convolve_args *t, size_t c, size_t from,
                                          size_t count, const kfix_real *part) {
  const size_t channels = t->g->channels;
  const kfix_real *w = t->w + from / t->channels * channels + c;
  kfix_real acc = 0;
  for (size_t p = 0, q = from % t->channels; p < count; q = 0, w += channels)
    for (; q < t->channels && p < count; q++) acc = kfix_fma(part[p++], w[q * t->ldw], acc);
  return acc;
}

static void kfix_cpu_convolve_back_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_convolve_args t = *(const kfix_cpu_convolve_args *)args;
  const kfix_windows *g = t.g;
  const size_t pixels = (size_t)g->height * g->width, k = kfix_window_area(g) * t.channels;
  kfix_real part[KFIX_KC];
  for (size_t i = begin; i < end; i++) {
    const size_t r = i / pixels, row = i % pixels / g->width, col = i % g->width;
    kfix_real *out = t.out + r * t.ldo + i % pixels * g->channels;
    for (size_t c = 0; c < g->channels && t.beta == 0; c++) out[c] = 0;
    for (size_t from = 0; from < k; from += KFIX_KC) {
      const size_t count = k - from < KFIX_KC ? k - from : KFIX_KC;
      kfix_cpu_back_part(&t, row, col, from, count, t.in + r * t.ldi, part);
      for (size_t c = 0; c < g->channels; c++)
        out[c] += kfix_cpu_back_sum(&t, c, from, count, part);
    }
  }
}

static kfix_status kfix_cpu_convolve_back(const kfix_device *d, const kfix_windows *g, size_t rows,
                                          size_t channels, const kfix_real *s, size_t lds,
                                          const kfix_real *w, size_t ldw, kfix_real beta,
                                          kfix_real *x, size_t ldx) {
  const kfix_cpu_convolve_args t = {g, channels, 0, s, lds, w, ldw, beta, x, ldx};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  kfix_cpu_split(d, rows * g->height * g->width, kfix_window_area(g) * channels * g->channels,
                 kfix_cpu_convolve_back_range, &t);
  return KFIX_OK;
}

#endif
