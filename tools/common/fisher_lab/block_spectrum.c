/* SPDX-License-Identifier: Apache-2.0
 * Spectra of blocks and of their approximations. */
#include "block_spectrum.h"

#include <math.h>
#include <stdlib.h>

#include "block_error.h"
#include "block_lanczos.h"
#include "symmetric_values.h"

/* Sums of two products up to this order are diagonalised; of larger ones the eigenvalues that count
 * are searched for. */
enum { DENSE_MAX = 512 };

static int no_memory(size_t n, tool_error *err) {
  return tool_fail(err, "no memory for a matrix of order %zu", n);
}

int block_spectrum_of(const block_rows *f, block_spectrum *spectrum, tool_error *err) {
  const int by_rows = f->rows <= f->in * f->out;
  const size_t n = by_rows ? f->rows : f->in * f->out;
  *spectrum = (block_spectrum){NULL, n};
  if (n > BLOCK_ORDER_MAX) return 0;
  double *matrix = malloc(n * n * sizeof *matrix);
  spectrum->values = malloc(n * sizeof *spectrum->values);
  if (matrix == NULL || spectrum->values == NULL) {
    free(matrix);
    block_spectrum_free(spectrum);
    return no_memory(n, err);
  }
  (by_rows ? block_gram : block_dense)(f, matrix);
  const int result = symmetric_values(n, matrix, spectrum->values, err);
  for (size_t i = 0; i < n && by_rows; i++) spectrum->values[i] /= (double)f->rows;
  free(matrix);
  return result;
}

void block_spectrum_free(block_spectrum *spectrum) {
  free(spectrum->values);
  spectrum->values = NULL;
}

/* Eigenvalues of a symmetric factor. */
static int factor_values(size_t n, const kfix_real *a, double *values, tool_error *err) {
  double *matrix = malloc(n * n * sizeof *matrix);
  if (matrix == NULL) return no_memory(n, err);
  for (size_t i = 0; i < n * n; i++) matrix[i] = (double)a[i];
  const int result = symmetric_values(n, matrix, values, err);
  free(matrix);
  return result;
}

static int one_term(const block_rows *f, const block_factors *b, double *values, tool_error *err) {
  double *side = malloc((f->in + f->out) * sizeof *side);
  if (side == NULL) return no_memory(f->in, err);
  int result = factor_values(f->in, b->a[0], side, err);
  if (result == 0) result = factor_values(f->out, b->g[0], side + f->in, err);
  for (size_t i = 0; i < f->in * f->out && result == 0; i++)
    values[i] = side[i / f->out] * side[f->in + i % f->out];
  free(side);
  return result;
}

static double entry(const block_rows *f, const block_factors *b, int term, size_t i, size_t j) {
  return (double)b->a[term][i / f->out * f->in + j / f->out] *
         (double)b->g[term][i % f->out * f->out + j % f->out];
}

static int two_terms(const block_rows *f, const block_factors *b, double *values, tool_error *err) {
  const size_t n = f->in * f->out;
  double *matrix = malloc(n * n * sizeof *matrix);
  if (matrix == NULL) return no_memory(n, err);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) matrix[i * n + j] = entry(f, b, 0, i, j) + entry(f, b, 1, i, j);
  const int result = symmetric_values(n, matrix, values, err);
  free(matrix);
  return result;
}

/* All in * out eigenvalues of an approximation, in any order. */
static int values_of(const block_rows *f, const block_factors *b, double *values, tool_error *err) {
  if (b->terms == 1) return one_term(f, b, values, err);
  if (b->terms == 2) return two_terms(f, b, values, err);
  for (size_t i = 0; i < f->in * f->out; i++) values[i] = (double)b->s[i];
  return 0;
}

static int is_within_reach(const block_rows *f, const block_factors *b, size_t most) {
  if (b->terms == 0) return 1;
  if (b->terms == 2) return f->in * f->out <= most;
  return f->in <= most && f->out <= most;
}

/* Both descending; what is not in `spectrum` is zero. */
static double distance(const block_spectrum *spectrum, size_t n, const double *values) {
  double difference = 0, norm = 0;
  for (size_t i = 0; i < n; i++) {
    const double exact = i < spectrum->count ? spectrum->values[i] : 0;
    difference += (exact - values[i]) * (exact - values[i]);
    norm += exact * exact;
  }
  return norm > 0 ? sqrt(difference / norm) : (double)NAN;
}

/* The same from norms and the inner product. */
static int search_distance(const block_rows *f, const block_spectrum *spectrum,
                           const block_factors *b, double *error, tool_error *err) {
  double norm2 = 0, inner, own;
  for (size_t i = 0; i < spectrum->count; i++) norm2 += spectrum->values[i] * spectrum->values[i];
  if (!(norm2 > 0)) return 0;
  if (block_spectra_inner(f, b, spectrum->values, spectrum->count, &inner, err) != 0) return -1;
  if (block_factors_norm2(f, b, &own, err) != 0) return -1;
  *error = sqrt(fmax(norm2 - 2 * inner + own, 0) / norm2);
  return 0;
}

int block_spectrum_error(const block_rows *f, const block_spectrum *spectrum,
                         const block_factors *b, size_t order_max, double *error, tool_error *err) {
  const size_t n = f->in * f->out;
  *error = NAN;
  if (spectrum->values == NULL || !is_within_reach(f, b, order_max)) return 0;
  if (b->terms == 2 && n > DENSE_MAX) return search_distance(f, spectrum, b, error, err);
  double *values = malloc(n * sizeof *values);
  if (values == NULL) return no_memory(n, err);
  const int result = values_of(f, b, values, err);
  if (result == 0) {
    sort_descending(n, values);
    *error = distance(spectrum, n, values);
  }
  free(values);
  return result;
}
