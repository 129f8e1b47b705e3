/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Body of Adam's update. See split.h. */
#ifndef KFIX_CPU_MOMENTS_H
#define KFIX_CPU_MOMENTS_H

#include "core/elementary.h"
#include "port/bodies/split.h"

typedef struct kfix_cpu_adam_args {
  kfix_real b1, b2, rate, scale, eps;
  const kfix_real *g, *theta, *m, *v;
  kfix_real *m_out, *v_out, *out;
} kfix_cpu_adam_args;

static void kfix_cpu_adam_range(const void *args, size_t begin, size_t end) {
  const kfix_cpu_adam_args t = *(const kfix_cpu_adam_args *)args;
  const kfix_real c1 = 1 - t.b1, c2 = 1 - t.b2;
  for (size_t i = begin; i < end; i++) {
    const kfix_real g = t.g[i], theta = t.theta[i];
    const kfix_real m = kfix_fma(t.b1, t.m[i], c1 * g);
    const kfix_real v = kfix_fma(t.b2, t.v[i], (c2 * g) * g);
    t.m_out[i] = m;
    t.v_out[i] = v;
    t.out[i] = theta - (t.rate * m) / kfix_fma(kfix_sqrt(v), t.scale, t.eps);
  }
}

static kfix_status kfix_cpu_adam(const kfix_device *d, size_t n, kfix_real b1, kfix_real b2,
                                 kfix_real rate, kfix_real scale, kfix_real eps, const kfix_real *g,
                                 const kfix_real *theta, const kfix_real *m, const kfix_real *v,
                                 kfix_real *m_out, kfix_real *v_out, kfix_real *out) {
  const kfix_cpu_adam_args t = {b1, b2, rate, scale, eps, g, theta, m, v, m_out, v_out, out};
  kfix_cpu_split(d, n, 8, kfix_cpu_adam_range, &t);
  return KFIX_OK;
}

#endif
