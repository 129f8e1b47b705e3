/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of normalisations: moments of channels, and what is made with them. See split.h. */
#ifndef KFIX_CPU_NORMALISATION_H
#define KFIX_CPU_NORMALISATION_H

#include "core/elementary.h"
#include "port/bodies/split.h"

/* Channels at a time, side by side. */
#define KFIX_CPU_NORMED 32

/* Of all of them; what a kernel does not name it does not look at. */
typedef struct kfix_cpu_norm_args {
  size_t positions, channels;
  const kfix_real *x;
  size_t ldx;
  const kfix_real *moments, *w, *sums;
  kfix_real share;
  const kfix_real *g;
  size_t ldg;
  kfix_real beta;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_norm_args;

/* Of channels [c, c + n): what is taken from x, and what that is multiplied by. */
typedef struct kfix_cpu_scales {
  size_t c, n;
  kfix_real mean[KFIX_CPU_NORMED], inverse[KFIX_CPU_NORMED];
} kfix_cpu_scales;

static inline kfix_cpu_scales kfix_cpu_scales_of(const kfix_cpu_norm_args *t, size_t c) {
  kfix_cpu_scales s = {.c = c, .n = t->channels - c};
  if (s.n > KFIX_CPU_NORMED) s.n = KFIX_CPU_NORMED;
  for (size_t j = 0; j < s.n; j++) {
    const kfix_real *m = t->moments + 2 * (c + j);
    s.mean[j] = m[0];
    s.inverse[j] = 1 / kfix_sqrt(m[1] + (kfix_real)KFIX_NORM_EPS);
  }
  return s;
}

static void kfix_cpu_norm_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_norm_args t = *(const kfix_cpu_norm_args *)args;
  for (size_t c = 0; c < t.channels; c += KFIX_CPU_NORMED) {
    const kfix_cpu_scales s = kfix_cpu_scales_of(&t, c);
    kfix_real scale[KFIX_CPU_NORMED], shift[KFIX_CPU_NORMED];
    for (size_t j = 0; j < s.n; j++) {
      scale[j] = t.w[2 * (c + j)];
      shift[j] = t.w[2 * (c + j) + 1];
    }
    for (size_t r = begin; r < end; r++)
      for (size_t p = 0; p < t.positions; p++) {
        const kfix_real *x = t.x + r * t.ldx + p * t.channels + c;
        kfix_real *out = t.out + r * t.ldo + p * t.channels + c;
        for (size_t j = 0; j < s.n; j++) {
          const kfix_real y = (x[j] - s.mean[j]) * s.inverse[j] * scale[j] + shift[j];
          out[j] = t.beta == 0 ? y : out[j] + y;
        }
      }
  }
}

static kfix_status kfix_cpu_norm(const kfix_device *d, size_t rows, size_t positions,
                                 size_t channels, const kfix_real *x, size_t ldx,
                                 const kfix_real *moments, const kfix_real *w, kfix_real beta,
                                 kfix_real *out, size_t ldo) {
  const kfix_cpu_norm_args args = {.positions = positions,
                                   .channels = channels,
                                   .x = x,
                                   .ldx = ldx,
                                   .moments = moments,
                                   .w = w,
                                   .beta = beta,
                                   .out = out,
                                   .ldo = ldo};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  kfix_cpu_split(d, rows, 4 * positions * channels, kfix_cpu_norm_range, &args);
  return KFIX_OK;
}

#endif
