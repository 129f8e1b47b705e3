/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of normalisations in training: moments, sums over positions, and the derivative. See split.h. */
#ifndef KFIX_CPU_NORMALISATION_BACK_H
#define KFIX_CPU_NORMALISATION_BACK_H

#include "port/bodies/normalisation.h"

/* Channels of one task: their numbers stand side by side. */
#define KFIX_CPU_MOMENTS 16

typedef struct kfix_cpu_norm_moments_args {
  size_t rows, positions, channels;
  const kfix_real *x;
  size_t ldx;
  kfix_real share;
  kfix_real *out;
} kfix_cpu_norm_moments_args;

/* sum[j] += the sum over all positions of a row of x, or of (x - mean)^2. */
static inline void kfix_cpu_add_row_moments(const kfix_real *x, size_t positions, size_t step,
                                            size_t n, const kfix_real *mean, kfix_real *sum) {
  kfix_real row[KFIX_CPU_MOMENTS] = {0};
  for (size_t p = 0; p < positions; p++, x += step)
    for (size_t j = 0; j < n; j++) {
      const kfix_real off = mean ? x[j] - mean[j] : x[j];
      row[j] += mean ? off * off : off;
    }
  for (size_t j = 0; j < n; j++) sum[j] += row[j];
}

static void kfix_cpu_norm_moments_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_norm_moments_args t = *(const kfix_cpu_norm_moments_args *)args;
  for (size_t i = begin; i < end; i++) {
    const size_t c = i * KFIX_CPU_MOMENTS, left = t.channels - c;
    const size_t n = left < KFIX_CPU_MOMENTS ? left : KFIX_CPU_MOMENTS;
    kfix_real mean[KFIX_CPU_MOMENTS] = {0}, square[KFIX_CPU_MOMENTS] = {0};
    for (size_t r = 0; r < t.rows; r++)
      kfix_cpu_add_row_moments(t.x + r * t.ldx + c, t.positions, t.channels, n, NULL, mean);
    for (size_t j = 0; j < n; j++) mean[j] *= t.share;
    for (size_t r = 0; r < t.rows; r++)
      kfix_cpu_add_row_moments(t.x + r * t.ldx + c, t.positions, t.channels, n, mean, square);
    for (size_t j = 0; j < n; j++) {
      t.out[2 * (c + j)] = mean[j];
      t.out[2 * (c + j) + 1] = square[j] * t.share;
    }
  }
}

static kfix_status kfix_cpu_norm_moments(const kfix_device *d, size_t rows, size_t positions,
                                         size_t channels, const kfix_real *x, size_t ldx,
                                         kfix_real *out) {
  const kfix_real share = 1 / (kfix_real)(rows * positions);
  const kfix_cpu_norm_moments_args args = {rows, positions, channels, x, ldx, share, out};
  kfix_cpu_split(d, (channels + KFIX_CPU_MOMENTS - 1) / KFIX_CPU_MOMENTS,
                 6 * rows * positions * KFIX_CPU_MOMENTS, kfix_cpu_norm_moments_range, &args);
  return KFIX_OK;
}

static void kfix_cpu_norm_sums_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_norm_args t = *(const kfix_cpu_norm_args *)args;
  for (size_t c = 0; c < t.channels; c += KFIX_CPU_NORMED) {
    const kfix_cpu_scales s = kfix_cpu_scales_of(&t, c);
    for (size_t r = begin; r < end; r++) {
      kfix_real by_x[KFIX_CPU_NORMED] = {0}, plain[KFIX_CPU_NORMED] = {0};
      for (size_t p = 0; p < t.positions; p++) {
        const kfix_real *x = t.x + r * t.ldx + p * t.channels + c;
        const kfix_real *g = t.g + r * t.ldg + p * t.channels + c;
        for (size_t j = 0; j < s.n; j++) {
          by_x[j] += g[j] * ((x[j] - s.mean[j]) * s.inverse[j]);
          plain[j] += g[j];
        }
      }
      for (size_t j = 0; j < s.n; j++) {
        t.out[r * t.ldo + 2 * (c + j)] = by_x[j];
        t.out[r * t.ldo + 2 * (c + j) + 1] = plain[j];
      }
    }
  }
}

static kfix_status kfix_cpu_norm_sums(const kfix_device *d, size_t rows, size_t positions,
                                      size_t channels, const kfix_real *x, size_t ldx,
                                      const kfix_real *moments, const kfix_real *g, size_t ldg,
                                      kfix_real *out, size_t ldo) {
  const kfix_cpu_norm_args args = {.positions = positions,
                                   .channels = channels,
                                   .x = x,
                                   .ldx = ldx,
                                   .moments = moments,
                                   .g = g,
                                   .ldg = ldg,
                                   .out = out,
                                   .ldo = ldo};
  kfix_cpu_split(d, rows, 5 * positions * channels, kfix_cpu_norm_sums_range, &args);
  return KFIX_OK;
}

static void kfix_cpu_norm_back_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_norm_args t = *(const kfix_cpu_norm_args *)args;
  for (size_t c = 0; c < t.channels; c += KFIX_CPU_NORMED) {
    const kfix_cpu_scales s = kfix_cpu_scales_of(&t, c);
    kfix_real factor[KFIX_CPU_NORMED], by_x[KFIX_CPU_NORMED], plain[KFIX_CPU_NORMED];
    for (size_t j = 0; j < s.n; j++) {
      factor[j] = t.w[2 * (c + j)] * s.inverse[j];
      by_x[j] = t.sums[2 * (c + j)] * t.share;
      plain[j] = t.sums[2 * (c + j) + 1] * t.share;
    }
    for (size_t r = begin; r < end; r++)
      for (size_t p = 0; p < t.positions; p++) {
        const kfix_real *x = t.x + r * t.ldx + p * t.channels + c;
        const kfix_real *g = t.g + r * t.ldg + p * t.channels + c;
        kfix_real *out = t.out + r * t.ldo + p * t.channels + c;
        for (size_t j = 0; j < s.n; j++) {
          const kfix_real along = (x[j] - s.mean[j]) * s.inverse[j] * by_x[j];
          const kfix_real y = (g[j] - plain[j] - along) * factor[j];
          out[j] = t.beta == 0 ? y : out[j] + y;
        }
      }
  }
}

static kfix_status kfix_cpu_norm_back(const kfix_device *d, size_t rows, size_t positions,
                                      size_t channels, const kfix_real *x, size_t ldx,
                                      const kfix_real *moments, const kfix_real *w,
                                      const kfix_real *sums, size_t count, const kfix_real *g,
                                      size_t ldg, kfix_real beta, kfix_real *out, size_t ldo) {
  const kfix_cpu_norm_args args = {.positions = positions,
                                   .channels = channels,
                                   .x = x,
                                   .ldx = ldx,
                                   .moments = moments,
                                   .w = w,
                                   .sums = sums,
                                   .share = 1 / (kfix_real)count,
                                   .g = g,
                                   .ldg = ldg,
                                   .beta = beta,
                                   .out = out,
                                   .ldo = ldo};
  if (beta != 0 && beta != 1) return KFIX_PORT;
  kfix_cpu_split(d, rows, 8 * positions * channels, kfix_cpu_norm_back_range, &args);
  return KFIX_OK;
}

#endif
