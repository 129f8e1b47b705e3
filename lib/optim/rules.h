/* SPDX-License-Identifier: Apache-2.0
 * The update rules. Each reads the copies in force and writes the spare ones; kfix_step commits. */
#ifndef KFIX_OPTIM_RULES_H
#define KFIX_OPTIM_RULES_H

#include "core/context.h"

/* v' = momentum v - lr g; theta' = theta + v'. */
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
