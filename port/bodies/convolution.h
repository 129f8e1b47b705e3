/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Convolution, window by window: what is read is gathered a block of KFIX_KC at a time, so that sums
 * are those of gemm. See split.h. */
#ifndef KFIX_CPU_CONVOLUTION_H
#define KFIX_CPU_CONVOLUTION_H

#include "core/elementary.h"
#include "port/bodies/window_views.h"

typedef struct kfix_cpu_convolve_args {
  const kfix_windows *g;
  size_t channels, ones;
  const kfix_real *in;
  size_t ldi;
  const kfix_real *w;
  size_t ldw;
  kfix_real beta;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_convolve_args;

/* The pixel that place `at` of the kernel shows; NULL: padding. */
static inline const kfix_real *kfix_cpu_shown(const kfix_windows *g, const kfix_cpu_view *v,
                                              size_t at, const kfix_real *x) {
  const size_t i = at / g->kernel[1], j = at % g->kernel[1];
  const int seen = i >= v->from[0] && i < v->to[0] && j >= v->from[1] && j < v->to[1];
  return seen ? x + kfix_cpu_pixel(g, v, i, j) : NULL;
}

/* Reals [from, from + count) of a patch and the one behind it, place by place: a division for each real would
 * take longer than the products do. */
static inline void kfix_cpu_patch_part(const kfix_windows *g, const kfix_cpu_view *v, size_t from,
                                       size_t count, const kfix_real *x, kfix_real *out) {
  size_t at = from / g->channels, c = from % g->channels;
  for (size_t p = 0; p < count; at++, c = 0) {
    const kfix_real *pixel = kfix_cpu_shown(g, v, at, x);
    for (; c < g->channels && p < count; c++) out[p++] = pixel ? pixel[c] : 0;
  }
  if (from + count > kfix_patch_reals(g)) out[count - 1] = 1;
}

static void kfix_cpu_convolve_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_convolve_args t = *(const kfix_cpu_convolve_args *)args;
  const size_t windows = kfix_positions(t.g), k = kfix_patch_reals(t.g) + t.ones;
  kfix_real part[KFIX_KC];
  for (size_t i = begin; i < end; i++) {
    const size_t r = i / windows, at = i % windows;
    const kfix_cpu_view v = kfix_cpu_view_of(t.g, at / t.g->cols, at % t.g->cols);
    kfix_real *out = t.out + r * t.ldo + at * t.channels;
    for (size_t c = 0; c < t.channels && t.beta == 0; c++) out[c] = 0;
    for (size_t from = 0; from < k; from += KFIX_KC) {
      const size_t count = k - from < KFIX_KC ? k - from : KFIX_KC;
      kfix_cpu_patch_part(t.g, &v, from, count, t.in + r * t.ldi, part);
      for (size_t c = 0; c < t.channels; c++) {
        const kfix_real *w = t.w + c * t.ldw + from;
        kfix_real acc = 0;
        for (size_t p = 0; p < count; p++) acc = kfix_fma(part[p], w[p], acc);
        out[c] += acc;
      }
    }
  }
}

static kfix_status kfix_cpu_convolve(const kfix_device *d, const kfix_windows *g, size_t rows,
                                     size_t channels, size_t ones, const kfix_real *x, size_t ldx,
                                     const kfix_real *w, size_t ldw, kfix_real beta, kfix_real *out,
                                     size_t ldo) {
  const kfix_cpu_convolve_args t = {g, channels, ones, x, ldx, w, ldw, beta, out, ldo};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  kfix_cpu_split(d, rows * kfix_positions(g), channels * kfix_patch_reals(g),
                 kfix_cpu_convolve_range, &t);
  return KFIX_OK;
}

#endif
