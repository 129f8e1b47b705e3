/* SPDX-License-Identifier: Apache-2.0
 * Brute force on the rearrangement of a Fisher block. */
#include "reference_kron.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ref_kron_add(size_t a, size_t g, double w, const double *l, const double *r, double *z) {
  for (size_t i = 0; i < a * a; i++)
    for (size_t j = 0; j < g * g; j++) z[i * g * g + j] += w * l[i] * r[j];
}

void ref_kron_add_rows(size_t rows, size_t a, size_t g, double w, const double *x, const double *y,
                       double *z) {
  double *l = malloc(a * a * sizeof *l), *r = malloc(g * g * sizeof *r);
  for (size_t t = 0; t < rows; t++) {
    for (size_t i = 0; i < a * a; i++) l[i] = x[t * a + i / a] * x[t * a + i % a];
    for (size_t i = 0; i < g * g; i++) r[i] = y[t * g + i / g] * y[t * g + i % g];
    ref_kron_add(a, g, w, l, r, z);
  }
  free(l);
  free(r);
}

double ref_length(size_t n, const double *x) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
  return sqrt(sum);
}

double ref_distance(size_t n, const double *x, const double *y) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sqrt(sum);
}

/* Turns columns p and q (stored as rows of x and v) until they are orthogonal. */
static int turn(size_t m, size_t n, double *x, double *v, size_t p, size_t q) {
  double pp = 0, pq = 0, qq = 0;
  for (size_t i = 0; i < m; i++) {
    pp += x[p * m + i] * x[p * m + i];
    pq += x[p * m + i] * x[q * m + i];
    qq += x[q * m + i] * x[q * m + i];
  }
  if (!(fabs(pq) > 1e-15 * sqrt(pp * qq))) return 0;
  const double zeta = (qq - pp) / (2 * pq);
  const double t = (zeta < 0 ? -1 : 1) / (fabs(zeta) + sqrt(1 + zeta * zeta));
  const double c = 1 / sqrt(1 + t * t), s = c * t;
  double *const rows[] = {x, v};
  const size_t lengths[] = {m, n};
  for (int k = 0; k < 2; k++)
    for (size_t i = 0; i < lengths[k]; i++) {
      double *a = &rows[k][p * lengths[k] + i], *b = &rows[k][q * lengths[k] + i];
      const double old = *a;
      *a = c * old - s * *b;
      *b = s * old + c * *b;
    }
  return 1;
}

/* x: columns of z as rows, made orthogonal; v: what turned them. */
static void orthogonalise(size_t m, size_t n, const double *z, double *x, double *v) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) x[j * m + i] = z[i * n + j];
  for (size_t i = 0; i < n * n; i++) v[i] = i % (n + 1) == 0;
  for (int sweep = 0, turned = 1; turned && sweep < 60; sweep++) {
    turned = 0;
    for (size_t p = 0; p + 1 < n; p++)
      for (size_t q = p + 1; q < n; q++) turned |= turn(m, n, x, v, p, q);
  }
}

void ref_truncate(size_t m, size_t n, const double *z, size_t count, const size_t *ranks,
                  double *best, double *sigma) {
  double *x = malloc(m * n * sizeof *x), *v = malloc(n * n * sizeof *v);
  double *length = malloc(n * sizeof *length);
  orthogonalise(m, n, z, x, v);
  for (size_t j = 0; j < n; j++) length[j] = ref_length(m, x + j * m);
  memset(best, 0, count * m * n * sizeof *best);
  for (size_t k = 0; k < n; k++) {
    size_t t = 0;
    for (size_t j = 1; j < n; j++) t = length[j] > length[t] ? j : t;
    if (k < m) sigma[k] = length[t];
    for (size_t r = 0; r < count; r++)
      for (size_t i = 0; k < ranks[r] && i < m; i++)
        for (size_t j = 0; j < n; j++) best[(r * m + i) * n + j] += x[t * m + i] * v[t * n + j];
    length[t] = -1;
  }
  free(x);
  free(v);
  free(length);
}

/* A matrix of rank one as a product of two vectors of equal norm. */
static void split(size_t a, size_t g, const double *x, double *left, double *right) {
  const size_t m = a * a, n = g * g;
  size_t best = 0;
  double longest = -1, trace = 0;
  for (size_t j = 0; j < n; j++) {
    double here = 0;
    for (size_t i = 0; i < m; i++) here += x[i * n + j] * x[i * n + j];
    if (here > longest) best = j;
    if (here > longest) longest = here;
  }
  const double norm = ref_length(m * n, x);
  for (size_t i = 0; i < a; i++) trace += x[i * (a + 1) * n + best];
  const double scale = norm > 0 ? sqrt(norm / longest) * (trace < 0 ? -1 : 1) : 0;
  for (size_t i = 0; i < m; i++) left[i] = scale * x[i * n + best];
  for (size_t j = 0; j < n; j++) {
    right[j] = 0;
    for (size_t i = 0; i < m && norm > 0; i++) right[j] += left[i] * x[i * n + j] / norm;
  }
}

void ref_kron_terms(size_t a, size_t g, size_t count, double *z, double *const *out,
                    double *sigma) {
  const size_t cells = a * a * g * g;
  double *best = malloc(2 * cells * sizeof *best), *first = best, *all = best + cells;
  ref_truncate(a * a, g * g, z, 2, (const size_t[]){1, count}, best, sigma);
  memcpy(z, all, cells * sizeof *z);
  split(a, g, first, out[0], out[1]);
  for (size_t i = 0; i < cells; i++) first[i] = z[i] - first[i];
  if (count > 1) split(a, g, first, out[2], out[3]);
  free(best);
}

double ref_smallest_eigenvalue(size_t n, const double *a) {
  /* Power steps on shift - a, with a shift that bounds it. */
  double shift = 0, length = 0, *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
  for (size_t i = 0; i < n * n; i++) shift += fabs(a[i]);
  for (size_t i = 0; i < n; i++) x[i] = 1 + 0.37 * (double)(i % 5) - 0.11 * (double)(i % 7);
  for (int step = 0; step < 4000; step++) {
    const double size = ref_length(n, x);
    for (size_t i = 0; i < n; i++) x[i] /= size;
    for (size_t i = 0; i < n; i++) {
      y[i] = shift * x[i];
      for (size_t j = 0; j < n; j++) y[i] -= a[i * n + j] * x[j];
    }
    length = ref_length(n, y);
    memcpy(x, y, n * sizeof *x);
  }
  free(x);
  free(y);
  return shift - length;
}
