/* SPDX-License-Identifier: Apache-2.0
 * What a method is: how it moves, the curvature behind it, and its part of the memory plan. Which there
 * are stands in methods.h. */
#ifndef KFIX_CORE_METHOD_H
#define KFIX_CORE_METHOD_H

#include "arena.h"
#include "status.h"

struct kfix_rule;
struct kfix_direction;
struct kfix_curvature;

/* What sizes depend on: of a method's regions of the net, and of one block. */
typedef struct kfix_net_sizes {
  size_t parameters, chunk, out, turn;
} kfix_net_sizes;
typedef struct kfix_block_sizes {
  size_t held, cols, out, row_block, stats_rows;
  size_t below, above; /* 1: a chain has a block there */
} kfix_block_sizes;

typedef struct kfix_method_info {
  const char *name;
  const struct kfix_rule *rule;           /* how it moves: optim/rules.h */
  const struct kfix_direction *direction; /* NULL: none, nor a curvature */
  const struct kfix_curvature *curvature;
  double learning_rate; /* what options.learning_rate KFIX_AUTO stands for */
  int chain;            /* takes only nets that are a chain of layers */
  /* The method's part of the memory plan (core/plan.h), and how many regions of each kind that is. */
  uint32_t net_region_count, block_region_count;
  void (*net_regions)(kfix_walk *walk, const kfix_net_sizes *s);
  void (*block_regions)(kfix_walk *walk, const kfix_block_sizes *s);
  size_t (*scratch)(const kfix_block_sizes *s);
} kfix_method_info;

#endif
