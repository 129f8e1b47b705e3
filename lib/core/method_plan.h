/* SPDX-License-Identifier: Apache-2.0
 * A method's part of the memory plan (core/plan.h), at run time. */
#ifndef KFIX_CORE_METHOD_PLAN_H
#define KFIX_CORE_METHOD_PLAN_H

#include "arena.h"

/* What sizes depend on: of a method's regions of the net, and of one block. */
typedef struct kfix_net_sizes {
  size_t parameters, chunk, out, turn;
} kfix_net_sizes;
typedef struct kfix_block_sizes {
  size_t held, cols, out, row_block, stats_rows;
  size_t below, above; /* 1: a chain has a block there */
} kfix_block_sizes;

typedef struct kfix_method_plan {
  uint32_t net_region_count, block_region_count; /* how many it has of the net, and of a block */
  void (*net_regions)(kfix_walk *walk, const kfix_net_sizes *s);
  void (*block_regions)(kfix_walk *walk, const kfix_block_sizes *s);
  size_t (*scratch)(const kfix_block_sizes *s);
} kfix_method_plan;

#endif
