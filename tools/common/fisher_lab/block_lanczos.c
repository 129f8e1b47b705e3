/* SPDX-License-Identifier: Apache-2.0
 * Lanczos's iteration on a sum of Kronecker products. */
#include "block_lanczos.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "block_error.h"
#include "symmetric_values.h"

enum { LOOK_EVERY = 32 };
#define SETTLED 1e-8

typedef struct iteration {
  size_t in, out, n;
  int terms;
  double *a[2], *g[2]; /* the factors */
  double *basis;       /* rows of length n */
  size_t steps, room;
  double *d, *e;     /* the tridiagonal matrix: room each */
  double *next, *ax; /* n each */
  uint64_t random;
} iteration;

static void add(size_t n, double factor, const double *restrict x, double *restrict y) {
  for (size_t i = 0; i < n; i++) y[i] += factor * x[i];
}

static double *widen(size_t n, const kfix_real *x) {
  double *out = malloc(n * n * sizeof *out);
  for (size_t i = 0; out != NULL && i < n * n; i++) out[i] = (double)x[i];
  return out;
}

/* y = B x; x is in x out, one row for each abar_i. */
static void multiply(const iteration *l, const double *x, double *y) {
  memset(y, 0, l->n * sizeof *y);
  for (int t = 0; t < l->terms; t++) {
    memset(l->ax, 0, l->n * sizeof *l->ax);
    for (size_t i = 0; i < l->in; i++)
      for (size_t k = 0; k < l->in; k++)
        add(l->out, l->a[t][i * l->in + k], x + k * l->out, l->ax + i * l->out);
    for (size_t i = 0; i < l->in; i++)
      for (size_t k = 0; k < l->out; k++)
        add(l->out, l->ax[i * l->out + k], l->g[t] + k * l->out, y + i * l->out);
  }
}

/* Takes out of x what lies along the basis and returns the norm of the rest. Where little is left
 * of x, rounding is too much of it: then once more. */
static double orthogonalise(const iteration *l, double *x) {
  double norm = sqrt(wide_dot(l->n, x, x)), before;
  do {
    before = norm;
    for (size_t i = 0; i < l->steps; i++) {
      const double *v = l->basis + i * l->n;
      add(l->n, -wide_dot(l->n, v, x), v, x);
    }
    norm = sqrt(wide_dot(l->n, x, x));
  } while (norm < before / 2 && norm > 0);
  return norm;
}

/* A linear congruential generator (Knuth): any direction will do. */
static void draw(iteration *l, double *x) {
  for (size_t i = 0; i < l->n; i++) {
    l->random = l->random * 6364136223846793005u + 1442695040888963407u;
    x[i] = (double)(l->random >> 11) * 0x1p-52 - 1;
  }
}

static int grow(iteration *l, tool_error *err) {
  if (l->steps < l->room) return 0;
  const size_t room = l->room + 2 * LOOK_EVERY;
  double *basis = realloc(l->basis, room * l->n * sizeof *basis);
  if (basis != NULL) l->basis = basis;
  double *d = realloc(l->d, room * sizeof *d);
  if (d != NULL) l->d = d;
  double *e = realloc(l->e, (room + 1) * sizeof *e);
  if (e != NULL) l->e = e;
  if (basis == NULL || d == NULL || e == NULL)
    return tool_fail(err, "no memory for %zu vectors of length %zu", room, l->n);
  l->room = room;
  return 0;
}

/* next becomes a unit vector orthogonal to the basis. Where the Krylov space is exhausted another
 * begins, uncoupled. */
static double normalise(iteration *l, double floor) {
  double norm = orthogonalise(l, l->next);
  const double beta = norm > floor ? norm : 0;
  while (!(norm > floor)) {
    draw(l, l->next);
    norm = orthogonalise(l, l->next);
    floor = 0;
  }
  for (size_t i = 0; i < l->n; i++) l->next[i] /= norm;
  return beta;
}

/* One more vector; `size` is ||B||_F. */
static int advance(iteration *l, double size, tool_error *err) {
  if (grow(l, err) != 0) return -1;
  l->e[l->steps] = normalise(l, 1e-14 * size);
  double *v = l->basis + l->steps * l->n;
  memcpy(v, l->next, l->n * sizeof *v);
  multiply(l, v, l->next);
  l->d[l->steps] = wide_dot(l->n, v, l->next);
  add(l->n, -l->d[l->steps], v, l->next);
  if (l->steps > 0) add(l->n, -l->e[l->steps], v - l->n, l->next);
  l->steps++;
  return 0;
}

/* The weighted sum over what the iteration has found; zero stands for what it has not. */
static int sum_found(const iteration *l, const double *weight, size_t count, double *sum,
                     tool_error *err) {
  double *values = malloc(l->steps * sizeof *values);
  if (values == NULL) return tool_fail(err, "no memory for %zu numbers", l->steps);
  tridiagonal_values(l->steps, l->d, l->e, values);
  *sum = 0;
  for (size_t i = 0; i < l->steps && i < count; i++)
    if (values[i] > 0 || l->steps == l->n) *sum += weight[i] * values[i];
  free(values);
  return 0;
}

static int iterate(iteration *l, const double *weight, size_t count, double size, double *sum,
                   tool_error *err) {
  const double enough = SETTLED * size * sqrt(wide_dot(count, weight, weight));
  double before = -INFINITY;
  draw(l, l->next);
  while (l->steps < l->n) {
    if (advance(l, size, err) != 0) return -1;
    if (l->steps % LOOK_EVERY != 0 && l->steps < l->n) continue;
    if (sum_found(l, weight, count, sum, err) != 0) return -1;
    if (*sum - before <= enough) return 0;
    before = *sum;
  }
  return 0;
}

static int begin(iteration *l, const block_rows *f, const block_factors *b, tool_error *err) {
  *l = (iteration){.in = f->in, .out = f->out, .n = f->in * f->out, .terms = b->terms};
  l->next = malloc(l->n * sizeof *l->next);
  l->ax = malloc(l->n * sizeof *l->ax);
  int complete = l->next != NULL && l->ax != NULL;
  for (int t = 0; t < b->terms; t++) {
    l->a[t] = widen(f->in, b->a[t]);
    l->g[t] = widen(f->out, b->g[t]);
    complete = complete && l->a[t] != NULL && l->g[t] != NULL;
  }
  return complete ? 0 : tool_fail(err, "no memory for a block of order %zu", l->n);
}

static void end(iteration *l) {
  for (int t = 0; t < 2; t++) {
    free(l->a[t]);
    free(l->g[t]);
  }
  free(l->basis);
  free(l->d);
  free(l->e);
  free(l->next);
  free(l->ax);
}

int block_spectra_inner(const block_rows *f, const block_factors *b, const double *weight,
                        size_t count, double *sum, tool_error *err) {
  iteration l;
  double norm2;
  *sum = 0;
  if (block_factors_norm2(f, b, &norm2, err) != 0) return -1;
  if (!(norm2 > 0 && norm2 < INFINITY)) {
    *sum = norm2 == 0 ? 0 : (double)NAN;
    return 0;
  }
  int result = begin(&l, f, b, err);
  if (result == 0) result = iterate(&l, weight, count, sqrt(norm2), sum, err);
  end(&l);
  return result;
}
