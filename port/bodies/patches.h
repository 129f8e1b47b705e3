/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Patches, one after another. See split.h. */
#ifndef KFIX_CPU_PATCHES_H
#define KFIX_CPU_PATCHES_H

#include <string.h>

#include "port/bodies/windows.h"

/* Row i of a patch. */
static inline void kfix_cpu_patch_row(const kfix_windows *g, const kfix_cpu_view *v, size_t i,
                                      const kfix_real *x, kfix_real *out) {
  const size_t c = g->channels, all = (size_t)g->kernel[1] * c;
  const size_t from = v->from[1] * c, to = v->to[1] * c;
  if (i < v->from[0] || i >= v->to[0] || from >= to) {
    memset(out, 0, all * sizeof *out);
    return;
  }
  memset(out, 0, from * sizeof *out);
  memcpy(out + from, x + kfix_cpu_pixel(g, v, i, v->from[1]), (to - from) * sizeof *out);
  memset(out + to, 0, (all - to) * sizeof *out);
}

static inline void kfix_cpu_patch(const kfix_windows *g, size_t window, const kfix_real *x,
                                  kfix_real *out) {
  const kfix_cpu_view v = kfix_cpu_view_of(g, window / g->cols, window % g->cols);
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
  for (size_t i = begin; i < end; i++) {
    const size_t example = (t.first + i) / positions, window = (t.first + i) % positions;
    kfix_cpu_patch(t.g, window, t.x + example * t.ldx, t.out + i * t.ldo);
    t.out[i * t.ldo + k] = 1;
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
