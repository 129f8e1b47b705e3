/* SPDX-License-Identifier: Apache-2.0
 * Blocks of the Fisher matrix, formed and taken apart by brute force. */
#include "reference_block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reference_case.h"

static double scale_of(block_kind kind, uint64_t *state) {
  return kind == BLOCK_HEAVY ? 1 / (0.02 + fabs(case_uniform(state))) : 1;
}

/* Rank two where asked for: columns are mixtures of the first two. */
static void flatten(kfix_real *x, size_t rows, size_t cols) {
  for (size_t t = 0; t < rows; t++)
    for (size_t j = 2; j < cols; j++)
      x[t * cols + j] = (kfix_real)((double)j * 0.5) * x[t * cols] - x[t * cols + 1];
}

void ref_block_begin(ref_block *b, block_kind kind, size_t rows, size_t in, size_t out,
                     uint64_t seed) {
  *b = (ref_block){.n = in * out};
  b->abar = calloc(rows * in, sizeof *b->abar);
  b->g = calloc(rows * out, sizeof *b->g);
  b->dense = calloc(b->n * b->n, sizeof *b->dense);
  for (size_t t = 0; t < rows; t++) {
    const double common = case_normal(&seed), scale = scale_of(kind, &seed);
    for (size_t i = 0; i < in; i++) b->abar[t * in + i] = (kfix_real)(common + case_normal(&seed));
    for (size_t j = 0; j < out; j++)
      b->g[t * out + j] = (kfix_real)(scale * (common + case_normal(&seed)));
  }
  if (kind == BLOCK_DEFICIENT) {
    flatten(b->abar, rows, in);
    flatten(b->g, rows, out);
  }
  for (size_t t = 0; t < rows && in > 1; t++) b->abar[t * in + in - 1] = 1;
  b->f = (block_rows){rows, in, out, b->abar, b->g, 0, 0, NULL};
  for (size_t t = 0; t < rows; t++)
    for (size_t i = 0; i < b->n; i++)
      for (size_t j = 0; j < b->n; j++)
        b->dense[i * b->n + j] += (double)b->abar[t * in + i / out] * b->g[t * out + i % out] *
                                  b->abar[t * in + j / out] * b->g[t * out + j % out] /
                                  (double)rows;
}

void ref_block_end(ref_block *b) {
  free(b->abar);
  free(b->g);
  free(b->dense);
}

kfix_real *ref_random_symmetric(size_t n, uint64_t *state) {
  kfix_real *a = calloc(n * n, sizeof *a);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      a[i * n + j] = a[j * n + i] = (kfix_real)(case_normal(state) + (i == j ? 2 : 0));
  return a;
}

kfix_real *ref_random_orthogonal(size_t n, uint64_t *state) {
  double *q = calloc(n * n, sizeof *q);
  kfix_real *out = calloc(n * n, sizeof *out);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) q[i * n + j] = case_normal(state);
    for (int twice = 0; twice < 2; twice++) {
      for (size_t k = 0; k < i; k++) {
        double inner = 0;
        for (size_t j = 0; j < n; j++) inner += q[i * n + j] * q[k * n + j];
        for (size_t j = 0; j < n; j++) q[i * n + j] -= inner * q[k * n + j];
      }
    }
    const double norm = ref_norm(q + i * n, n);
    for (size_t j = 0; j < n; j++) q[i * n + j] /= norm;
  }
  for (size_t i = 0; i < n * n; i++) out[i] = (kfix_real)q[i];
  free(q);
  return out;
}

static double kronecker_entry(const block_rows *f, const block_factors *b, size_t i, size_t j) {
  double sum = 0;
  for (int term = 0; term < b->terms; term++)
    sum += (double)b->a[term][i / f->out * f->in + j / f->out] *
           (double)b->g[term][i % f->out * f->out + j % f->out];
  return sum;
}

static double eigenbasis_entry(const block_rows *f, const block_factors *b, size_t i, size_t j) {
  double sum = 0;
  for (size_t k = 0; k < f->in * f->out; k++) {
    const size_t ka = k / f->out, kg = k % f->out;
    sum += (double)b->a[0][i / f->out * f->in + ka] * (double)b->g[0][i % f->out * f->out + kg] *
           (double)b->s[k] * (double)b->a[0][j / f->out * f->in + ka] *
           (double)b->g[0][j % f->out * f->out + kg];
  }
  return sum;
}

double *ref_block_of_factors(const block_rows *f, const block_factors *b) {
  const size_t n = f->in * f->out;
  double *dense = calloc(n * n, sizeof *dense);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      dense[i * n + j] = b->terms > 0 ? kronecker_entry(f, b, i, j) : eigenbasis_entry(f, b, i, j);
  return dense;
}

/* Rotates rows and columns p and q so that a[p][q] = 0. */
static void rotate(size_t n, double *a, size_t p, size_t q) {
  const double off = a[p * n + q];
  if (off == 0) return;
  const double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
  const double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
  const double c = 1 / sqrt(t * t + 1), s = t * c;
  for (size_t k = 0; k < n; k++) {
    const double x = a[k * n + p], y = a[k * n + q];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (size_t k = 0; k < n; k++) {
    const double x = a[p * n + k], y = a[q * n + k];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
  }
}

static int descending(const void *x, const void *y) {
  const double a = *(const double *)x, b = *(const double *)y;
  return (a < b) - (a > b);
}

void ref_eigenvalues(size_t n, double *a, double *values) {
  for (int sweep = 0; sweep < 16; sweep++)
    for (size_t p = 0; p < n; p++)
      for (size_t q = p + 1; q < n; q++) rotate(n, a, p, q);
  for (size_t i = 0; i < n; i++) values[i] = a[i * n + i];
  qsort(values, n, sizeof *values, descending);
}

double ref_norm(const double *x, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
  return sqrt(sum);
}

double ref_mean_eigenvalue(const block_rows *f) {
  double sum = 0;
  for (size_t t = 0; t < f->rows; t++) {
    double a = 0, g = 0;
    for (size_t i = 0; i < f->in; i++) a += pow((double)f->abar[t * f->in + i], 2);
    for (size_t i = 0; i < f->out; i++) g += pow((double)f->g[t * f->out + i], 2);
    sum += a * g;
  }
  const double mean = sum / ((double)f->rows * (double)f->in * (double)f->out);
  return mean > 0 ? mean : 1;
}
