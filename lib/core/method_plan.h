/* SPDX-License-Identifier: Apache-2.0
 * A method's part of the memory plan (core/plan.h), at run time. */
#ifndef KFIX_CORE_METHOD_PLAN_H
#define KFIX_CORE_METHOD_PLAN_H

#include "arena.h"
#include "method.h"

/* What sizes depend on: of a method's regions of the net, and of one block. */
typedef struct kfix_net_sizes {
  size_t parameters, chunk, out, turn;
} kfix_net_sizes;
typedef struct kfix_block_sizes {
  size_t held, cols, out, row_block, stats_rows;
  size_t below, above; /* 1: a chain has a block there */
  /* For a direction: direction/block_plan.h. */
  size_t aside, seen, units, images;
} kfix_block_sizes;

typedef struct kfix_method_plan {
  uint32_t net_region_count, block_region_count; /* how many it has of the net, and of a block */
  void (*net_regions)(kfix_walk *walk, const kfix_net_sizes *s);
  void (*block_regions)(kfix_walk *walk, const kfix_block_sizes *s);
  size_t (*scratch)(const kfix_block_sizes *s);
} kfix_method_plan;

/* A direction's part, behind the method's: of the net, of the host, of each block. */
typedef struct kfix_along_sizes {
  size_t parameters, rows, blocks, coarse;
} kfix_along_sizes;

typedef struct kfix_along_plan {
  uint32_t net_region_count, host_region_count, block_region_count;
  void (*net_regions)(kfix_walk *walk, const kfix_along_sizes *s);
  void (*host_regions)(kfix_walk *walk, const kfix_along_sizes *s);
  void (*block_regions)(kfix_walk *walk, const kfix_block_sizes *s);
  size_t (*scratch)(const kfix_block_sizes *s);
  size_t (*order)(const kfix_along_sizes *s); /* of its largest packed matrix */
} kfix_along_plan;

/* How many regions there are in all. */
uint32_t kfix_net_regions(const kfix_method_info *method);
uint32_t kfix_block_regions(const kfix_method_info *method);

#endif
