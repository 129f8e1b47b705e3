/* SPDX-License-Identifier: Apache-2.0
 * The update rules. Each reads the copies in force and writes the spare ones; kfix_step commits. */
#ifndef KFIX_OPTIM_RULES_H
#define KFIX_OPTIM_RULES_H

#include "core/batch.h"
#include "core/context.h"
#include "methods.h"

/* A parameter vector of the rule's own that traces show by name. before: as it was before the last step,
 * which is what the spare copy holds after a commit. */
typedef struct kfix_vector_view {
  const char *name;
  uint32_t own;
  int before;
} kfix_vector_view;

typedef struct kfix_rule {
  /* How a method moves: called with the state to read and the spare copies to write. It commits
   * nothing. */
  kfix_status (*step)(kfix *k, const kfix_batch *batch);
  const kfix_vector_view *vectors;
  uint32_t vector_count;
  uint32_t
      path; /* so many of the rule's regions, from the first, depend on the steps so far: setting
               weights zeroes them */
} kfix_rule;

/* kfix_rule_NAME of each method.
 *   sgd       v' = momentum v - lr g; theta' = theta + v'. lr, here and below: kfix_learning_rate
 *   nesterov  the same with g at theta + mu v, mu by the schedule of Sutskever et al. 2013, eq. 5:
 *             mu_t = min(1 - 1 / (2 (floor(t / 250) + 1)), momentum)
 *   adam      Kingma and Ba 2015, Algorithm 1
 *   natural   theta' = theta + delta, delta from the direction by the adaptive or the fixed driver */
#define KFIX_DECLARE_RULE(id, name, rule, direction, curvature) \
  extern const kfix_rule kfix_rule_##rule;
KFIX_METHOD_LIST(KFIX_DECLARE_RULE)
#undef KFIX_DECLARE_RULE

/* Drops what an attempt has made so far: all is as the last step left it. */
void kfix_begin_anew(kfix *k);

#endif
