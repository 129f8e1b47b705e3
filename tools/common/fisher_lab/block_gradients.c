/* SPDX-License-Identifier: Apache-2.0
 * Plain loops over out x in matrices in double. */
#include "block_gradients.h"

#include <stdlib.h>
#include <string.h>

static double *gradient_of(const block_rows *f, size_t t) {
  return f->d + t * f->out * f->in;
}

/* d += g abar^T */
static void add_position(const block_rows *f, const kfix_real *abar, const kfix_real *g,
                         double *d) {
  for (size_t o = 0; o < f->out; o++)
    for (size_t i = 0; i < f->in; i++) d[o * f->in + i] += (double)g[o] * (double)abar[i];
}

int block_gradients_make(block_rows *f, tool_error *err) {
  f->d = calloc(f->rows, f->out * f->in * sizeof *f->d);
  if (f->d == NULL)
    return tool_fail(err, "no memory for the gradients of %zu examples, %zu x %zu each", f->rows,
                     f->out, f->in);
  for (size_t t = 0; t < f->rows * f->positions; t++)
    add_position(f, f->abar + t * f->in, f->g + t * f->out, gradient_of(f, t / f->positions));
  return 0;
}

void block_gradients_free(block_rows *f) {
  free(f->d);
  f->d = NULL;
}

static double dot(size_t n, const double *x, const double *y) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * y[i];
  return sum;
}

double block_gradients_dot(const block_rows *f, size_t t, size_t s) {
  return dot(f->out * f->in, gradient_of(f, t), gradient_of(f, s));
}

/* Element i out + j of vec D. */
static double element(const block_rows *f, const double *d, size_t at) {
  return d[at % f->out * f->in + at / f->out];
}

void block_gradients_dense(const block_rows *f, double *dense) {
  const size_t n = f->in * f->out;
  for (size_t i = 0; i < n; i++) memset(dense + i * n, 0, (i + 1) * sizeof *dense);
  for (size_t t = 0; t < f->rows; t++) {
    const double *d = gradient_of(f, t);
    for (size_t i = 0; i < n; i++) {
      const double left = element(f, d, i) / (double)f->rows;
      for (size_t j = 0; j <= i; j++) dense[i * n + j] += left * element(f, d, j);
    }
  }
}

/* out = D A. */
static void times(const block_rows *f, const double *d, const kfix_real *a, double *out) {
  memset(out, 0, f->out * f->in * sizeof *out);
  for (size_t o = 0; o < f->out; o++)
    for (size_t i = 0; i < f->in; i++)
      for (size_t j = 0; j < f->in; j++)
        out[o * f->in + j] += d[o * f->in + i] * (double)a[i * f->in + j];
}

/* out = U^T x, x out x in. */
static void times_left(const block_rows *f, const kfix_real *u, const double *x, double *out) {
  memset(out, 0, f->out * f->in * sizeof *out);
  for (size_t o = 0; o < f->out; o++)
    for (size_t p = 0; p < f->out; p++)
      for (size_t j = 0; j < f->in; j++)
        out[p * f->in + j] += (double)u[o * f->out + p] * x[o * f->in + j];
}

/* U_G^T D U_A, or G D A (G is symmetric), into the second half of the room. */
static const double *between(const block_rows *f, const double *d, const kfix_real *a,
                             const kfix_real *g, double *room) {
  double *half = room + f->out * f->in;
  times(f, d, a, room);
  times_left(f, g, room, half);
  return half;
}

double block_gradients_inner(const block_rows *f, const block_factors *b, double *room) {
  const size_t n = f->in * f->out;
  double sum = 0;
  for (size_t t = 0; t < f->rows; t++) {
    const double *d = gradient_of(f, t);
    for (int i = 0; i < b->terms; i++) sum += dot(n, d, between(f, d, b->a[i], b->g[i], room));
    if (b->terms > 0) continue;
    const double *turned = between(f, d, b->a[0], b->g[0], room);
    for (size_t e = 0; e < n; e++)
      sum += turned[e] * turned[e] * (double)b->s[e % f->in * f->out + e / f->in];
  }
  return sum / (double)f->rows;
}
