/* SPDX-License-Identifier: Apache-2.0
 * The memory of SGD, Nesterov and Adam: nothing for a block, one or two vectors for the net. */
#ifndef KFIX_OPTIM_FIRST_ORDER_PLAN_H
#define KFIX_OPTIM_FIRST_ORDER_PLAN_H

#include "../core/plan.h"

#define KFIX_sgd_CHAIN                       0
#define KFIX_sgd_NET(R, P, chunk, out, turn) KFIX_NET_REGIONS_FIRST_ORDER(R, P, chunk, out, turn)
#define KFIX_sgd_BLOCK(R, held, cols, out, below, above)
#define KFIX_sgd_SCRATCH(cols, out, row_block, stats_rows, below, above) ((size_t)0)

#define KFIX_nesterov_CHAIN 0
#define KFIX_nesterov_NET(R, P, chunk, out, turn) \
  KFIX_NET_REGIONS_FIRST_ORDER(R, P, chunk, out, turn)
#define KFIX_nesterov_BLOCK(R, held, cols, out, below, above)
#define KFIX_nesterov_SCRATCH(cols, out, row_block, stats_rows, below, above) ((size_t)0)

#define KFIX_adam_CHAIN                       0
#define KFIX_adam_NET(R, P, chunk, out, turn) KFIX_NET_REGIONS_ADAM(R, P, chunk, out, turn)
#define KFIX_adam_BLOCK(R, held, cols, out, below, above)
#define KFIX_adam_SCRATCH(cols, out, row_block, stats_rows, below, above) ((size_t)0)

#endif
