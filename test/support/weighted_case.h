/* SPDX-License-Identifier: Apache-2.0
 * A case whose examples have weights of any size from 0 to 3, every seventh none. */
#ifndef KFIX_TEST_WEIGHTED_CASE_H
#define KFIX_TEST_WEIGHTED_CASE_H

#include "check.h"
#include "reference_case.h"

enum { PARAMETERS_MAX = 200, ROWS_MAX = 200, LAYERS = 3 };

static const uint32_t widths[] = {6, 5, 4, 3};

/* weights: rows of them, which the batch then points to. */
static inline void weighted_begin(ref_case *c, kfix_loss loss, size_t rows, kfix_real *weights) {
  uint64_t state = 77;
  case_begin(c, loss, LAYERS, widths, KFIX_TANH, KFIX_LINEAR, rows, 3);
  for (size_t i = 0; i < rows; i++) {
    const double w = 1.5 * (case_uniform(&state) + 1);
    weights[i] = (kfix_real)(i % 7 == 3 ? 0 : w);
  }
  c->batch.weights = weights;
  c->options.stats_fraction = c->options.fisher_fraction = 1;
}

/* theta: where its weights go, or NULL. */
static inline void weighted_create(ref_case *c, kfix_method method, double *theta) {
  CHECK_INT(KFIX_OK, case_create(c, method, NULL, NULL));
  CHECK_INT(KFIX_OK, case_random_weights(c, 1, 1.5));
  if (theta) CHECK_INT(KFIX_OK, case_view(c, "W_after", theta));
}

#endif
