/* SPDX-License-Identifier: Apache-2.0
 * pi: how the damping is shared between two factors [KFAC 6.3]. */
#include <math.h>

#include "core/arithmetic.h"
#include "curvature/factors.h"

/* Traces of A and G of block i into its pair of slots. */
static kfix_status trace_block(kfix *k, uint32_t i) {
  const kfix_block *b = &k->block[i];
  double *slot = kfix_slot_at(k, KFIX_SLOT_BLOCKS + 2 * (size_t)i);
  KFIX_RUN(k, trace, b->cols, kfix_latest(k, &b->own[KFIX_FACTOR_A]), slot);
  KFIX_RUN(k, trace, b->out, kfix_latest(k, &b->own[KFIX_FACTOR_G]), slot + 1);
  return KFIX_OK;
}

static kfix_status take_pi(kfix *k, uint32_t block, const double *trace, void *arg) {
  kfix_block *b = &k->block[block];
  (void)arg;
  if (!isfinite(trace[0]) || !isfinite(trace[1])) return KFIX_STATISTICS_NONFINITE;
  const double a = trace[0] / (double)b->cols, g = trace[1] / b->out;
  b->pi = (double)(kfix_real)(a > 0 && g > 0 ? sqrt(a / g) : 1);
  return KFIX_OK;
}

static kfix_status by_trace(kfix *k) {
  for (uint32_t i = 0; i < k->depth; i++) KFIX_TRY(trace_block(k, i));
  return kfix_read_items(k, k->depth, 2, take_pi, NULL);
}

/* ---- other norms, of factors over their mean eigenvalue: so squares and powers stay in range ---- */

/* A factor, and where a packed triangle of its order may lie meanwhile. */
typedef struct side {
  size_t n;
  const kfix_real *factor;
  kfix_real *room;
} side;

/* |A|_F, each element below the diagonal counted twice. */
static kfix_status frobenius(kfix *k, const side *s, double scale, double *norm) {
  const size_t count = KFIX_TRIANGLE(s->n);
  double *slot = kfix_slot_at(k, KFIX_SLOT_BLOCKS), squares[2];
  KFIX_RUN(k, axpby, count, (kfix_real)scale, s->factor, 0, NULL, s->room);
  KFIX_RUN(k, dot, count, s->room, s->room, slot);
  KFIX_RUN(k, multiply, 1, count, s->room, count, s->room, count, s->room, count);
  KFIX_RUN(k, trace, s->n, s->room, slot + 1);
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BLOCKS, 2, squares));
  *norm = sqrt(2 * squares[0] - squares[1]);
  return KFIX_OK;
}

/* out = scale x A, rows of length n. */
static kfix_status multiply(kfix *k, const side *s, double scale, const kfix_real *x,
                            kfix_real *out) {
  KFIX_RUN(k, gemm, KFIX_N, KFIX_S, 1, s->n, s->n, (kfix_real)scale, x, s->n, s->factor, 0, 0, out,
           s->n);
  return KFIX_OK;
}

/* A vector that is the same for every factor of this order. */
static kfix_status begin_vector(kfix *k, size_t n, kfix_real *x) {
  const kfix_draw_key key = {0, KFIX_DRAW_PROBE, 0, 0};
  KFIX_RUN(k, fill, 1, n, 0, x, n);
  KFIX_RUN(k, sample, KFIX_MSE, &key, 0, 1, n, x, n, x, n);
  return KFIX_OK;
}

/* Four products make a vector at most n^4 times as long: then it gets length 1. Of even number, so that
 * it comes back to its place. */
enum { PRODUCTS_AT_ONCE = 4 };

/* |A|_2 as the Rayleigh quotient after KFIX_PI_PRODUCTS products. */
static kfix_status spectral(kfix *k, const side *s, double scale, double *norm) {
  kfix_real *x = k->buffer[KFIX_NET_SCRATCH].at[0], *y = x + KFIX_LD(s->n);
  double square;
  KFIX_TRY(begin_vector(k, s->n, x));
  for (int i = 0; i < KFIX_PI_PRODUCTS; i += PRODUCTS_AT_ONCE) {
    for (int j = 0; j < PRODUCTS_AT_ONCE; j += 2) {
      KFIX_TRY(multiply(k, s, scale, x, y));
      KFIX_TRY(multiply(k, s, scale, y, x));
    }
    KFIX_RUN(k, dot, s->n, x, x, kfix_slot_at(k, KFIX_SLOT_BLOCKS));
    KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BLOCKS, 1, &square));
    KFIX_RUN(k, axpby, s->n, (kfix_real)(1 / sqrt(square)), x, 0, NULL, x);
  }
  KFIX_TRY(multiply(k, s, scale, x, y));
  KFIX_RUN(k, dot, s->n, x, y, kfix_slot_at(k, KFIX_SLOT_BLOCKS));
  return kfix_read_slots(k, KFIX_SLOT_BLOCKS, 1, norm);
}

/* *norm = that of A (x) I, with I of order `other`; 0: the factor vanishes. */
static kfix_status measure(kfix *k, const side *s, size_t other, double *norm) {
  double trace, own;
  KFIX_RUN(k, trace, s->n, s->factor, kfix_slot_at(k, KFIX_SLOT_BLOCKS));
  KFIX_TRY(kfix_read_slots(k, KFIX_SLOT_BLOCKS, 1, &trace));
  const double mean = trace / (double)s->n, scale = 1 / mean;
  *norm = 0;
  if (!isfinite(trace)) return KFIX_STATISTICS_NONFINITE;
  if (!(trace > 0) || !isfinite((kfix_real)scale)) return KFIX_OK;
  if (k->options.pi == KFIX_PI_FROBENIUS) {
    KFIX_TRY(frobenius(k, s, scale, &own));
    own *= sqrt((double)other);
  } else {
    KFIX_TRY(spectral(k, s, scale, &own));
  }
  *norm = mean * own;
  return isfinite(*norm) ? KFIX_OK : KFIX_STATISTICS_NONFINITE;
}

static kfix_status by_norm(kfix *k, int in_room, int out_room) {
  for (uint32_t i = 0; i < k->depth; i++) {
    kfix_block *b = &k->block[i];
    const side in = {b->cols, kfix_latest(k, &b->own[KFIX_FACTOR_A]),
                     kfix_spare(k, &b->own[in_room])};
    const side out = {b->out, kfix_latest(k, &b->own[KFIX_FACTOR_G]),
                      kfix_spare(k, &b->own[out_room])};
    double a, g;
    KFIX_TRY(measure(k, &in, out.n, &a));
    KFIX_TRY(measure(k, &out, in.n, &g));
    b->pi = (double)(kfix_real)(a > 0 && g > 0 ? sqrt(a / g) : 1);
  }
  return KFIX_OK;
}

kfix_status kfix_factors_pi(kfix *k, int in_room, int out_room) {
  if (k->options.pi == KFIX_PI_TRACE) return by_trace(k);
  if (KFIX_HAS_NORMS && k->options.pi != KFIX_PI_ONE) return by_norm(k, in_room, out_room);
  for (uint32_t i = 0; i < k->depth; i++) k->block[i].pi = 1;
  return KFIX_OK;
}
