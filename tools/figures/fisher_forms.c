/* SPDX-License-Identifier: Apache-2.0
 * F-tilde, its inverse, and what a block-diagonal and a block-tridiagonal inverse make of it. */
#include "fisher_forms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dense_matrix.h"

/* Weight number w of all: its block, its unit below, its unit above. */
typedef struct weight {
  uint32_t block;
  size_t a, g;
} weight;

static weight weight_at(const example_moments *m, size_t w) {
  weight out = {0, 0, 0};
  while (w >= m->w[out.block + 1]) out.block++;
  const size_t width = m->g[out.block + 1] - m->g[out.block], inside = w - m->w[out.block];
  out.a = m->a[out.block] + inside / width;
  out.g = m->g[out.block] + inside % width;
  return out;
}

static void make_kronecker(double *out, const example_moments *m, double gamma) {
  for (size_t i = 0; i < m->n; i++) {
    const weight p = weight_at(m, i);
    for (size_t j = 0; j < m->n; j++) {
      const weight q = weight_at(m, j);
      const double pi = m->pi[p.block];
      const int same = p.block == q.block;
      const double a = m->second_a[p.a * m->in + q.a] + (same && p.a == q.a ? pi * gamma : 0);
      const double g = m->second_g[p.g * m->out + q.g] + (same && p.g == q.g ? gamma / pi : 0);
      out[i * m->n + j] = a * g;
    }
  }
}

/* Block (i, j) of an n x n matrix. */
static dense_block block_of(double *x, const example_moments *m, uint32_t i, uint32_t j) {
  return (dense_block){x + m->w[i] * m->n + m->w[j], m->w[i + 1] - m->w[i], m->w[j + 1] - m->w[j],
                       m->n};
}

static void copy_block(dense_block from, dense_block to) {
  for (size_t i = 0; i < from.rows; i++)
    memcpy(to.at + i * to.ld, from.at + i * from.ld, from.cols * sizeof *from.at);
}

/* to = from^-1, both square blocks. */
static int invert_block(dense_block from, dense_block to, tool_error *err) {
  const size_t n = from.rows;
  double *in = dense_zeros(n * n, err), *out = dense_zeros(n * n, err);
  int result = -1;
  if (in != NULL && out != NULL) {
    copy_block(from, (dense_block){in, n, n, n});
    result = dense_inverse(n, in, out, err);
    if (result == 0) copy_block((dense_block){out, n, n, n}, to);
  }
  free(in);
  free(out);
  return result;
}

static int make_diagonal(double *const forms[], const example_moments *m, tool_error *err) {
  for (uint32_t i = 0; i < m->blocks; i++) {
    const dense_block from = block_of(forms[FORM_DAMPED], m, i, i);
    copy_block(from, block_of(forms[FORM_DIAGONAL], m, i, i));
    if (invert_block(from, block_of(forms[FORM_DIAGONAL_INVERSE], m, i, i), err) != 0) return -1;
  }
  return 0;
}

/* xi: the unit upper block-bidiagonal matrix with -Psi beside its diagonal. lambda: the inverses of
 * the conditional covariances on the diagonal. */
static int make_factors(double *const forms[], const example_moments *m, double *xi, double *lambda,
                        tool_error *err) {
  double *damped = forms[FORM_DAMPED];
  for (size_t i = 0; i < m->n; i++) xi[i * m->n + i] = 1;
  for (uint32_t i = 0; i < m->blocks; i++) {
    dense_block sigma = block_of(lambda, m, i, i);
    copy_block(block_of(damped, m, i, i), sigma);
    if (i + 1 < m->blocks) {
      const dense_block psi = block_of(xi, m, i, i + 1);
      dense_multiply(-1, block_of(damped, m, i, i + 1), 0,
                     block_of(forms[FORM_DIAGONAL_INVERSE], m, i + 1, i + 1), psi);
      dense_multiply(1, psi, 0, block_of(damped, m, i + 1, i), sigma);
    }
    if (invert_block(sigma, sigma, err) != 0) return -1;
  }
  return 0;
}

/* Xi^T Lambda Xi, and its inverse. */
static int make_tridiagonal(double *const forms[], const example_moments *m, tool_error *err) {
  const size_t n = m->n;
  double *xi = dense_zeros(n * n, err), *lambda = dense_zeros(n * n, err);
  double *product = dense_zeros(n * n, err);
  int result = -1;
  if (xi != NULL && lambda != NULL && product != NULL)
    result = make_factors(forms, m, xi, lambda, err);
  if (result == 0) {
    const dense_block whole = {xi, n, n, n}, middle = {product, n, n, n};
    dense_multiply(1, (dense_block){lambda, n, n, n}, 0, whole, middle);
    dense_multiply(1, whole, 1, middle, (dense_block){forms[FORM_TRIDIAGONAL_INVERSE], n, n, n});
    result = dense_inverse(n, forms[FORM_TRIDIAGONAL_INVERSE], forms[FORM_TRIDIAGONAL], err);
  }
  free(xi);
  free(lambda);
  free(product);
  return result;
}

int fisher_forms_make(double *forms[FORM_COUNT], const example_moments *m, tool_error *err) {
  forms[FORM_EXACT] = m->fisher;
  for (int i = FORM_EXACT + 1; i < FORM_COUNT; i++) {
    forms[i] = dense_zeros(m->n * m->n, err);
    if (forms[i] == NULL) return -1;
  }
  make_kronecker(forms[FORM_KRONECKER], m, 0);
  make_kronecker(forms[FORM_DAMPED], m, m->gamma);
  if (dense_inverse(m->n, forms[FORM_DAMPED], forms[FORM_INVERSE], err) != 0) return -1;
  if (make_diagonal(forms, m, err) != 0) return -1;
  return make_tridiagonal(forms, m, err);
}

void fisher_forms_free(double *forms[FORM_COUNT]) {
  for (int i = FORM_EXACT + 1; i < FORM_COUNT; i++) free(forms[i]);
}

/* E[g] = 0 under the model's own distribution, so kappa(a, g, g') = E[a g g'] - E[a] E[g g'] and
 * the fourth cumulant is what (3) leaves. */
void fisher_error_sums(const example_moments *m, double *error, double *bound) {
  const size_t pairs = m->out * m->out;
  *error = *bound = 0;
  for (size_t i = 0; i < m->n; i++) {
    const weight p = weight_at(m, i);
    for (size_t j = 0; j < m->n; j++) {
      const weight q = weight_at(m, j);
      const size_t gg = p.g * m->out + q.g;
      const double third_p = m->third[p.a * pairs + gg] - m->mean[p.a] * m->second_g[gg];
      const double third_q = m->third[q.a * pairs + gg] - m->mean[q.a] * m->second_g[gg];
      const double off = m->fisher[i * m->n + j] - m->second_a[p.a * m->in + q.a] * m->second_g[gg];
      const double fourth = off - m->mean[p.a] * third_q - m->mean[q.a] * third_p;
      *error += fabs(off);
      *bound += fabs(fourth) + fabs(m->mean[p.a] * third_q) + fabs(m->mean[q.a] * third_p);
    }
  }
}
