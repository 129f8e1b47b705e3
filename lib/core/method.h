/* SPDX-License-Identifier: Apache-2.0
 * What a method is: how it moves, along what, the curvature behind it, and its part of the memory plan.
 * Which there are stands in methods.h. */
#ifndef KFIX_CORE_METHOD_H
#define KFIX_CORE_METHOD_H

struct kfix_rule;
struct kfix_direction;
struct kfix_curvature;
struct kfix_method_plan;
struct kfix_along_plan;

typedef struct kfix_method_info {
  const char *name;
  const struct kfix_rule *rule;           /* optim/rules.h */
  const struct kfix_direction *direction; /* direction/direction.h; NULL: none, nor a curvature */
  const struct kfix_curvature *curvature; /* curvature/curvature.h */
  double learning_rate;                   /* what options.learning_rate KFIX_AUTO stands for */
  int chain;                              /* takes only nets that are a chain of layers */
  const struct kfix_method_plan *plan;    /* core/method_plan.h */
  const struct kfix_along_plan *along;    /* that of the direction; NULL: it needs nothing */
} kfix_method_info;

#endif
