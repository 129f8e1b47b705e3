/* SPDX-License-Identifier: Apache-2.0
 * The update rules. Each reads the copies in force and writes the spare ones; kfix_step commits. */
#ifndef KFIX_OPTIM_RULES_H
#define KFIX_OPTIM_RULES_H

#include "core/context.h"

/* Drops what an attempt has made so far: all is as the last step left it. */
void kfix_begin_anew(kfix *k);

/* What a rule ends with, in one pass: delta = a x + b y into the spare copy of `region`, theta +
 * delta into that of THETA, xi mean + (1 - xi) theta' into that of AVERAGE; adds the number of
 * elements of the three that are not finite to KFIX_SLOT_BAD_THETA. x may be that copy. Only
 * kfix_clear_loss may come between this and the end of the step. */
kfix_status kfix_move(kfix *k, kfix_net_region region, double a, const kfix_real *x, double b,
                      const kfix_real *y);
/* The weight xi of the past in AVERAGE [KFAC 13]: the first average is theta itself. */
static inline kfix_real kfix_averaging(const kfix *k) {
  return k->now.step ? (kfix_real)k->options.averaging : 0;
}

/* v' = momentum v - lr g; theta' = theta + v'. lr, here and below: kfix_learning_rate. */
kfix_rule kfix_rule_sgd;
/* The same with g at theta + mu v, mu by the schedule of Sutskever et al. 2013, eq. 5:
 * mu_t = min(1 - 1 / (2 (floor(t / 250) + 1)), momentum). */
kfix_rule kfix_rule_nesterov;
/* Kingma and Ba 2015, Algorithm 1. */
kfix_rule kfix_rule_adam;
/* theta' = theta + delta, delta from the preconditioned gradient by the adaptive or the fixed
 * driver. */
kfix_rule kfix_rule_natural;

#endif
