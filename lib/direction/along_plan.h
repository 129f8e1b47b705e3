/* SPDX-License-Identifier: Apache-2.0
 * From the lists of a direction's plan to the functions that walk them. */
#ifndef KFIX_DIRECTION_ALONG_PLAN_H
#define KFIX_DIRECTION_ALONG_PLAN_H

#include "core/context.h"

/* Defines kfix_plan_D, which methods name. */
#define KFIX_DEFINE_ALONG_PLAN(D)                                                        \
  static void walk_net(kfix_walk *walk, const kfix_along_sizes *s) {                     \
    (void)walk, (void)s;                                                                 \
    KFIX_##D##_ALONG_NET(KFIX_WALK, s->parameters, s->rows, s->blocks, s->coarse)        \
  }                                                                                      \
  static void walk_host(kfix_walk *walk, const kfix_along_sizes *s) {                    \
    (void)walk, (void)s;                                                                 \
    KFIX_##D##_ALONG_HOST(KFIX_WALK, s->blocks, s->coarse)                               \
  }                                                                                      \
  static void walk_block(kfix_walk *walk, const kfix_block_sizes *s) {                   \
    (void)walk, (void)s;                                                                 \
    KFIX_##D##_ALONG_BLOCK(KFIX_WALK, s->aside, s->seen, s->units, s->cols, s->out)      \
  }                                                                                      \
  static size_t scratch_of(const kfix_block_sizes *s) {                                  \
    (void)s;                                                                             \
    return KFIX_##D##_ALONG_SCRATCH(s->cols, s->out, s->units, s->row_block, s->images); \
  }                                                                                      \
  static size_t order_of(const kfix_along_sizes *s) {                                    \
    (void)s;                                                                             \
    return KFIX_##D##_ALONG_ORDER(s->rows, s->blocks, s->coarse);                        \
  }                                                                                      \
  const kfix_along_plan kfix_plan_##D = {                                                \
      0 KFIX_##D##_ALONG_NET(KFIX_COUNT_REGION, 0, 0, 0, 0),                             \
      0 KFIX_##D##_ALONG_HOST(KFIX_COUNT_REGION, 0, 0),                                  \
      0 KFIX_##D##_ALONG_BLOCK(KFIX_COUNT_REGION, 0, 0, 0, 0, 0),                        \
      walk_net,                                                                          \
      walk_host,                                                                         \
      walk_block,                                                                        \
      scratch_of,                                                                        \
      order_of};

#endif
