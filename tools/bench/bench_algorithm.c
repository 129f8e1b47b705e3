/* SPDX-License-Identifier: Apache-2.0
 * Algorithm 1 over the products of [KPSVD Prop. 2.1]. */
#include "bench_algorithm.h"

#include <math.h>

#include "core/random.h"

typedef struct side {
  size_t n;
  const kfix_real *rows; /* examples x n */
} side;

typedef struct search {
  const kfix_device *device;
  size_t rows;
  kfix_real *w, *products, *weight;
} search;

/* weight_t = x_t^T in x_t / rows. */
static kfix_status weigh(const search *s, const side *x, const kfix_real *in) {
  KFIX_TRY(s->device->port->gemm(s->device, KFIX_N, KFIX_N, s->rows, x->n, x->n, 1, x->rows, x->n,
                                 in, x->n, 0, s->products, x->n));
  for (size_t t = 0; t < s->rows; t++) {
    double sum = 0;
    for (size_t j = 0; j < x->n; j++)
      sum += (double)s->products[t * x->n + j] * (double)x->rows[t * x->n + j];
    s->weight[t] = (kfix_real)(sum / (double)s->rows);
  }
  return KFIX_OK;
}

/* out = sum_t weight_t y_t y_t^T, weighed by `in` on the side of x. */
static kfix_status multiply(const search *s, const side *x, const kfix_real *in, const side *y,
                            kfix_real *out) {
  KFIX_TRY(weigh(s, x, in));
  for (size_t t = 0; t < s->rows; t++)
    for (size_t j = 0; j < y->n; j++)
      s->products[t * y->n + j] = s->weight[t] * y->rows[t * y->n + j];
  return s->device->port->gemm(s->device, KFIX_T, KFIX_N, y->n, y->n, s->rows, 1, y->rows, y->n,
                               s->products, y->n, 0, out, y->n);
}

static double normalise(size_t count, kfix_real *x) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) sum += (double)x[i] * (double)x[i];
  const double norm = sqrt(sum);
  for (size_t i = 0; i < count && norm > 0; i++) x[i] = (kfix_real)((double)x[i] / norm);
  return norm;
}

/* |w - sigma u| */
static double distance(size_t count, const kfix_real *w, double sigma, const kfix_real *u) {
  double sum = 0;
  for (size_t i = 0; i < count; i++) {
    const double d = (double)w[i] - sigma * (double)u[i];
    sum += d * d;
  }
  return sqrt(sum);
}

kfix_status bench_algorithm1(const kfix_device *d, const block_rows *f, bench_triple *t,
                             kfix_real *scratch) {
  const side a = {f->in, f->abar}, g = {f->out, f->g};
  const size_t wider = KFIX_KRON_WIDER(f->in, f->out);
  const search s = {d, f->rows, scratch, scratch + f->in * f->in,
                    scratch + f->in * f->in + f->rows * wider};
  const kfix_draw_key key = {0, KFIX_DRAW_PROBE, 0, 0};
  double error;
  t->iterations = 0;
  kfix_fill_uniform(&key, 0, g.n * g.n, 1, t->v);
  do {
    KFIX_TRY(multiply(&s, &g, t->v, &a, t->u));
    (void)normalise(a.n * a.n, t->u);
    KFIX_TRY(multiply(&s, &a, t->u, &g, t->v));
    t->sigma = normalise(g.n * g.n, t->v);
    KFIX_TRY(multiply(&s, &g, t->v, &a, s.w));
    error = distance(a.n * a.n, s.w, t->sigma, t->u);
  } while (++t->iterations < KFIX_KRON_POWER_MAX && error > KFIX_KRON_TOLERANCE * t->sigma);
  return KFIX_OK;
}
