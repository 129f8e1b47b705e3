/* SPDX-License-Identifier: Apache-2.0
 * Frobenius norms and inner products in the space of the examples. */
#include "block_error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "block_gradients.h"

enum { LANES = 8 };

/* Interleaved accumulators: the compiler may keep them in one register. */
static double dot(size_t n, const kfix_real *x, const kfix_real *y) {
  double lane[LANES] = {0}, sum = 0;
  const size_t whole = n - n % LANES;
  for (size_t i = 0; i < whole; i += LANES)
    for (size_t j = 0; j < LANES; j++) lane[j] += (double)x[i + j] * (double)y[i + j];
  for (size_t i = whole; i < n; i++) sum += (double)x[i] * (double)y[i];
  for (size_t j = 0; j < LANES; j++) sum += lane[j];
  return sum;
}

static double kernel(const block_rows *f, size_t t, size_t s) {
  if (f->positions) return block_gradients_dot(f, t, s);
  return dot(f->in, f->abar + t * f->in, f->abar + s * f->in) *
         dot(f->out, f->g + t * f->out, f->g + s * f->out);
}

void block_gram(const block_rows *f, double *k) {
  for (size_t t = 0; t < f->rows; t++)
    for (size_t s = 0; s <= t; s++) k[t * f->rows + s] = kernel(f, t, s);
}

void block_dense(const block_rows *f, double *dense) {
  const size_t n = f->in * f->out;
  if (f->positions) {
    block_gradients_dense(f, dense);
    return;
  }
  for (size_t i = 0; i < n; i++) memset(dense + i * n, 0, (i + 1) * sizeof *dense);
  for (size_t t = 0; t < f->rows; t++) {
    const kfix_real *a = f->abar + t * f->in, *g = f->g + t * f->out;
    for (size_t i = 0; i < n; i++) {
      const double left = (double)a[i / f->out] * (double)g[i % f->out] / (double)f->rows;
      double *row = dense + i * n;
      if (left == 0) continue;
      for (size_t j = 0; j <= i; j++)
        row[j] += left * ((double)a[j / f->out] * (double)g[j % f->out]);
    }
  }
}

static double lower_norm2(size_t n, const double *a) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double row = 0;
    for (size_t j = 0; j < i; j++) row += a[i * n + j] * a[i * n + j];
    sum += 2 * row + a[i * n + i] * a[i * n + i];
  }
  return sum;
}

static double gram_norm2(const block_rows *f) {
  double sum = 0;
  for (size_t t = 0; t < f->rows; t++) {
    double row = 0;
    for (size_t s = 0; s < t; s++) row += pow(kernel(f, t, s), 2);
    sum += 2 * row + pow(kernel(f, t, t), 2);
  }
  return sum / ((double)f->rows * (double)f->rows);
}

int block_norm2(const block_rows *f, double *norm2, tool_error *err) {
  const double m = (double)f->rows, n = (double)f->in * (double)f->out;
  if (n > BLOCK_ORDER_MAX || n * n > m * ((double)f->in + (double)f->out)) {
    *norm2 = gram_norm2(f);
    return 0;
  }
  const size_t order = f->in * f->out;
  double *dense = malloc(order * order * sizeof *dense);
  if (dense == NULL) return tool_fail(err, "no memory for a block of order %zu", order);
  block_dense(f, dense);
  *norm2 = lower_norm2(order, dense);
  free(dense);
  return 0;
}

/* x^T A x, A symmetric, its lower triangle read. */
static double form(size_t n, const kfix_real *a, const kfix_real *x) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += (double)x[i] * (2 * dot(i, a + i * n, x) + (double)a[i * n + i] * (double)x[i]);
  return sum;
}

static double inner_kronecker(const block_rows *f, const block_factors *b) {
  double sum = 0;
  for (size_t t = 0; t < f->rows; t++)
    for (int i = 0; i < b->terms; i++)
      sum += form(f->in, b->a[i], f->abar + t * f->in) * form(f->out, b->g[i], f->g + t * f->out);
  return sum / (double)f->rows;
}

/* out = squares of U^T x. */
static void project(size_t n, const kfix_real *u, const kfix_real *x, double *out) {
  memset(out, 0, n * sizeof *out);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) out[j] += (double)x[i] * (double)u[i * n + j];
  for (size_t j = 0; j < n; j++) out[j] *= out[j];
}

static double inner_eigenbasis(const block_rows *f, const block_factors *b, double *squares) {
  double sum = 0, *a = squares, *g = squares + f->in;
  for (size_t t = 0; t < f->rows; t++) {
    project(f->in, b->a[0], f->abar + t * f->in, a);
    project(f->out, b->g[0], f->g + t * f->out, g);
    for (size_t i = 0; i < f->in; i++) {
      double row = 0;
      for (size_t j = 0; j < f->out; j++) row += g[j] * (double)b->s[i * f->out + j];
      sum += a[i] * row;
    }
  }
  return sum / (double)f->rows;
}

/* lengths[j] = ||column j||^4 */
static void column_lengths(size_t n, const kfix_real *u, double *lengths) {
  memset(lengths, 0, n * sizeof *lengths);
  for (size_t i = 0; i < n * n; i++) lengths[i % n] += (double)u[i] * (double)u[i];
  for (size_t j = 0; j < n; j++) lengths[j] *= lengths[j];
}

/* Columns rounded to the real type are unit vectors to within its eps only, and so much of the norm
 * would show in a small distance; that they are not quite orthogonal is of second order. */
static double eigenbasis_norm2(const block_rows *shape, const block_factors *b, double *lengths) {
  double sum = 0, *out = lengths + shape->in;
  column_lengths(shape->in, b->a[0], lengths);
  column_lengths(shape->out, b->g[0], out);
  for (size_t i = 0; i < shape->in; i++)
    for (size_t j = 0; j < shape->out; j++)
      sum += lengths[i] * out[j] * pow((double)b->s[i * shape->out + j], 2);
  return sum;
}

static double kronecker_norm2(const block_rows *shape, const block_factors *b) {
  const size_t in = shape->in, out = shape->out;
  double sum = 0;
  for (int i = 0; i < b->terms; i++)
    for (int j = 0; j < b->terms; j++)
      sum += dot(in * in, b->a[i], b->a[j]) * dot(out * out, b->g[i], b->g[j]);
  return sum;
}

/* Room for a number per unit of both sides, or for two gradients. */
static double *unit_room(const block_rows *f, tool_error *err) {
  const size_t count = f->in + f->out + (f->positions ? 2 * f->in * f->out : 0);
  double *room = malloc(count * sizeof *room);
  if (room == NULL) (void)tool_fail(err, "no memory for %zu numbers", count);
  return room;
}

int block_factors_norm2(const block_rows *shape, const block_factors *b, double *norm2,
                        tool_error *err) {
  double *room = unit_room(shape, err);
  if (room == NULL) return -1;
  *norm2 = b->terms > 0 ? kronecker_norm2(shape, b) : eigenbasis_norm2(shape, b, room);
  free(room);
  return 0;
}

int block_inner(const block_rows *f, const block_factors *b, double *inner, tool_error *err) {
  double *room = unit_room(f, err);
  if (room == NULL) return -1;
  if (f->positions)
    *inner = block_gradients_inner(f, b, room);
  else
    *inner = b->terms > 0 ? inner_kronecker(f, b) : inner_eigenbasis(f, b, room);
  free(room);
  return 0;
}

int block_frobenius(const block_rows *f, double norm2, const block_factors *b, double *error,
                    tool_error *err) {
  double inner, own;
  if (block_inner(f, b, &inner, err) != 0 || block_factors_norm2(f, b, &own, err) != 0) return -1;
  *error = norm2 > 0 ? sqrt(fmax(norm2 - 2 * inner + own, 0) / norm2) : (double)NAN;
  return 0;
}
