/* SPDX-License-Identifier: Apache-2.0
 * Dense K-FAC for the tests. */
#include "reference_kfac.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double *zeros(size_t n) {
  return calloc(n ? n : 1, sizeof(double));
}

void ref_kfac_begin(ref_kfac *k, const ref_net *net) {
  memset(k, 0, sizeof *k);
  for (size_t i = 0; i < net->depth; i++) {
    const size_t a = net->width[i] + 1, g = net->width[i + 1];
    k->a[i] = zeros(a * a);
    k->a_inverse[i] = zeros(a * a);
    k->g[i] = zeros(g * g);
    k->g_inverse[i] = zeros(g * g);
  }
}

void ref_kfac_end(ref_kfac *k, const ref_net *net) {
  for (size_t i = 0; i < net->depth; i++) {
    free(k->a[i]);
    free(k->a_inverse[i]);
    free(k->g[i]);
    free(k->g_inverse[i]);
  }
}

static void decay_all(double *m, size_t n, double eps) {
  for (size_t i = 0; i < n * n; i++) m[i] *= eps;
}

static void add_outer(double *m, size_t n, const double *v, double weight) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) m[i * n + j] += weight * v[i] * v[j];
}

double ref_kfac_absorb(ref_kfac *k, const ref_net *net, const double *theta, const double *x,
                       const double *y, size_t n, double decay) {
  ref_pass t;
  k->count++;
  const double fading = 1 - 1 / (double)k->count, eps = fading < decay ? fading : decay;
  for (size_t i = 0; i < net->depth; i++) {
    decay_all(k->a[i], net->width[i] + 1, eps);
    decay_all(k->g[i], net->width[i + 1], eps);
  }
  for (size_t e = 0; e < n; e++) {
    ref_forward(net, theta, x + e * net->width[0], &t);
    ref_backward(net, theta, y + e * ref_outputs(net), &t);
    for (size_t i = 0; i < net->depth; i++) {
      add_outer(k->a[i], net->width[i] + 1, t.a[i], (1 - eps) / (double)n);
      add_outer(k->g[i], net->width[i + 1], t.g[i], (1 - eps) / (double)n);
    }
  }
  return eps;
}

static double mean_eigenvalue(const double *m, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += m[i * n + i];
  return sum / (double)n;
}

static void damped(const double *m, size_t n, double shift, double *out) {
  memcpy(out, m, n * n * sizeof *m);
  for (size_t i = 0; i < n; i++) out[i * n + i] += shift;
}

static void damped_inverse(const double *m, size_t n, double shift, double *out) {
  double *sum = zeros(n * n);
  damped(m, n, shift, sum);
  ref_inverse(n, sum, out);
  free(sum);
}

void ref_kfac_refresh(ref_kfac *k, const ref_net *net, double gamma) {
  for (size_t i = 0; i < net->depth; i++) {
    const size_t a = net->width[i] + 1, g = net->width[i + 1];
    const double in = mean_eigenvalue(k->a[i], a), out = mean_eigenvalue(k->g[i], g);
    k->pi[i] = in > 0 && out > 0 ? sqrt(in / out) : 1;
    damped_inverse(k->a[i], a, k->pi[i] * gamma, k->a_inverse[i]);
    damped_inverse(k->g[i], g, gamma / k->pi[i], k->g_inverse[i]);
  }
}

/* out (m x n) = x (m x k) y (k x n). */
static void product(size_t m, size_t n, size_t inner, const double *x, const double *y,
                    double *out) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      double sum = 0;
      for (size_t l = 0; l < inner; l++) sum += x[i * inner + l] * y[l * n + j];
      out[i * n + j] = sum;
    }
}

void ref_kfac_apply(const ref_kfac *k, const ref_net *net, double scale, const double *v,
                    double *out) {
  for (size_t i = 0; i < net->depth; i++) {
    const size_t a = net->width[i] + 1, g = net->width[i + 1];
    double *half = zeros(a * g);
    product(g, a, g, k->g_inverse[i], v + net->w[i], half);
    product(g, a, a, half, k->a_inverse[i], out + net->w[i]);
    for (size_t j = 0; j < a * g; j++) out[net->w[i] + j] *= scale;
    free(half);
  }
}

static void swap_rows(double *m, size_t cols, size_t r, size_t s) {
  for (size_t j = 0; j < cols; j++) {
    const double kept = m[r * cols + j];
    m[r * cols + j] = m[s * cols + j];
    m[s * cols + j] = kept;
  }
}

int ref_solve(size_t n, size_t m, double *a, double *b) {
  for (size_t c = 0; c < n; c++) {
    size_t best = c;
    for (size_t r = c + 1; r < n; r++)
      if (fabs(a[r * n + c]) > fabs(a[best * n + c])) best = r;
    if (a[best * n + c] == 0) return 0;
    swap_rows(a, n, c, best);
    swap_rows(b, m, c, best);
    for (size_t r = 0; r < n; r++) {
      const double factor = r == c ? 0 : a[r * n + c] / a[c * n + c];
      if (factor == 0) continue;
      for (size_t j = c; j < n; j++) a[r * n + j] -= factor * a[c * n + j];
      for (size_t j = 0; j < m; j++) b[r * m + j] -= factor * b[c * m + j];
    }
  }
  for (size_t r = 0; r < n; r++)
    for (size_t j = 0; j < m; j++) b[r * m + j] /= a[r * n + r];
  return 1;
}

int ref_inverse(size_t n, const double *a, double *out) {
  double *copy = zeros(n * n);
  memcpy(copy, a, n * n * sizeof *a);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) out[i * n + j] = i == j;
  const int ok = ref_solve(n, n, copy, out);
  free(copy);
  return ok;
}

/* Element (r, c) of V is number c out + r of vec(V). */
void ref_kron_solve(const ref_kfac *k, const ref_net *net, size_t layer, double gamma,
                    const double *v, double *out) {
  const size_t a = net->width[layer] + 1, g = net->width[layer + 1], n = a * g;
  double *da = zeros(a * a), *dg = zeros(g * g), *big = zeros(n * n), *x = zeros(n);
  damped(k->a[layer], a, k->pi[layer] * gamma, da);
  damped(k->g[layer], g, gamma / k->pi[layer], dg);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) big[i * n + j] = da[i / g * a + j / g] * dg[i % g * g + j % g];
  for (size_t i = 0; i < n; i++) x[i] = v[i % g * a + i / g];
  ref_solve(n, 1, big, x);
  for (size_t i = 0; i < n; i++) out[i % g * a + i / g] = x[i];
  free(da);
  free(dg);
  free(big);
  free(x);
}
