/* SPDX-License-Identifier: Apache-2.0
 * Items that are elements: activations, derivatives, vectors, products, copies. */
#ifndef KFIX_GPU_ITEMS_ELEMENTS_H
#define KFIX_GPU_ITEMS_ELEMENTS_H

#include "core/likelihood.h"
#include "items.h"

/* One element of a matrix of `cols` columns; x and y where the kernel has them, out = f(x, y). */
typedef enum kfix_element_op {
  KFIX_ELEMENT_RELU, /* activations, in the order of kfix_activation after linear */
  KFIX_ELEMENT_SIGMOID,
  KFIX_ELEMENT_TANH,
  KFIX_ELEMENT_RELU_SLOPE, /* y phi'(s) with x = phi(s) */
  KFIX_ELEMENT_SIGMOID_SLOPE,
  KFIX_ELEMENT_TANH_SLOPE,
  KFIX_ELEMENT_COPY,
  KFIX_ELEMENT_SUBTRACT,
  KFIX_ELEMENT_BERNOULLI_RESIDUAL, /* sigmoid(x) - y */
  KFIX_ELEMENT_BERNOULLI_TIMES,    /* p (1 - p) y of the logit x */
  KFIX_ELEMENT_ADD,
  KFIX_ELEMENT_MULTIPLY,
  KFIX_ELEMENT_DIVIDE,    /* x / (y + shift) */
  KFIX_ELEMENT_SCALE_ROW, /* y[row] x */
  KFIX_ELEMENT_FILL       /* shift */
} kfix_element_op;

typedef struct kfix_element_args {
  size_t op; /* kfix_element_op */
  size_t cols;
  kfix_in x, y;
  double shift;
  kfix_out out;
} kfix_element_args;

/* a == a fails for NaN only: NaN must not become 0. */
KFIX_INLINE kfix_real kfix_relu_slope(kfix_real a, kfix_real g) {
  const kfix_real off = a == a ? 0 : a;
  return a > 0 ? g : off;
}

KFIX_INLINE kfix_real kfix_element_of_one(kfix_element_op op, kfix_real x) {
  switch (op) {
    case KFIX_ELEMENT_RELU:
      return x < 0 ? 0 : x;
    case KFIX_ELEMENT_SIGMOID:
      return kfix_sigmoid(x);
    case KFIX_ELEMENT_TANH:
      return kfix_tanh(x);
    default:
      return x;
  }
}

KFIX_INLINE kfix_real kfix_element_of_two(kfix_element_op op, kfix_real x, kfix_real y,
                                          kfix_real shift) {
  switch (op) {
    case KFIX_ELEMENT_RELU_SLOPE:
      return kfix_relu_slope(x, y);
    case KFIX_ELEMENT_SIGMOID_SLOPE:
      return y * kfix_fma(-x, x, x);
    case KFIX_ELEMENT_TANH_SLOPE:
      return y * kfix_fma(-x, x, 1);
    case KFIX_ELEMENT_SUBTRACT:
      return x - y;
    case KFIX_ELEMENT_ADD:
      return x + y;
    case KFIX_ELEMENT_BERNOULLI_RESIDUAL:
      return kfix_bernoulli_residual(x, y, kfix_odds_against(x));
    case KFIX_ELEMENT_BERNOULLI_TIMES:
      return kfix_bernoulli_variance(kfix_odds_against(x)) * y;
    case KFIX_ELEMENT_DIVIDE:
      return x / (y + shift);
    default:
      return x * y;
  }
}

KFIX_INLINE void kfix_element_item(const kfix_element_args *t, size_t i) {
  const size_t r = i / t->cols, j = i % t->cols;
  const kfix_element_op op = (kfix_element_op)t->op;
  const kfix_real shift = (kfix_real)t->shift;
  kfix_real *out = &KFIX_AT(t->out, r, j);
  if (op == KFIX_ELEMENT_FILL)
    *out = shift;
  else if (op == KFIX_ELEMENT_SCALE_ROW)
    *out = t->y.at[r] * KFIX_AT(t->x, r, j);
  else if (t->y.at)
    *out = kfix_element_of_two(op, KFIX_AT(t->x, r, j), KFIX_AT(t->y, r, j), shift);
  else
    *out = kfix_element_of_one(op, KFIX_AT(t->x, r, j));
}

typedef struct kfix_axpby_args {
  double a;
  const kfix_real *x;
  double b;
  const kfix_real *y;
  kfix_real *out;
} kfix_axpby_args;

KFIX_INLINE void kfix_axpby_item(const kfix_axpby_args *t, size_t i) {
  const kfix_real a = (kfix_real)t->a, b = (kfix_real)t->b;
  t->out[i] = t->y ? kfix_fma(a, t->x[i], b * t->y[i]) : a * t->x[i];
}

typedef struct kfix_adam_args {
  double b1, b2, rate, scale, eps;
  const kfix_real *g, *theta, *m, *v;
  kfix_real *m_out, *v_out, *out;
} kfix_adam_args;

KFIX_INLINE void kfix_adam_item(const kfix_adam_args *t, size_t i) {
  const kfix_real b1 = (kfix_real)t->b1, b2 = (kfix_real)t->b2, rate = (kfix_real)t->rate;
  const kfix_real scale = (kfix_real)t->scale, eps = (kfix_real)t->eps;
  const kfix_real c1 = 1 - b1, c2 = 1 - b2, g = t->g[i], theta = t->theta[i];
  const kfix_real m = kfix_fma(b1, t->m[i], c1 * g);
  const kfix_real v = kfix_fma(b2, t->v[i], (c2 * g) * g);
  t->m_out[i] = m;
  t->v_out[i] = v;
  t->out[i] = theta - (rate * m) / kfix_fma(kfix_sqrt(v), scale, eps);
}

/* Up to so many bytes go to the device with the arguments of a kernel: no wait, no pinned memory. */
#define KFIX_POKE_BYTES 1024
typedef struct kfix_poke_args {
  unsigned char bytes[KFIX_POKE_BYTES];
  unsigned char *out;
} kfix_poke_args;

KFIX_INLINE void kfix_poke_item(const kfix_poke_args *t, size_t i) {
  t->out[i] = t->bytes[i];
}

#endif
