/* SPDX-License-Identifier: Apache-2.0
 * The table of methods, made from KFIX_METHOD_LIST, and each one's part of the memory plan. */
#include "core/arithmetic.h"
#include "core/context.h"
#include "core/method.h"
#include "curvature/curvature.h"
#include "curvature/ekfac_plan.h"
#include "curvature/kfac_plan.h"
#include "curvature/kfac_tridiag_plan.h"
#include "curvature/kron_plan.h"
#include "optim/first_order_plan.h"
#include "optim/rules.h"

#define WALK_NET(id, group, count) \
  kfix_walk_region(walk, #id, KFIX_GROUP_##group, KFIX_NET_##id, (count));
#define WALK_CURVATURE(id, group, count)          \
  kfix_walk_region(walk, #id, KFIX_GROUP_##group, \
                   (uint32_t)KFIX_LAYER_CURVATURE + (uint32_t)KFIX_##id, (count));

#define DEFINE_WALKS(id, name, rule, curvature)                                          \
  static void net_##id(kfix_walk *walk, size_t parameters, size_t chunk, size_t out,     \
                       size_t widest) {                                                  \
    (void)chunk, (void)out, (void)widest;                                                \
    KFIX_##id##_NET(WALK_NET, parameters, chunk, out, widest)                            \
  }                                                                                      \
  static void layer_##id(kfix_walk *walk, size_t held, size_t in, size_t out) {          \
    (void)walk, (void)held, (void)in, (void)out;                                         \
    KFIX_##id##_LAYER(WALK_CURVATURE, held, in, out)                                     \
  }                                                                                      \
  static size_t scratch_##id(const kfix_walk *walk, size_t in, size_t out, size_t block, \
                             size_t stats_rows) {                                        \
    (void)walk, (void)in, (void)out, (void)block, (void)stats_rows;                      \
    return KFIX_##id##_SCRATCH(in, out, block, stats_rows);                              \
  }
KFIX_METHOD_LIST(DEFINE_WALKS)

/* Adam's steps are as long as the rate, whatever the gradient's size; natural ones are the fixed
 * driver's, clipped; Nesterov's method diverges on deep nets where momentum alone does not. */
#define RATE_OF_sgd      1e-2
#define RATE_OF_nesterov 3e-3
#define RATE_OF_adam     1e-3
#define RATE_OF_natural  0.5

#define METHOD_INFO(id, name, rule, curvature)                                            \
  {name,       kfix_rule_##rule, kfix_curvature_of_##curvature, RATE_OF_##rule, net_##id, \
   layer_##id, scratch_##id},
const kfix_method_info kfix_methods[KFIX_METHOD_COUNT] = {KFIX_METHOD_LIST(METHOD_INFO)};
