/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of convolutions of each channel by itself: windows from pixels. See split.h. */
#ifndef KFIX_CPU_DEPTHWISE_H
#define KFIX_CPU_DEPTHWISE_H

#include "core/elementary.h"
#include "port/bodies/window_views.h"

/* Of all of them: `x` is what is read, s or images. */
typedef struct kfix_cpu_depthwise_args {
  const kfix_windows *g;
  size_t each;
  int ones;
  const kfix_real *x;
  size_t ldx;
  const kfix_real *s;
  size_t lds;
  const kfix_real *w;
  kfix_real beta;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_depthwise_args;

/* Channels at a time, side by side. */
#define KFIX_CPU_DEEP 32

/* Of a window, channels [c, c + n). */
static inline void kfix_cpu_depthwise_window(const kfix_cpu_depthwise_args *t,
                                             const kfix_cpu_view *v, size_t c, size_t n,
                                             const kfix_real *x, kfix_real *out) {
  kfix_real sum[KFIX_CPU_DEEP] = {0};
  const kfix_real *w = t->w + c * t->each;
  for (size_t i = v->from[0]; i < v->to[0]; i++)
    for (size_t j = v->from[1]; j < v->to[1]; j++) {
      const kfix_real *pixel = x + kfix_cpu_pixel(t->g, v, i, j) + c;
      const kfix_real *at = w + i * t->g->kernel[1] + j;
      for (size_t e = 0; e < n; e++) sum[e] = kfix_fma(at[e * t->each], pixel[e], sum[e]);
    }
  for (size_t e = 0; e < n; e++) {
    const kfix_real y = t->ones ? sum[e] + w[e * t->each + t->each - 1] : sum[e];
    out[e] = t->beta == 0 ? y : out[e] + y;
  }
}

/* Calls what(t, view, c, n, r, window) for each window and tile of channels of rows [begin, end). */
#define KFIX_CPU_EACH_DEEP(t, begin, end, r, window, v, c, n, what)                 \
  do {                                                                              \
    const size_t windows_ = kfix_positions((t)->g), channels_ = (t)->g->channels;   \
    for (size_t r = (begin); r < (end); r++)                                        \
      for (size_t window = 0; window < windows_; window++) {                        \
        const kfix_cpu_view v =                                                     \
            kfix_cpu_view_of((t)->g, window / (t)->g->cols, window % (t)->g->cols); \
        for (size_t c = 0, n; c < channels_; c += n) {                              \
          n = channels_ - c < KFIX_CPU_DEEP ? channels_ - c : KFIX_CPU_DEEP;        \
          what;                                                                     \
        }                                                                           \
      }                                                                             \
  } while (0)

static void kfix_cpu_depthwise_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_depthwise_args t = *(const kfix_cpu_depthwise_args *)args;
  KFIX_CPU_EACH_DEEP(&t, begin, end, r, window, v, c, n,
                     kfix_cpu_depthwise_window(&t, &v, c, n, t.x + r * t.ldx,
                                               t.out + r * t.ldo + window * t.g->channels + c));
}

/* What one of them costs, by rows. */
static kfix_status kfix_cpu_deep(const kfix_device *d, size_t rows, kfix_cpu_range range,
                                 const kfix_cpu_depthwise_args *t) {
  if (t->beta != 0 && t->beta != 1) return KFIX_PORT;
  kfix_cpu_split(d, rows, 2 * kfix_positions(t->g) * kfix_patch_reals(t->g), range, t);
  return KFIX_OK;
}

static kfix_status kfix_cpu_depthwise(const kfix_device *d, const kfix_windows *g, size_t rows,
                                      size_t each, int ones, const kfix_real *x, size_t ldx,
                                      const kfix_real *w, kfix_real beta, kfix_real *out,
                                      size_t ldo) {
  const kfix_cpu_depthwise_args args = {g, each, ones, x, ldx, NULL, 0, w, beta, out, ldo};
  return kfix_cpu_deep(d, rows, kfix_cpu_depthwise_range, &args);
}

#endif
