/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the layers' kernels: derivatives of activations. See split.h. */
#ifndef KFIX_CPU_LAYERS_H
#define KFIX_CPU_LAYERS_H

#include "core/elementary.h"
#include "port/bodies/forward.h"

typedef struct kfix_cpu_differentiate_args {
  kfix_activation f;
  size_t cols;
  const kfix_real *a;
  size_t lda;
  kfix_real *g;
  size_t ldg;
} kfix_cpu_differentiate_args;

/* a == a fails for NaN only: NaN must not become 0. */
static inline kfix_real kfix_cpu_relu_slope(kfix_real a, kfix_real g) {
  const kfix_real off = a == a ? 0 : a;
  return a > 0 ? g : off;
}

static void kfix_cpu_differentiate_row(kfix_activation f, size_t n, const kfix_real *a,
                                       kfix_real *g) {
  switch (f) {
    case KFIX_RELU:
      for (size_t j = 0; j < n; j++) g[j] = kfix_cpu_relu_slope(a[j], g[j]);
      break;
    case KFIX_SIGMOID:
      for (size_t j = 0; j < n; j++) g[j] *= kfix_fma(-a[j], a[j], a[j]);
      break;
    case KFIX_TANH:
      for (size_t j = 0; j < n; j++) g[j] *= kfix_fma(-a[j], a[j], 1);
      break;
    default:
      break;
  }
}

static void kfix_cpu_differentiate_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_differentiate_args *t = args;
  for (size_t r = begin; r < end; r++)
    kfix_cpu_differentiate_row(t->f, t->cols, t->a + r * t->lda, t->g + r * t->ldg);
}

static kfix_status kfix_cpu_differentiate(const kfix_device *d, kfix_activation f, size_t rows,
                                          size_t cols, const kfix_real *a, size_t lda, kfix_real *g,
                                          size_t ldg) {
  const kfix_cpu_differentiate_args t = {f, cols, a, lda, g, ldg};
  if (f >= KFIX_SOFTMAX) return KFIX_PORT;
  if (f != KFIX_LINEAR) kfix_cpu_split(d, rows, 2 * cols, kfix_cpu_differentiate_range, &t);
  return KFIX_OK;
}

#endif
