/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Transposes of the pools, window by window. See split.h. */
#ifndef KFIX_CPU_POOLS_BACK_H
#define KFIX_CPU_POOLS_BACK_H

#include <string.h>

#include "port/bodies/pools.h"

static inline void kfix_cpu_add_mean(const kfix_windows *g, const kfix_cpu_view *v,
                                     const kfix_real *s, kfix_real *out) {
  const kfix_real share = kfix_cpu_share(g);
  for (size_t i = v->from[0]; i < v->to[0]; i++)
    for (size_t j = v->from[1]; j < v->to[1]; j++) {
      kfix_real *pixel = out + kfix_cpu_pixel(g, v, i, j);
      for (size_t c = 0; c < g->channels; c++) pixel[c] += s[c] * share;
    }
}

static void kfix_cpu_pool_back_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_pool_args t = *(const kfix_cpu_pool_args *)args;
  const size_t windows = kfix_positions(t.g), channels = t.g->channels;
  for (size_t r = begin; r < end; r++) {
    kfix_real *out = t.out + r * t.ldo;
    if (t.beta == 0) memset(out, 0, kfix_image_reals(t.g) * sizeof *out);
    for (size_t w = 0; w < windows; w++) {
      const kfix_cpu_view v = kfix_cpu_view_of(t.g, w / t.g->cols, w % t.g->cols);
      const kfix_real *s = t.in + r * t.ldi + w * channels;
      if (t.x)
        KFIX_CPU_EACH_LARGEST(t.g, &v, t.x + r * t.ldx, c, at, out[at] += s[c]);
      else
        kfix_cpu_add_mean(t.g, &v, s, out);
    }
  }
}

static kfix_status kfix_cpu_max_pool_back(const kfix_device *d, const kfix_windows *g, size_t rows,
                                          const kfix_real *x, size_t ldx, const kfix_real *s,
                                          size_t lds, kfix_real beta, kfix_real *t, size_t ldt) {
  const kfix_cpu_pool_args args = {g, x, ldx, s, lds, beta, t, ldt};
  return kfix_cpu_pool(d, rows, kfix_cpu_pool_back_range, &args);
}

static kfix_status kfix_cpu_mean_pool_back(const kfix_device *d, const kfix_windows *g, size_t rows,
                                           const kfix_real *s, size_t lds, kfix_real beta,
                                           kfix_real *x, size_t ldx) {
  const kfix_cpu_pool_args args = {g, NULL, 0, s, lds, beta, x, ldx};
  return kfix_cpu_pool(d, rows, kfix_cpu_pool_back_range, &args);
}

#endif
