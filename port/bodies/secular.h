/* SPDX-License-Identifier: Apache-2.0 */
/* Template: Bodies of the kernels of the secular equation. See split.h.
 *
 * A root is found by interpolating the poles to its left and to its right by one term each, at the
 * nearer pole of each side ("the middle way", Li 1993), inside a bracket. */
#ifndef KFIX_CPU_SECULAR_H
#define KFIX_CPU_SECULAR_H

#include <math.h>

#include "core/elementary.h"
#include "port/bodies/split.h"

#define KFIX_CPU_QUAD 4

typedef double kfix_cpu_quad __attribute__((vector_size(KFIX_CPU_QUAD * sizeof(double))));
typedef double kfix_cpu_quad_anywhere __attribute__((vector_size(KFIX_CPU_QUAD * sizeof(double)),
                                                     aligned(sizeof(double)), may_alias));

#define KFIX_CPU_QUAD_AT(x)  (*(const kfix_cpu_quad_anywhere *)(x))
#define KFIX_CPU_QUAD_SUM(q) (((q)[0] + (q)[2]) + ((q)[1] + (q)[3]))

/* Rounds of one root; four or five are usual. */
#define KFIX_CPU_ROOT_STEPS 80

/* The sums over poles j <= split and j > split of z_j^2 / (pole_j - x) and of its derivative, at x
 * = origin + offset. */
typedef struct kfix_cpu_sums {
  double left, left_slope, right, right_slope;
} kfix_cpu_sums;

static inline kfix_cpu_sums kfix_cpu_secular_sums(const kfix_secular *s, size_t split,
                                                  double origin, double offset) {
  kfix_cpu_quad left = {0}, left_slope = {0}, right = {0}, right_slope = {0};
  const size_t turn = (split + 1) / KFIX_CPU_QUAD * KFIX_CPU_QUAD;
  size_t j = 0;
  for (; j < turn; j += KFIX_CPU_QUAD) {
    const kfix_cpu_quad z = KFIX_CPU_QUAD_AT(s->z + j);
    const kfix_cpu_quad part = z / ((KFIX_CPU_QUAD_AT(s->pole + j) - origin) - offset);
    left += z * part;
    left_slope += part * part;
  }
  for (size_t l = 0; j + l <= split; l++) {
    const double part = s->z[j + l] / ((s->pole[j + l] - origin) - offset);
    left[l] += s->z[j + l] * part;
    left_slope[l] += part * part;
  }
  for (size_t l = split + 1 - j; l < KFIX_CPU_QUAD && j + l < s->n; l++) {
    const double part = s->z[j + l] / ((s->pole[j + l] - origin) - offset);
    right[l] += s->z[j + l] * part;
    right_slope[l] += part * part;
  }
  for (j += KFIX_CPU_QUAD; j < s->n; j += KFIX_CPU_QUAD) {
    const kfix_cpu_quad z = KFIX_CPU_QUAD_AT(s->z + j);
    const kfix_cpu_quad part = z / ((KFIX_CPU_QUAD_AT(s->pole + j) - origin) - offset);
    right += z * part;
    right_slope += part * part;
  }
  return (kfix_cpu_sums){KFIX_CPU_QUAD_SUM(left), KFIX_CPU_QUAD_SUM(left_slope),
                         KFIX_CPU_QUAD_SUM(right), KFIX_CPU_QUAD_SUM(right_slope)};
}

/* One root at work, measured from origin. */
typedef struct kfix_cpu_root {
  const kfix_secular *s;
  size_t split;      /* poles up to this one are on the left */
  double a, b;       /* the two poles of the interpolation, from origin */
  double low, high;  /* the root is between */
  int beyond;        /* it is right of both poles */
  double origin, at; /* where it is thought to be */
} kfix_cpu_root;

/* The step t that solves c + p / (a - t) + q / (b - t) = 0 between the poles, or beyond them:
 * c t^2 - u t + v = 0. */
static inline double kfix_cpu_root_step(double c, double u, double v, int beyond) {
  const double inside = u * u - 4 * c * v, root = sqrt(inside > 0 ? inside : 0);
  if (beyond) return u >= 0 ? (u + root) / (2 * c) : 2 * v / (u - root);
  return u <= 0 ? (u - root) / (2 * c) : 2 * v / (u + root);
}

/* Moves by t if that stays in the bracket, else to its middle. */
static inline void kfix_cpu_root_move(kfix_cpu_root *r, double t) {
  const double next = r->at + t;
  r->at = next > r->low && next < r->high ? next : r->low + (r->high - r->low) / 2;
}

/* Where the root would be if the sums of the other poles were what they are at the middle. */
static inline void kfix_cpu_root_begin(kfix_cpu_root *r, size_t i) {
  const kfix_secular *s = r->s;
  const size_t first = r->beyond ? i - 1 : i;
  const double origin = s->pole[i], width = r->beyond ? s->reach : s->pole[i + 1] - origin;
  const double middle = width / 2;
  const kfix_cpu_sums f = kfix_cpu_secular_sums(s, r->split, origin, middle);
  const double value = s->inverse_weight + f.left + f.right;
  const int upper = !r->beyond && value < 0;
  const double p = s->z[first] * s->z[first], q = s->z[first + 1] * s->z[first + 1];
  r->origin = upper ? s->pole[i + 1] : origin;
  r->a = s->pole[first] - r->origin;
  r->b = s->pole[first + 1] - r->origin;
  const double c = value - p / ((s->pole[first] - origin) - middle) -
                   q / ((s->pole[first + 1] - origin) - middle);
  r->low = upper ? -middle : value < 0 ? middle : 0;
  r->high = upper ? 0 : value < 0 ? width : middle;
  r->at = 0;
  kfix_cpu_root_move(r, kfix_cpu_root_step(c, c * (r->a + r->b) + p + q,
                                           c * r->a * r->b + p * r->b + q * r->a, r->beyond));
}

/* Improves r->at once; 0 when it is good enough. */
static inline int kfix_cpu_root_improve(kfix_cpu_root *r) {
  const kfix_secular *s = r->s;
  const kfix_cpu_sums f = kfix_cpu_secular_sums(s, r->split, r->origin, r->at);
  const double value = s->inverse_weight + f.left + f.right, slope = f.left_slope + f.right_slope;
  const double size = s->inverse_weight + fabs(f.left) + fabs(f.right) + fabs(r->at) * slope;
  const double before = r->at, a = r->a - r->at, b = r->b - r->at;
  if (fabs(value) <= s->tolerance * size) return 0;
  if (value < 0)
    r->low = r->at;
  else
    r->high = r->at;
  kfix_cpu_root_move(r,
                     kfix_cpu_root_step(value - a * f.left_slope - b * f.right_slope,
                                        value * (a + b) - a * b * slope, value * a * b, r->beyond));
  return r->at != before;
}

static void kfix_cpu_roots_range(const void *args, size_t begin, size_t end) {
  const kfix_secular *s = args;
  for (size_t i = begin; i < end; i++) {
    kfix_cpu_root r = {.s = s, .beyond = i + 1 == s->n};
    r.split = r.beyond ? i - 1 : i;
    if (s->n == 1) {
      r.origin = s->pole[0];
      r.at = s->z[0] * s->z[0] / s->inverse_weight;
    } else {
      kfix_cpu_root_begin(&r, i);
      for (int k = 0; k < KFIX_CPU_ROOT_STEPS && kfix_cpu_root_improve(&r); k++) continue;
    }
    s->origin[i] = r.origin;
    s->offset[i] = r.at;
  }
}

static kfix_status kfix_cpu_secular_roots(const kfix_device *d, const kfix_secular *s) {
  kfix_cpu_split(d, s->n, s->n * 8, kfix_cpu_roots_range, s);
  return KFIX_OK;
}

/* The factor of root i and pole i in the square of z_j. */
static inline double kfix_cpu_secular_factor(const kfix_secular *s, size_t i, double pole) {
  const double other = pole - s->pole[i];
  return ((pole - s->origin[i]) - s->offset[i]) / (other == 0 ? 1 : other);
}

static void kfix_cpu_weights_range(const void *args, size_t begin, size_t end) {
  const kfix_secular *s = args;
  const size_t whole = s->n / KFIX_CPU_QUAD * KFIX_CPU_QUAD;
  for (size_t j = begin; j < end; j++) {
    const double pole = s->pole[j];
    kfix_cpu_quad product = {1, 1, 1, 1};
    for (size_t i = 0; i < whole; i += KFIX_CPU_QUAD) {
      kfix_cpu_quad other = pole - KFIX_CPU_QUAD_AT(s->pole + i);
      for (size_t l = 0; l < KFIX_CPU_QUAD; l++) other[l] = other[l] == 0 ? 1 : other[l];
      product *=
          ((pole - KFIX_CPU_QUAD_AT(s->origin + i)) - KFIX_CPU_QUAD_AT(s->offset + i)) / other;
    }
    for (size_t i = whole; i < s->n; i++) product[i - whole] *= kfix_cpu_secular_factor(s, i, pole);
    const double square = (product[0] * product[2]) * (product[1] * product[3]);
    s->weight[j] = s->z[j] < 0 ? -sqrt(fabs(square)) : sqrt(fabs(square));
  }
}

static kfix_status kfix_cpu_secular_weights(const kfix_device *d, const kfix_secular *s) {
  kfix_cpu_split(d, s->n, s->n * 2, kfix_cpu_weights_range, s);
  return KFIX_OK;
}

typedef struct kfix_cpu_secular_args {
  const kfix_secular *s;
  kfix_real *out;
  size_t ldo;
} kfix_cpu_secular_args;

static void kfix_cpu_secular_rows(const void *args, size_t begin, size_t end) {
  const kfix_cpu_secular_args *t = args;
  const kfix_secular *s = t->s;
  const size_t whole = s->n / KFIX_CPU_QUAD * KFIX_CPU_QUAD;
  for (size_t i = begin; i < end; i++) {
    kfix_real *row = t->out + i * t->ldo;
    kfix_cpu_quad squares = {0};
    for (size_t j = 0; j < whole; j += KFIX_CPU_QUAD) {
      const kfix_cpu_quad x = KFIX_CPU_QUAD_AT(s->weight + j) /
                              ((KFIX_CPU_QUAD_AT(s->pole + j) - s->origin[i]) - s->offset[i]);
      squares += x * x;
      for (size_t l = 0; l < KFIX_CPU_QUAD; l++) row[j + l] = (kfix_real)x[l];
    }
    for (size_t j = whole; j < s->n; j++) {
      const double x = s->weight[j] / ((s->pole[j] - s->origin[i]) - s->offset[i]);
      squares[j - whole] += x * x;
      row[j] = (kfix_real)x;
    }
    const kfix_real scale = (kfix_real)(1 / sqrt(KFIX_CPU_QUAD_SUM(squares)));
    for (size_t j = 0; j < s->n; j++) row[j] *= scale;
  }
}

static kfix_status kfix_cpu_secular_vectors(const kfix_device *d, const kfix_secular *s,
                                            kfix_real *out, size_t ldo) {
  const kfix_cpu_secular_args t = {s, out, ldo};
  kfix_cpu_split(d, s->n, s->n * 2, kfix_cpu_secular_rows, &t);
  return KFIX_OK;
}

#endif
