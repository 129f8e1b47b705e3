/* SPDX-License-Identifier: Apache-2.0
 * The table of methods, made from KFIX_METHOD_LIST, and each one's part of the memory plan. */
#define KFIX_WITH_PLANS
#include "methods.h"
#include "core/arithmetic.h"
#include "core/context.h"
#include "curvature/curvature.h"
#include "direction/direction.h"
#include "optim/rules.h"

#define DEFINE_WALKS(id, name, rule, direction, curvature)                                        \
  static void net_##id(kfix_walk *walk, const kfix_net_sizes *s) {                                \
    (void)walk, (void)s;                                                                          \
    KFIX_##id##_NET(KFIX_WALK, s->parameters, s->chunk, s->out, s->turn)                          \
  }                                                                                               \
  static void block_##id(kfix_walk *walk, const kfix_block_sizes *s) {                            \
    (void)walk, (void)s;                                                                          \
    KFIX_##id##_BLOCK(KFIX_WALK, s->held, s->cols, s->out, s->below, s->above)                    \
  }                                                                                               \
  static size_t scratch_##id(const kfix_block_sizes *s) {                                         \
    (void)s;                                                                                      \
    return KFIX_##id##_SCRATCH(s->cols, s->out, s->row_block, s->stats_rows, s->below, s->above); \
  }                                                                                               \
  static const kfix_method_plan plan_##id = {                                                     \
      0 KFIX_##id##_NET(KFIX_COUNT_REGION, 0, 0, 0, 0),                                           \
      0 KFIX_##id##_BLOCK(KFIX_COUNT_REGION, 0, 0, 0, 0, 0), net_##id, block_##id, scratch_##id};
KFIX_METHOD_LIST(DEFINE_WALKS)

/* Adam's steps are as long as the rate, whatever the gradient's size; natural ones are the fixed
 * driver's, clipped; Nesterov's method diverges on deep nets where momentum alone does not. */
#define RATE_OF_sgd      1e-2
#define RATE_OF_nesterov 3e-3
#define RATE_OF_adam     1e-3
#define RATE_OF_natural  0.5

/* A method without curvature has neither that nor a direction. */
#define ABSENT_none        ~, NULL
#define CURVATURE_OF(name) KFIX_SECOND(ABSENT_##name, &kfix_curvature_##name, 0)
#define DIRECTION_OF(name) KFIX_SECOND(ABSENT_##name, &kfix_direction_##name, 0)
#define PLANLESS_none      ~, NULL
#define PLANLESS_block     ~, NULL
#define ALONG_OF(name)     KFIX_SECOND(PLANLESS_##name, &kfix_plan_##name, 0)
#define METHOD_INFO(id, name, rule, direction, curvature) \
  {name,                                                  \
   &kfix_rule_##rule,                                     \
   DIRECTION_OF(direction),                               \
   CURVATURE_OF(curvature),                               \
   RATE_OF_##rule,                                        \
   KFIX_##id##_CHAIN,                                     \
   &plan_##id,                                            \
   ALONG_OF(direction)},
const kfix_method_info kfix_methods[KFIX_METHOD_COUNT] = {KFIX_METHOD_LIST(METHOD_INFO)};

/* A table for each direction of the list: a method there is as it is, but for that. */
#define INFO_ALONG_two_level(id, name, rule, direction, curvature) \
  METHOD_INFO(id, "two-level:" name, rule, two_level, curvature)
#define INFO_ALONG_hf(id, name, rule, direction, curvature) \
  METHOD_INFO(id, "hf:" name, rule, hf, curvature)
#define DEFINE_TABLE(id, name)                                            \
  static const kfix_method_info methods_along_##id[KFIX_METHOD_COUNT] = { \
      KFIX_METHOD_LIST(INFO_ALONG_##id)};
KFIX_DIRECTION_LIST(DEFINE_TABLE)

#define TABLE_OF(id, name) methods_along_##id,
static const kfix_method_info *const tables[KFIX_ALONG_COUNT] = {kfix_methods,
                                                                 KFIX_DIRECTION_LIST(TABLE_OF)};

const kfix_method_info *kfix_method_of(kfix_method method) {
  const unsigned number = (unsigned)method % KFIX_METHOD_STRIDE;
  const unsigned along = (unsigned)method / KFIX_METHOD_STRIDE;
  if (number >= KFIX_METHOD_COUNT || along >= KFIX_ALONG_COUNT) return NULL;
  const kfix_method_info *m = &tables[along][number];
  return along == KFIX_ALONG_OWN || m->curvature ? m : NULL;
}
