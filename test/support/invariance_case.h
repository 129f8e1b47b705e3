/* SPDX-License-Identifier: Apache-2.0
 * What tests of invariance start from [KFAC 10]: the fixed driver with next to nothing that depends on the
 * parameterisation.
 *
 * No damping, so statistics are of full rank: many examples, no dead units. Nor momentum, weight decay and KL
 * clipping: norms of parameters depend on them; the clip's product of gradient and direction would not.
 *
 * Tolerance: a direction of one block is wrong by about eps cond(A) cond(G), relative; steps add up, and 64
 * covers the constants of factorizations of these orders. In float that is above 1, and nothing is seen. */
#ifndef KFIX_TEST_INVARIANCE_CASE_H
#define KFIX_TEST_INVARIANCE_CASE_H

#include <math.h>

#include "check.h"
#include "reference_case.h"
#include "reference_kfac.h"

enum { INVARIANCE_ROWS = 400, INVARIANCE_SIDE = 8, INVARIANCE_PARAMETERS = 400 };

static inline void invariance_options(ref_case *c, double damping) {
  kfix_options *o = &c->options;
  o->driver = KFIX_FIXED;
  o->damping = damping;
  o->weight_decay = o->momentum = o->kl_clip = 0;
  o->learning_rate = 0.3;
  o->stats_fraction = 1;
  o->inverse_every = 2;
}

static inline void invariance_create(ref_case *c, kfix_method method, const double *theta) {
  kfix_real w[REF_UNITS * (REF_UNITS + 1)];
  CHECK_INT(KFIX_OK, case_create(c, method, NULL, NULL));
  for (size_t l = 0; l < c->ref.depth; l++) {
    const size_t count = c->ref.width[l + 1] * (c->ref.width[l] + 1);
    for (size_t i = 0; i < count; i++) w[i] = (kfix_real)theta[c->ref.w[l] + i];
    CHECK_INT(KFIX_OK, kfix_set_weights(c->k, (uint32_t)l + 1, w));
  }
}

/* At least cond(A) cond(G) of a block, by traces. */
static inline double invariance_condition(ref_case *c) {
  double worst = 1;
  for (size_t l = 0; l < c->ref.depth; l++) {
    double both = 1;
    for (int out = 0; out < 2; out++) {
      const size_t n = out ? c->ref.width[l + 1] : c->ref.width[l] + 1;
      double m[INVARIANCE_SIDE * INVARIANCE_SIDE], inverse[INVARIANCE_SIDE * INVARIANCE_SIDE],
          trace = 0, of_inverse = 0;
      CHECK_INT(KFIX_OK, case_matrix(c, out ? "G" : "A", l, m));
      CHECK(ref_inverse(n, m, inverse));
      for (size_t i = 0; i < n; i++) trace += m[i * n + i];
      for (size_t i = 0; i < n; i++) of_inverse += inverse[i * n + i];
      both *= trace * of_inverse;
    }
    worst = fmax(worst, both);
  }
  return worst;
}

#endif
