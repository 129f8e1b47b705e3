/* SPDX-License-Identifier: Apache-2.0
 * A case whose statistics are in expectation over the targets of the model. */
#ifndef KFIX_TEST_EXACT_CASE_H
#define KFIX_TEST_EXACT_CASE_H

#include "reference_case.h"

enum { LAYERS = 4, EXAMPLES = 70 };

static const uint32_t widths[] = {5, 7, 1, 4, 3};

static inline void begin_exact(ref_case *c, kfix_loss loss, kfix_choice driver) {
  case_begin(c, loss, LAYERS, widths, KFIX_TANH, loss == KFIX_MSE ? KFIX_TANH : KFIX_LINEAR,
             EXAMPLES, 3);
  c->options.fisher = KFIX_FISHER_EXACT;
  c->options.driver = driver;
  c->options.lambda = 1;
  c->options.decay = 0.7;
  c->options.stats_every = 1;
  c->options.stats_fraction = 0.95;
  c->options.inverse_every = c->options.gamma_every = 4;
}

/* Weights of any size, some none. */
static inline void weigh(ref_case *c, kfix_real *weights) {
  uint64_t state = 77;
  for (size_t i = 0; i < EXAMPLES; i++) {
    const double w = case_uniform(&state) + 1;
    weights[i] = (kfix_real)(i % 7 == 3 ? 0 : w);
  }
  c->batch.weights = weights;
}

#endif
