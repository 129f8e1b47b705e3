/* SPDX-License-Identifier: Apache-2.0
 * What every approximation of the Fisher matrix offers. One const descriptor and one file each.
 *
 * A curvature is handed what it reads: a slice of a block's abar and g, and the step's phase. A step
 * calls begin, absorb (slice by slice, chunk by chunk), finish; then refresh where it is due; then
 * apply. All write spare copies and scratch only: kfix_latest shows what the step has written so far. */
#ifndef KFIX_CURVATURE_CURVATURE_H
#define KFIX_CURVATURE_CURVATURE_H

#include "core/context.h"
#include "methods.h"
#include "net/net.h"

/* Of a matrix that a curvature shows to traces: symmetric and packed, or dense in full, without
 * padding. */
typedef enum kfix_shape {
  KFIX_SHAPE_IN,       /* packed, of order cols */
  KFIX_SHAPE_OUT,      /* packed, of order out */
  KFIX_SHAPE_IN_FULL,  /* cols x cols */
  KFIX_SHAPE_OUT_FULL, /* out x out */
  KFIX_SHAPE_IN_OUT,   /* cols x out */
  KFIX_SHAPE_OUT_IN,   /* out x cols */
  KFIX_SHAPE_IN_ABOVE, /* cols x cols of the block above */
  KFIX_SHAPE_OUT_ABOVE /* out x out of the block above, which keeps it */
} kfix_shape;
typedef struct kfix_curvature_view {
  const char *name;
  uint32_t own; /* the region, as its method numbers them */
  kfix_shape shape;
} kfix_curvature_view;

/* A number of each block that reports show (kfix_number): a region of one real of group INVERSE. Where
 * the block has none (count 0) it is 0. */
typedef struct kfix_curvature_number {
  const char *name; /* "pi", "floored" */
  uint32_t own;
  int (*is_shown)(const kfix *k); /* NULL: always */
} kfix_curvature_number;

/* Of blocks that look through windows a curvature takes none; pairs, one for each example; or all windows
 * just as well. */
typedef enum kfix_takes { KFIX_TAKES_NO_WINDOWS, KFIX_TAKES_PAIRS, KFIX_TAKES_WINDOWS } kfix_takes;

typedef struct kfix_curvature {
  /* Statistics of phase->rows examples are about to come; the spare copy = phase->decay times the old. */
  kfix_status (*begin)(kfix *k, const kfix_phase *phase);
  /* Takes in a slice; each example counts kfix_each_weight(phase). Blocks come from the last to the
   * first. Of slices that come again, only what depends on g is added. */
  kfix_status (*absorb)(kfix *k, const kfix_slice *slice, const kfix_phase *phase);
  /* After the last chunk: adds the number of non-finite statistics to KFIX_SLOT_BAD_STATISTICS. */
  kfix_status (*finish)(kfix *k);
  /* Makes what apply needs from the latest statistics, damped by phase->gamma. NOT_POSITIVE: report.layer
   * and report.value (the pivot's row) say where. */
  kfix_status (*refresh)(kfix *k, const kfix_phase *phase);
  /* As absorb, in a second pass over S1, after the step's first refresh if it took in statistics: for
   * what can be measured only in the new basis. The pass overwrites DELTA, so a method that has it makes
   * no use of low_rank. NULL: there is nothing to measure. */
  kfix_status (*rescale)(kfix *k, const kfix_slice *slice, const kfix_phase *phase);
  /* u = scale F^-1 v over the whole parameter vector; u is not v. In a step, v is its gradient.
   * low_rank: v is the mean of g abar^T over so many examples, which stand in memory (kfix_standing), so
   * products of that rank may do instead. 0: not so. */
  kfix_status (*apply)(kfix *k, const kfix_phase *phase, double scale, const kfix_real *v,
                       size_t low_rank, kfix_real *u);
  const kfix_curvature_view *views;
  uint32_t view_count;
  const kfix_curvature_number *numbers;
  uint32_t number_count;
  int without_factors; /* keeps no A and G, or R and S, as its first two regions */
  int at_once; /* needs its examples at once: S1 is at most kfix_net_stats_rows, no fisher exact */
  int of_gradient; /* refresh looks at the mean gradient, too */
  kfix_takes takes;
} kfix_curvature;

/* The members of a descriptor that list what it shows. */
#define KFIX_SHOWS(view_list, number_list)                                     \
  .views = (view_list), .view_count = sizeof(view_list) / sizeof *(view_list), \
  .numbers = (number_list), .number_count = sizeof(number_list) / sizeof *(number_list)

/* How it takes blocks that look through windows. */
static inline kfix_handing kfix_handing_of(const kfix *k) {
  return k->options.conv == KFIX_CONV_REDUCE ? KFIX_HAND_PAIRS : KFIX_HAND_WINDOWS;
}

/* The weight of one example of S1 in the new statistics. */
static inline double kfix_each_weight(const kfix_phase *phase) {
  return (1 - phase->decay) / phase->mass;
}

/* kfix_curvature_NAME of each method that has one. */
#define KFIX_DECLARE_CURVATURE(id, name, rule, direction, curvature) \
  extern const kfix_curvature kfix_curvature_##curvature;
KFIX_METHOD_LIST(KFIX_DECLARE_CURVATURE)
#undef KFIX_DECLARE_CURVATURE

#endif
