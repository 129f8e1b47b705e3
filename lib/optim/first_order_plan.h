/* SPDX-License-Identifier: Apache-2.0
 * The memory of SGD, Nesterov and Adam: nothing for a layer, one or two vectors for the net. */
#ifndef KFIX_OPTIM_FIRST_ORDER_PLAN_H
#define KFIX_OPTIM_FIRST_ORDER_PLAN_H

#include "../core/plan.h"

#define KFIX_sgd_NET(R, P, chunk, out, widest) KFIX_REGIONS_FIRST_ORDER(R, P, chunk, out, widest)
#define KFIX_sgd_LAYER(R, held, in, out)
#define KFIX_sgd_SCRATCH(in, out, block, stats_rows) ((size_t)0)
#define KFIX_sgd_EACH(i, units, act)                 KFIX_EACH(sgd, i, units, act)
#define KFIX_sgd_MEMBER(i, units, act)               KFIX_MEMBER(sgd, i, units, act)

#define KFIX_nesterov_NET(R, P, chunk, out, widest) \
  KFIX_REGIONS_FIRST_ORDER(R, P, chunk, out, widest)
#define KFIX_nesterov_LAYER(R, held, in, out)
#define KFIX_nesterov_SCRATCH(in, out, block, stats_rows) ((size_t)0)
#define KFIX_nesterov_EACH(i, units, act)                 KFIX_EACH(nesterov, i, units, act)
#define KFIX_nesterov_MEMBER(i, units, act)               KFIX_MEMBER(nesterov, i, units, act)

#define KFIX_adam_NET(R, P, chunk, out, widest) KFIX_REGIONS_ADAM(R, P, chunk, out, widest)
#define KFIX_adam_LAYER(R, held, in, out)
#define KFIX_adam_SCRATCH(in, out, block, stats_rows) ((size_t)0)
#define KFIX_adam_EACH(i, units, act)                 KFIX_EACH(adam, i, units, act)
#define KFIX_adam_MEMBER(i, units, act)               KFIX_MEMBER(adam, i, units, act)

#endif
