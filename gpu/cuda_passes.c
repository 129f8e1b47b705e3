/* SPDX-License-Identifier: Apache-2.0
 * The passes over all parameters, each as the launches of its parts. */
#include "cuda_device.h"

kfix_status kfix_cuda_dots(const kfix_device *d, size_t n, const kfix_real *g, const kfix_real *u,
                           const kfix_real *v, double *out) {
  const kfix_real *const x[KFIX_DOTS_MAX] = {g, g, u, u, v}, *const y[] = {u, v, u, v, v};
  if (v) return kfix_cuda_dot_products(d, n, KFIX_DOTS_MAX, x, y, out);
  KFIX_TRY(kfix_cuda_dot(d, n, g, u, out));
  return kfix_cuda_dot(d, n, u, u, out + 2);
}

kfix_status kfix_cuda_decay(const kfix_device *d, size_t n, kfix_real eta, const kfix_real *theta,
                            kfix_real *g, double *bad, double *square) {
  KFIX_TRY(kfix_cuda_axpby(d, n, eta, theta, 1, g, g));
  KFIX_TRY(kfix_cuda_nonfinite(d, 1, n, g, n, bad));
  return kfix_cuda_dot(d, n, theta, theta, square);
}

kfix_status kfix_cuda_move(const kfix_device *d, size_t n, kfix_real a, const kfix_real *x,
                           kfix_real b, const kfix_real *y, kfix_real *v_out,
                           const kfix_real *theta, kfix_real *theta_out, kfix_real xi,
                           const kfix_real *mean, kfix_real *mean_out, double *bad) {
  KFIX_TRY(kfix_cuda_axpby(d, n, a, x, b, y, v_out));
  KFIX_TRY(kfix_cuda_axpby(d, n, 1, theta, 1, v_out, theta_out));
  KFIX_TRY(kfix_cuda_axpby(d, n, 1 - xi, theta_out, xi, mean, mean_out));
  KFIX_TRY(kfix_cuda_nonfinite(d, 1, n, v_out, n, bad));
  KFIX_TRY(kfix_cuda_nonfinite(d, 1, n, theta_out, n, bad));
  return kfix_cuda_nonfinite(d, 1, n, mean_out, n, bad);
}
