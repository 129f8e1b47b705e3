/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Patches, one after another. See split.h. */
#ifndef KFIX_CPU_PATCHES_H
#define KFIX_CPU_PATCHES_H

#include <string.h>

#include "port/bodies/window_views.h"

/* Of so many reals memcpy is a few instructions; of a number that is not known it is a call, which takes longer
 * than the runs of most patches do. */
#define KFIX_CPU_RUN 8

static inline void kfix_cpu_copy_run(size_t n, const kfix_real *x, kfix_real *out) {
  size_t j = 0;
  for (; j + KFIX_CPU_RUN <= n; j += KFIX_CPU_RUN)
    memcpy(out + j, x + j, KFIX_CPU_RUN * sizeof *out);
  if (n & 4) memcpy(out + j, x + j, 4 * sizeof *out);
  j += n & 4;
  if (n & 2) memcpy(out + j, x + j, 2 * sizeof *out);
  if (n & 1) out[n - 1] = x[n - 1];
}

static inline void kfix_cpu_zero_run(size_t n, kfix_real *out) {
  size_t j = 0;
  for (; j + KFIX_CPU_RUN <= n; j += KFIX_CPU_RUN) memset(out + j, 0, KFIX_CPU_RUN * sizeof *out);
  if (n & 4) memset(out + j, 0, 4 * sizeof *out);
  j += n & 4;
  if (n & 2) memset(out + j, 0, 2 * sizeof *out);
  if (n & 1) out[n - 1] = 0;
}

/* Row i of a patch. */
static inline void kfix_cpu_patch_row(const kfix_windows *g, const kfix_cpu_view *v, size_t i,
                                      const kfix_real *x, kfix_real *out) {
  const size_t c = g->channels, all = (size_t)g->kernel[1] * c;
  const size_t from = v->from[1] * c, to = v->to[1] * c;
  if (i < v->from[0] || i >= v->to[0] || from >= to) {
    kfix_cpu_zero_run(all, out);
    return;
  }
  if (from > 0) kfix_cpu_zero_run(from, out);
  kfix_cpu_copy_run(to - from, x + kfix_cpu_pixel(g, v, i, v->from[1]), out + from);
  if (to < all) kfix_cpu_zero_run(all - to, out + to);
}

static inline void kfix_cpu_patch(const kfix_windows *g, size_t row, size_t col, const kfix_real *x,
                                  kfix_real *out) {
  const kfix_cpu_view v = kfix_cpu_view_of(g, row, col);
  for (size_t i = 0; i < g->kernel[0]; i++, out += (size_t)g->kernel[1] * g->channels)
    kfix_cpu_patch_row(g, &v, i, x, out);
}

typedef struct kfix_cpu_patches_args {
  const kfix_windows *g;
  size_t first;
  const kfix_real *x;
  size_t ldx;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_patches_args;

static void kfix_cpu_patches_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_patches_args t = *(const kfix_cpu_patches_args *)args;
  const size_t positions = kfix_positions(t.g), k = kfix_patch_reals(t.g);
  const size_t window = (t.first + begin) % positions;
  const kfix_real *x = t.x + (t.first + begin) / positions * t.ldx;
  size_t row = window / t.g->cols, col = window % t.g->cols;
  for (size_t i = begin; i < end; i++) {
    kfix_cpu_patch(t.g, row, col, x, t.out + i * t.ldo);
    t.out[i * t.ldo + k] = 1;
    if (++col < t.g->cols) continue;
    col = 0;
    if (++row < t.g->rows) continue;
    row = 0;
    x += t.ldx;
  }
}

static kfix_status kfix_cpu_patches(const kfix_device *d, const kfix_windows *g, size_t first,
                                    size_t rows, const kfix_real *x, size_t ldx, kfix_real *out,
                                    size_t ldo) {
  const kfix_cpu_patches_args t = {g, first, x, ldx, out, ldo};
  kfix_cpu_split(d, rows, kfix_patch_reals(g), kfix_cpu_patches_range, &t);
  return KFIX_OK;
}

#endif
