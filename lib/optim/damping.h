/* SPDX-License-Identifier: Apache-2.0
 * How lambda and gamma are raised for a step that fails, and come down again. */
#ifndef KFIX_OPTIM_DAMPING_H
#define KFIX_OPTIM_DAMPING_H

#include "core/context.h"

/* The damping of attempt n (from 0) at a step, from what is in force. An attempt after the first has
 * more: lambda 4, 16, 256, 65536 ... times, gamma the root of that. The adaptive driver takes a raise
 * back at each later step; if such a step fails, its damping was needed, and the first raise restores
 * it. Nothing leaves its bounds (core/options.h). */
void kfix_begin_damping(kfix *k, uint32_t attempt);

/* next.lambda = lambda and next.gamma = sqrt(lambda + eta), both within their bounds. */
void kfix_start_damping(kfix *k, double lambda);

/* Lambda as an attempt began with it. */
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
