/* SPDX-License-Identifier: Apache-2.0
 * How lambda and gamma are raised for a step that fails, and come down again. */
#ifndef KFIX_OPTIM_DAMPING_H
#define KFIX_OPTIM_DAMPING_H

#include "core/context.h"

/* The damping of attempt n (from 0) at a step, from what is in force. After a failure there is more:
 * lambda 4, 16, 256, 65536 ... times, gamma by the root of that. With the adaptive driver a raise is
 * for one step: each later step takes a factor of 4 back. If that step fails, the first raise puts back
 * what it took. Nothing leaves its bounds (core/options.h). */
void kfix_begin_damping(kfix *k, uint32_t attempt);

/* next.lambda = lambda and next.gamma = sqrt(lambda + eta), both within their bounds. */
void kfix_start_damping(kfix *k, double lambda);

/* Raises of lambda within an attempt: what they start from, the raises in that, the next try. */
typedef struct kfix_lambda_raises {
  double from;
  uint32_t raised, tries;
} kfix_lambda_raises;

/* The raises within an attempt start here. */
kfix_lambda_raises kfix_begin_raises(const kfix *k);
/* The next raise of lambda alone: by 4, 16, 256 ... times; counts a retry. 0: no retry is left, or
 * lambda is at its ceiling. */
int kfix_raise_lambda(kfix *k, kfix_lambda_raises *r);

#endif
