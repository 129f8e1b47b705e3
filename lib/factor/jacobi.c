/* SPDX-License-Identifier: Apache-2.0
 * Cyclic Jacobi rotations, and the values sorted. */
#include "factor/jacobi.h"

#include <math.h>

#include "core/arithmetic.h"

#define SWEEPS 16

/* An element below this part of its diagonal pair's geometric mean is taken for zero. */
#define SMALL 0x1p-52

typedef struct rotation {
  double c, s;
} rotation;

/* Rows p and q of x (n columns): the rotation from the left. */
static void rotate_rows(size_t n, double *x, size_t p, size_t q, rotation r) {
  for (size_t j = 0; j < n; j++) {
    const double a = x[p * n + j], b = x[q * n + j];
    x[p * n + j] = r.c * a - r.s * b;
    x[q * n + j] = r.s * a + r.c * b;
  }
}

static void rotate_columns(size_t n, double *x, size_t p, size_t q, rotation r) {
  for (size_t i = 0; i < n; i++) {
    const double a = x[i * n + p], b = x[i * n + q];
    x[i * n + p] = r.c * a - r.s * b;
    x[i * n + q] = r.s * a + r.c * b;
  }
}

/* The smaller angle that zeroes element (p, q). */
static rotation rotation_for(double pp, double pq, double qq) {
  const double zeta = (qq - pp) / (2 * pq), size = fabs(zeta) + sqrt(1 + zeta * zeta);
  const double t = zeta < 0 ? -1 / size : 1 / size, c = 1 / sqrt(1 + t * t);
  return (rotation){c, c * t};
}

static int sweep(size_t n, double *a, double *vectors) {
  int turned = 0;
  for (size_t p = 0; p + 1 < n; p++)
    for (size_t q = p + 1; q < n; q++) {
      const double pp = a[p * n + p], pq = a[p * n + q], qq = a[q * n + q];
      if (!(fabs(pq) > SMALL * sqrt(fabs(pp)) * sqrt(fabs(qq)))) continue;
      const rotation r = rotation_for(pp, pq, qq);
      rotate_rows(n, a, p, q, r);
      rotate_columns(n, a, p, q, r);
      a[p * n + q] = a[q * n + p] = 0;
      rotate_rows(n, vectors, p, q, r);
      turned = 1;
    }
  return turned;
}

static void swap_rows(size_t n, double *x, size_t p, size_t q) {
  for (size_t j = 0; j < n; j++) {
    const double a = x[p * n + j];
    x[p * n + j] = x[q * n + j];
    x[q * n + j] = a;
  }
}

static void sort(size_t n, double *values, double *vectors) {
  for (size_t i = 0; i + 1 < n; i++) {
    size_t best = i;
    for (size_t j = i + 1; j < n; j++) best = values[j] > values[best] ? j : best;
    const double value = values[best];
    values[best] = values[i];
    values[i] = value;
    if (best != i) swap_rows(n, vectors, i, best);
  }
}

void kfix_jacobi(size_t n, double *a, double *values, double *vectors) {
  for (size_t i = 0; i < n * n; i++) vectors[i] = i % (n + 1) == 0;
  for (int s = 0; s < SWEEPS && sweep(n, a, vectors); s++) continue;
  for (size_t i = 0; i < n; i++) values[i] = a[i * n + i];
  sort(n, values, vectors);
}
