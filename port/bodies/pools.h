/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the pools: the largest of a window, and the mean. See split.h. */
#ifndef KFIX_CPU_POOLS_H
#define KFIX_CPU_POOLS_H

#include "port/bodies/window_views.h"

/* One body for both directions: what an example's windows read, and what is written. */
typedef struct kfix_cpu_pool_args {
  const kfix_windows *g;
  const kfix_real *x; /* whose largest counts; NULL: the mean */
  size_t ldx;
  const kfix_real *in;
  size_t ldi;
  kfix_real beta;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_pool_args;

/* Channels at a time, side by side. */
#define KFIX_CPU_POOLED 32

/* Where the largest of channels [c, c + n) are seen, counted from the image's first real. */
typedef struct kfix_cpu_tops {
  size_t c, n;
  kfix_real top[KFIX_CPU_POOLED];
  uint32_t at[KFIX_CPU_POOLED];
} kfix_cpu_tops;

static inline void kfix_cpu_look_at(kfix_cpu_tops *t, size_t pixel, const kfix_real *x) {
  const kfix_real *value = x + pixel + t->c;
  const uint32_t first = (uint32_t)(pixel + t->c);
  for (size_t j = 0; j < t->n; j++) {
    const kfix_real top = t->top[j];
    const int larger = (top == top) & !(value[j] <= top);
    t->top[j] = larger ? value[j] : top;
    t->at[j] = larger ? first + (uint32_t)j : t->at[j];
  }
}

static inline void kfix_cpu_largest(const kfix_windows *g, const kfix_cpu_view *v,
                                    const kfix_real *x, kfix_cpu_tops *t) {
  const size_t first = kfix_cpu_pixel(g, v, v->from[0], v->from[1]) + t->c;
  for (size_t j = 0; j < t->n; j++) {
    t->top[j] = x[first + j];
    t->at[j] = (uint32_t)(first + j);
  }
  for (size_t i = v->from[0]; i < v->to[0]; i++)
    for (size_t j = v->from[1]; j < v->to[1]; j++)
      kfix_cpu_look_at(t, kfix_cpu_pixel(g, v, i, j), x);
}

/* Does `what` for channel c of a window, whose largest is at `at`. */
#define KFIX_CPU_EACH_LARGEST(g, v, x, c, at, what)                          \
  do {                                                                       \
    kfix_cpu_tops tops_;                                                     \
    for (tops_.c = 0; tops_.c < (g)->channels; tops_.c += KFIX_CPU_POOLED) { \
      const size_t left_ = (g)->channels - tops_.c;                          \
      tops_.n = left_ < KFIX_CPU_POOLED ? left_ : KFIX_CPU_POOLED;           \
      kfix_cpu_largest(g, v, x, &tops_);                                     \
      for (size_t j_ = 0; j_ < tops_.n; j_++) {                              \
        const size_t c = tops_.c + j_, at = tops_.at[j_];                    \
        what;                                                                \
      }                                                                      \
    }                                                                        \
  } while (0)

static inline kfix_real kfix_cpu_share(const kfix_windows *g) {
  return 1 / (kfix_real)kfix_window_area(g);
}

static inline void kfix_cpu_mean(const kfix_windows *g, const kfix_cpu_view *v, const kfix_real *x,
                                 kfix_real *out) {
  const kfix_real share = kfix_cpu_share(g);
  for (size_t c = 0; c < g->channels; c++) out[c] = 0;
  for (size_t i = v->from[0]; i < v->to[0]; i++)
    for (size_t j = v->from[1]; j < v->to[1]; j++) {
      const kfix_real *pixel = x + kfix_cpu_pixel(g, v, i, j);
      for (size_t c = 0; c < g->channels; c++) out[c] += pixel[c];
    }
  for (size_t c = 0; c < g->channels; c++) out[c] *= share;
}

static void kfix_cpu_pool_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_pool_args t = *(const kfix_cpu_pool_args *)args;
  const size_t windows = kfix_positions(t.g), channels = t.g->channels;
  for (size_t r = begin; r < end; r++) {
    const kfix_real *in = t.in + r * t.ldi;
    for (size_t w = 0; w < windows; w++) {
      const kfix_cpu_view v = kfix_cpu_view_of(t.g, w / t.g->cols, w % t.g->cols);
      kfix_real *out = t.out + r * t.ldo + w * channels;
      if (t.x)
        KFIX_CPU_EACH_LARGEST(t.g, &v, t.x + r * t.ldx, c, at, out[c] = in[at]);
      else
        kfix_cpu_mean(t.g, &v, in, out);
    }
  }
}

static kfix_status kfix_cpu_pool(const kfix_device *d, size_t rows, kfix_cpu_range range,
                                 const kfix_cpu_pool_args *t) {
  if (t->beta != 0 && t->beta != 1) return KFIX_PORT;
  kfix_cpu_split(d, rows, kfix_positions(t->g) * kfix_patch_reals(t->g), range, t);
  return KFIX_OK;
}

static kfix_status kfix_cpu_max_pool(const kfix_device *d, const kfix_windows *g, size_t rows,
                                     const kfix_real *x, size_t ldx, const kfix_real *t, size_t ldt,
                                     kfix_real *out, size_t ldo) {
  const kfix_cpu_pool_args args = {g, x, ldx, t, ldt, 0, out, ldo};
  return kfix_cpu_pool(d, rows, kfix_cpu_pool_range, &args);
}

static kfix_status kfix_cpu_mean_pool(const kfix_device *d, const kfix_windows *g, size_t rows,
                                      const kfix_real *x, size_t ldx, kfix_real *out, size_t ldo) {
  const kfix_cpu_pool_args args = {g, NULL, 0, x, ldx, 0, out, ldo};
  return kfix_cpu_pool(d, rows, kfix_cpu_pool_range, &args);
}

#endif
