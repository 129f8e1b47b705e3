/* SPDX-License-Identifier: Apache-2.0
 * A small net and a step of a two-level direction on it: what the tests of coarse spaces start from. */
#ifndef KFIX_TEST_TWO_LEVEL_CASE_H
#define KFIX_TEST_TWO_LEVEL_CASE_H

#include <math.h>
#include <string.h>

#include "check.h"
#include "reference_direction.h"

enum { ROWS = 131, DEPTH = 3 };

static const uint32_t widths[] = {6, 5, 4, 3};

/* Systems of up to 74 unknowns whose condition is below 1e4 here, and products of that length: 4e6 eps is
 * 1e-9 in double. */
static const double slack = 4e6 * KFIX_REAL_EPS;

/* A step of the fixed driver whose update is Delta itself. */
static inline void two_level_begin(ref_case *c, kfix_loss loss, kfix_choice space, size_t rows) {
  case_begin(c, loss, DEPTH, widths, KFIX_TANH, KFIX_LINEAR, rows, 3);
  kfix_options *o = &c->options;
  o->driver = KFIX_FIXED;
  o->learning_rate = 1;
  o->momentum = o->kl_clip = 0;
  o->damping = 0.3;
  o->weight_decay = 0.01;
  o->stats_fraction = 0.5;
  o->coarse_space = space;
  o->taylor_order = 3;
  c->net.coarse = 3;
  c->net.stats_rows = 96;
}

static inline kfix_method over(kfix_method curvature) {
  return (kfix_method)((int)curvature + KFIX_METHOD_STRIDE * (int)KFIX_ALONG_two_level);
}

static inline double size_of(size_t n, const double *x) {
  return sqrt(ref_dot(x, x, n));
}

static inline void check_close(size_t n, const double *expected, const double *actual) {
  const double size = size_of(n, expected);
  for (size_t i = 0; i < n; i++) CHECK_NEAR(slack * (size + 1e-30), expected[i], actual[i]);
}

/* Column j of block i of V, within the whole: zero elsewhere. */
static inline void column(const ref_net *net, const seen_direction *s, size_t j, size_t i,
                          double *out) {
  memset(out, 0, net->parameters * sizeof *out);
  const size_t count = net->width[i + 1] * (net->width[i] + 1);
  memcpy(out + net->w[i], s->v[j] + net->w[i], count * sizeof *out);
}

#endif
