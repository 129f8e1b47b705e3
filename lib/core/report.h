/* SPDX-License-Identifier: Apache-2.0
 * What a step tells: its report, and those who watch it. */
#ifndef KFIX_CORE_REPORT_H
#define KFIX_CORE_REPORT_H

#include "real.h"
#include "status.h"

/* What became of a direction beside itself. */
typedef struct kfix_made {
  double
      e_change; /* two-level: E(beta*) - E(0) [2L 4.4], in the units of the objective; else NaN */
  uint32_t coarse_columns; /* two-level: columns of the coarse space */
  uint32_t coarse_rank;    /* those that are not combinations of the others, to rounding */
  uint32_t iterations;     /* hf: of conjugate gradients */
  size_t rows;             /* behind the direction's own F; 0: it has none */
  double damping;          /* lambda + eta as the direction was made */
  double form;             /* two-level: Delta^T (F + damping I) Delta, by its own F; else NaN */
} kfix_made;

/* What a step was: the truth of that step, for logs, traces and audits. */
typedef struct kfix_report {
  kfix_status status;
  uint32_t layer;   /* where the last failed attempt failed, from 1; 0: not in a layer */
  double value;     /* the number that was at fault */
  uint32_t retries; /* attempts that failed before this one */
  uint32_t stats_refreshed;
  uint32_t trials; /* steps tried before the first, to find lambda */
  uint64_t step;   /* from 1 */
  uint64_t stats_count, inverse_step;
  size_t rows, stats_rows, fisher_first, fisher_rows; /* S1 = [0, stats_rows) of the batch */
  double objective;          /* mean loss + (eta / 2) ||theta||^2, before the update; nesterov: at
                              theta + mu v */
  double loss, error;        /* means over the batch */
  double eta, lambda, gamma; /* in force for this step's update */
  double decay, alpha, mu, m_delta, nu, learning_rate;
  /* The actual change of the objective over m_delta, where it was measured and both stand above what
   * rounding makes of the objective; else NaN. */
  double rho;
  kfix_made made;
} kfix_report;

/* Called with the sampled targets of `rows` examples from row `first` of the batch: kfix_real rows
 * x outputs, in host memory. */
typedef void kfix_observe_targets(void *context, size_t first, size_t rows, const kfix_real *y,
                                  size_t ldy);
/* Called with one row, `cols` = in + 1 reals, of the preconditioned gradient Delta of `layer` (from
 * 1), in host memory: row after row, layer after layer, once Delta is chosen. */
typedef void kfix_observe_direction(void *context, uint32_t layer, size_t row,
                                    const kfix_real *delta, size_t cols);

/* Called with what a two-level direction is made of: rows of parameter vectors, as above, "zeta_block",
 * "r", "V0" ... "V7", "zeta"; and elements of "F_coarse" and "beta", whose columns have number j * depth +
 * block. "moments" of a normalisation: mean and variance of each channel over a group of rows, which `row` counts
 * from the first of the batch, by the gradient pass. */
typedef void kfix_observe_vector(void *context, const char *name, uint32_t layer, size_t row,
                                 const kfix_real *values, size_t cols);
typedef void kfix_observe_number(void *context, const char *name, size_t row, size_t col,
                                 double value);

/* Who watches a step for what it does not keep; NULL: nobody. A later attempt of the same step shows
 * its own. */
typedef struct kfix_observer {
  kfix_observe_targets *targets;
  kfix_observe_direction *direction;
  void *context;
  kfix_observe_vector *vector;
  kfix_observe_number *number;
} kfix_observer;

#endif
