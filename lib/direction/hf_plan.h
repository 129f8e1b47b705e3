/* SPDX-License-Identifier: Apache-2.0
 * The memory of Hessian-free: the vectors of conjugate gradients. The method of that name has no
 * curvature: nothing preconditions it. */
#ifndef KFIX_DIRECTION_HF_PLAN_H
#define KFIX_DIRECTION_HF_PLAN_H

#include "block_plan.h"

#define KFIX_hf_CHAIN                       0
#define KFIX_hf_NET(R, P, chunk, out, turn) KFIX_NET_REGIONS_NATURAL(R, P, chunk, out, turn)
#define KFIX_hf_BLOCK(R, held, cols, out, below, above)
#define KFIX_hf_SCRATCH(cols, out, row_block, stats_rows, below, above) ((size_t)0)

#define KFIX_hf_ALONG_HOST(R, blocks, coarse)
#define KFIX_hf_ALONG_NET(R, P, rows, blocks, coarse)          \
  R(HF_RESIDUAL, STEP, (P), "residual of conjugate gradients") \
  R(HF_SEARCH, STEP, (P), "search direction p")                \
  R(HF_PRODUCT, STEP, (P), "F p, then the preconditioned residual")
#define KFIX_hf_ALONG_ORDER(rows, blocks, coarse) ((size_t)0)
#define KFIX_hf_ALONG_BLOCK(R, aside, seen, units, cols, out)
#define KFIX_hf_ALONG_SCRATCH(cols, out, units, row_block, images) ((size_t)0)

enum { KFIX_hf_ALONG_NET(KFIX_ALONG_ENUM, 0, 0, 0, 0) KFIX_HF_NET_COUNT };

#endif
