/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of convolutions of each channel by itself, in training: pixels and sums from windows. See split.h. */
#ifndef KFIX_CPU_DEPTHWISE_BACK_H
#define KFIX_CPU_DEPTHWISE_BACK_H

#include <string.h>

#include "port/bodies/depthwise.h"

static inline void kfix_cpu_depthwise_pixels(const kfix_cpu_depthwise_args *t,
                                             const kfix_cpu_view *v, size_t c, size_t n,
                                             const kfix_real *s, kfix_real *image) {
  for (size_t i = v->from[0]; i < v->to[0]; i++)
    for (size_t j = v->from[1]; j < v->to[1]; j++) {
      kfix_real *pixel = image + kfix_cpu_pixel(t->g, v, i, j) + c;
      const kfix_real *w = t->w + c * t->each + i * t->g->kernel[1] + j;
      for (size_t e = 0; e < n; e++) pixel[e] = kfix_fma(w[e * t->each], s[e], pixel[e]);
    }
}

static void kfix_cpu_depthwise_back_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_depthwise_args t = *(const kfix_cpu_depthwise_args *)args;
  for (size_t r = begin; r < end && t.beta == 0; r++)
    memset(t.out + r * t.ldo, 0, kfix_image_reals(t.g) * sizeof *t.out);
  KFIX_CPU_EACH_DEEP(
      &t, begin, end, r, window, v, c, n,
      kfix_cpu_depthwise_pixels(&t, &v, c, n, t.s + r * t.lds + window * t.g->channels + c,
                                t.out + r * t.ldo));
}

static kfix_status kfix_cpu_depthwise_back(const kfix_device *d, const kfix_windows *g, size_t rows,
                                           size_t each, const kfix_real *s, size_t lds,
                                           const kfix_real *w, kfix_real beta, kfix_real *x,
                                           size_t ldx) {
  const kfix_cpu_depthwise_args args = {g, each, 0, NULL, 0, s, lds, w, beta, x, ldx};
  return kfix_cpu_deep(d, rows, kfix_cpu_depthwise_back_range, &args);
}

static inline void kfix_cpu_depthwise_add(const kfix_cpu_depthwise_args *t, const kfix_cpu_view *v,
                                          size_t c, size_t n, const kfix_real *x,
                                          const kfix_real *s, kfix_real *sums) {
  kfix_real *at = sums + c * t->each;
  for (size_t i = v->from[0]; i < v->to[0]; i++)
    for (size_t j = v->from[1]; j < v->to[1]; j++) {
      const kfix_real *pixel = x + kfix_cpu_pixel(t->g, v, i, j) + c;
      kfix_real *out = at + i * t->g->kernel[1] + j;
      for (size_t e = 0; e < n; e++) out[e * t->each] = kfix_fma(s[e], pixel[e], out[e * t->each]);
    }
  for (size_t e = 0; e < n && t->ones; e++) at[e * t->each + t->each - 1] += s[e];
}

static void kfix_cpu_depthwise_sums_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_depthwise_args t = *(const kfix_cpu_depthwise_args *)args;
  for (size_t r = begin; r < end; r++)
    memset(t.out + r * t.ldo, 0, t.g->channels * t.each * sizeof *t.out);
  KFIX_CPU_EACH_DEEP(
      &t, begin, end, r, window, v, c, n,
      kfix_cpu_depthwise_add(&t, &v, c, n, t.x + r * t.ldx,
                             t.s + r * t.lds + window * t.g->channels + c, t.out + r * t.ldo));
}

static kfix_status kfix_cpu_depthwise_sums(const kfix_device *d, const kfix_windows *g, size_t rows,
                                           size_t each, const kfix_real *x, size_t ldx,
                                           const kfix_real *s, size_t lds, kfix_real *out,
                                           size_t ldo) {
  const int ones = each > kfix_window_area(g);
  const kfix_cpu_depthwise_args args = {g, each, ones, x, ldx, s, lds, NULL, 0, out, ldo};
  return kfix_cpu_deep(d, rows, kfix_cpu_depthwise_sums_range, &args);
}

#endif
