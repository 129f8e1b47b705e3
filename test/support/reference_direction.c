/* SPDX-License-Identifier: Apache-2.0
 * Directions the long way. */
#include "reference_direction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "curvature/curvature.h"

/* ---- what a step shows ---- */

static double *place_of(seen_direction *s, const char *name) {
  if (strcmp(name, "zeta_block") == 0) return s->zeta_block;
  if (strcmp(name, "zeta") == 0) return s->zeta;
  return name[0] == 'r' ? s->r : s->v[name[1] - '0'];
}

static void on_vector(void *context, const char *name, uint32_t layer, size_t row,
                      const kfix_real *values, size_t cols) {
  direction_watch *w = context;
  double *out = place_of(&w->seen, name) + w->c->ref.w[layer - 1] + row * cols;
  for (size_t j = 0; j < cols; j++) out[j] = values[j];
}

static void on_number(void *context, const char *name, size_t row, size_t col, double value) {
  direction_watch *w = context;
  if (row >= DIR_COLUMNS || col >= DIR_COLUMNS) abort();
  if (strcmp(name, "beta") == 0)
    w->seen.beta[col] = value;
  else
    w->seen.f_coarse[row][col] = value;
  if (col + 1 > w->seen.n) w->seen.n = col + 1;
}

static void on_targets(void *context, size_t first, size_t rows, const kfix_real *y, size_t ldy) {
  ref_case *c = ((direction_watch *)context)->c;
  const size_t out = ref_outputs(&c->ref);
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < out; j++) c->sampled[(first + r) * out + j] = y[r * ldy + j];
}

static void on_direction(void *context, uint32_t layer, size_t row, const kfix_real *delta,
                         size_t cols) {
  ref_case *c = ((direction_watch *)context)->c;
  for (size_t j = 0; j < cols; j++) c->delta[c->ref.w[layer - 1] + row * cols + j] = delta[j];
}

void direction_watch_begin(direction_watch *w, ref_case *c) {
  memset(&w->seen, 0, sizeof w->seen);
  w->c = c;
  kfix_observe(c->k, &(kfix_observer){.targets = on_targets,
                                      .direction = on_direction,
                                      .context = w,
                                      .vector = on_vector,
                                      .number = on_number});
}

/* ---- dense ---- */

static void example_gradient(const ref_case *c, const double *theta, const double *x,
                             const double *y, double *g) {
  static ref_pass pass;
  const ref_net *net = &c->ref;
  ref_forward(net, theta, x, &pass);
  ref_backward(net, theta, y, &pass);
  for (size_t i = 0; i < net->depth; i++) {
    const size_t cols = net->width[i] + 1;
    for (size_t o = 0; o < net->width[i + 1]; o++)
      for (size_t j = 0; j < cols; j++) g[net->w[i] + o * cols + j] = pass.g[i][o] * pass.a[i][j];
  }
}

void dir_fisher(const ref_case *c, const double *theta, const double *y, size_t rows,
                const kfix_real *weights, double damping, double *f) {
  const size_t n = c->ref.parameters, in = c->ref.width[0], out = ref_outputs(&c->ref);
  double g[DIR_PARAMETERS], mass = 0;
  memset(f, 0, n * n * sizeof *f);
  for (size_t e = 0; e < rows; e++) {
    const double w = weights ? (double)weights[e] : 1;
    example_gradient(c, theta, c->xd + e * in, y + e * out, g);
    mass += w;
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++) f[i * n + j] += w * g[i] * g[j];
  }
  for (size_t i = 0; i < n * n; i++) f[i] /= mass;
  for (size_t i = 0; i < n; i++) f[i * n + i] += damping;
}

static void swap_rows(size_t n, double *a, double *x, size_t i, size_t j) {
  for (size_t t = 0; t < n; t++) {
    const double kept = a[i * n + t];
    a[i * n + t] = a[j * n + t];
    a[j * n + t] = kept;
  }
  const double kept = x[i];
  x[i] = x[j];
  x[j] = kept;
}

void dir_solve(size_t n, const double *f, const double *b, double *x) {
  static double a[DIR_PARAMETERS * DIR_PARAMETERS];
  memcpy(a, f, n * n * sizeof *a);
  memcpy(x, b, n * sizeof *x);
  for (size_t i = 0; i < n; i++) {
    size_t pivot = i;
    for (size_t r = i + 1; r < n; r++)
      if (fabs(a[r * n + i]) > fabs(a[pivot * n + i])) pivot = r;
    swap_rows(n, a, x, i, pivot);
    for (size_t r = i + 1; r < n; r++) {
      const double part = a[r * n + i] / a[i * n + i];
      for (size_t t = i; t < n; t++) a[r * n + t] -= part * a[i * n + t];
      x[r] -= part * x[i];
    }
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t t = i + 1; t < n; t++) x[i] -= a[i * n + t] * x[t];
    x[i] /= a[i * n + i];
  }
}

void dir_times(size_t n, const double *f, const double *x, double *out) {
  for (size_t i = 0; i < n; i++) out[i] = ref_dot(f + i * n, x, n);
}

double dir_form(size_t n, const double *f, const double *x, const double *y) {
  double fy[DIR_PARAMETERS];
  dir_times(n, f, y, fy);
  return ref_dot(x, fy, n);
}

void dir_precondition(ref_case *c, double gamma, const double *v, double *u) {
  kfix *k = c->k;
  const kfix_phase phase = {.gamma = gamma};
  kfix_real *in = calloc(2 * k->parameters, sizeof *in), *out = in + k->parameters;
  for (int i = 0; i < KFIX_GROUP_STATES; i++) k->changed[i] = 0;
  case_vector(c, v, in);
  if (k->method->curvature->apply(k, &phase, 1, in, 0, out) != KFIX_OK) abort();
  for (size_t i = 0; i < c->ref.depth; i++) {
    const size_t count = c->ref.width[i + 1] * (c->ref.width[i] + 1);
    for (size_t j = 0; j < count; j++) u[c->ref.w[i] + j] = out[k->block[i].w + j];
  }
  free(in);
}
