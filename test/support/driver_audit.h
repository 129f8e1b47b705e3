/* SPDX-License-Identifier: Apache-2.0
 * A whole run of the adaptive driver with K-FAC, audited step by step against a dense reference that
 * knows the weights before each step and the sampled targets, and works out everything else for
 * itself. */
#ifndef KFIX_TEST_DRIVER_AUDIT_H
#define KFIX_TEST_DRIVER_AUDIT_H

#include "reference_case.h"
#include "reference_kfac.h"

enum { AUDIT_PARAMETERS_MAX = 200, AUDIT_STEPS = 25 };

/* The reference's state, and what was seen. */
typedef struct audit {
  ref_case c;
  ref_kfac kfac;
  double lambda, gamma;
  double theta[AUDIT_PARAMETERS_MAX], gradient[AUDIT_PARAMETERS_MAX],
      previous[AUDIT_PARAMETERS_MAX];
  double slack; /* relative rounding of everything that the library computes */
  int have_previous;
  uint32_t raised; /* raises of the damping that are to be taken back */
  uint64_t inverse_step;
  int down, up;             /* changes of gamma */
  int rises, falls, stays;  /* of lambda */
  int looks, bold_refusals; /* rho measured, and a step refused by it, at steps that are not T1's */
  int taken_back, kept;     /* raises taken back; steps that failed for it */
} audit;

/* Widths 6, 5, 4, 3; options may be changed before the run. End with case_end(&t->c). */
void audit_begin(audit *t, kfix_loss loss, size_t rows);
void audit_run(audit *t);

#endif
