/* SPDX-License-Identifier: Apache-2.0
 * Dense EKFAC for the tests. */
#include "reference_ekfac.h"

#include <math.h>
#include <string.h>

#include "check.h"

void ref_ekfac_view(ref_case *c, size_t layer, ekfac_layer *out) {
  out->a = c->ref.width[layer] + 1;
  out->g = c->ref.width[layer + 1];
  CHECK(out->a <= EKFAC_SIDE && out->g <= EKFAC_SIDE && out->a * out->g <= EKFAC_ORDER);
  CHECK_INT(KFIX_OK, case_matrix(c, "A", layer, out->fa));
  CHECK_INT(KFIX_OK, case_matrix(c, "G", layer, out->fg));
  CHECK_INT(KFIX_OK, case_matrix(c, "UA", layer, out->ua));
  CHECK_INT(KFIX_OK, case_matrix(c, "UG", layer, out->ug));
  CHECK_INT(KFIX_OK, case_matrix(c, "s", layer, out->s));
}

void ref_transposed_product(size_t m, size_t n, size_t k, const double *x, const double *y,
                            double *out) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      out[i * n + j] = 0;
      for (size_t p = 0; p < k; p++) out[i * n + j] += x[p * m + i] * y[p * n + j];
    }
}

void ref_orthogonalise(size_t n, double *z) {
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k <= j; k++) {
      double dot = 0;
      for (size_t i = 0; i < n; i++) dot += z[i * n + k] * z[i * n + j];
      const double scale = k == j ? 1 / sqrt(dot) - 1 : -dot;
      for (size_t i = 0; i < n; i++) z[i * n + j] += scale * z[i * n + k];
    }
}

void ref_ekfac_block(const ref_net *net, size_t layer, const double *theta, const double *x,
                     const double *y, size_t rows, double *f) {
  const size_t a = net->width[layer] + 1, g = net->width[layer + 1], n = a * g;
  ref_pass t;
  memset(f, 0, n * n * sizeof *f);
  for (size_t e = 0; e < rows; e++) {
    ref_forward(net, theta, x + e * net->width[0], &t);
    ref_backward(net, theta, y + e * ref_outputs(net), &t);
    double v[EKFAC_ORDER];
    for (size_t i = 0; i < n; i++) v[i] = t.a[layer][i / g] * t.g[layer][i % g];
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++) f[i * n + j] += v[i] * v[j] / (double)rows;
  }
}

static void kron(const ekfac_layer *l, const double *x, const double *y, double *out) {
  const size_t a = l->a, g = l->g, n = a * g;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) out[i * n + j] = x[i / g * a + j / g] * y[i % g * g + j % g];
}

void ref_ekfac_basis(const ekfac_layer *l, double *u) {
  kron(l, l->ua, l->ug, u);
}

void ref_ekfac_kron(const ekfac_layer *l, double *m) {
  kron(l, l->fa, l->fg, m);
}

void ref_ekfac_operator(const ekfac_layer *l, const double *s, double *m) {
  double u[EKFAC_ORDER * EKFAC_ORDER];
  const size_t n = l->a * l->g;
  ref_ekfac_basis(l, u);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      m[i * n + j] = 0;
      for (size_t k = 0; k < n; k++) m[i * n + j] += u[i * n + k] * s[k] * u[j * n + k];
    }
}

void ref_ekfac_diagonal(const ekfac_layer *l, const double *m, double *s) {
  double u[EKFAC_ORDER * EKFAC_ORDER];
  const size_t n = l->a * l->g;
  ref_ekfac_basis(l, u);
  for (size_t k = 0; k < n; k++) {
    s[k] = 0;
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++) s[k] += u[i * n + k] * m[i * n + j] * u[j * n + k];
  }
}

static void rayleigh(size_t n, const double *m, const double *u, double *out) {
  for (size_t k = 0; k < n; k++) {
    out[k] = 0;
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++) out[k] += u[i * n + k] * m[i * n + j] * u[j * n + k];
  }
}

void ref_ekfac_values(const ekfac_layer *l, double *sa, double *sg) {
  rayleigh(l->a, l->fa, l->ua, sa);
  rayleigh(l->g, l->fg, l->ug, sg);
}

void ref_ekfac_square(const ekfac_layer *l, const double *v, double *s) {
  for (size_t p = 0; p < l->a; p++)
    for (size_t q = 0; q < l->g; q++) {
      double sum = 0;
      for (size_t i = 0; i < l->a; i++)
        for (size_t j = 0; j < l->g; j++)
          sum += l->ua[i * l->a + p] * v[j * l->a + i] * l->ug[j * l->g + q];
      s[p * l->g + q] = sum * sum;
    }
}
