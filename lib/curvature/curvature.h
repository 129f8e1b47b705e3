/* SPDX-License-Identifier: Apache-2.0
 * What every approximation of the Fisher matrix offers. One const descriptor and one file each.
 *
 * A step calls begin, absorb (layer by layer, chunk by chunk), finish; then refresh where it is
 * due; then apply. All write spare copies and scratch only: kfix_latest shows what the step has
 * written so far. */
#ifndef KFIX_CURVATURE_CURVATURE_H
#define KFIX_CURVATURE_CURVATURE_H

#include "core/context.h"

/* Of a matrix that a curvature shows to traces: symmetric and packed, or dense in full, without
 * padding. */
typedef enum kfix_shape {
  KFIX_SHAPE_IN,       /* packed, of order in + 1 */
  KFIX_SHAPE_OUT,      /* packed, of order out */
  KFIX_SHAPE_IN_FULL,  /* (in + 1) x (in + 1) */
  KFIX_SHAPE_OUT_FULL, /* out x out */
  KFIX_SHAPE_IN_OUT,   /* (in + 1) x out */
  KFIX_SHAPE_IN_ABOVE, /* (in + 1) x (in + 1 of the layer above) */
  KFIX_SHAPE_OUT_ABOVE /* out x (out of the layer above), which keeps it */
} kfix_shape;
typedef struct kfix_curvature_view {
  const char *name;
  uint32_t buffer; /* kfix_layer_region */
  kfix_shape shape;
} kfix_curvature_view;

typedef struct kfix_curvature {
  /* A batch's statistics will come from `rows` examples; what there was keeps the weight `decay`.
   * A method that needs all of them at once may lower report.stats_rows to kfix_net_stats_rows: the
   * first so many rows of the batch are then S1. */
  kfix_status (*begin)(kfix *k, double decay, size_t rows);
  /* Takes in the first `rows` rows of the chunk, whose abar stands in the layer's ABAR and whose g
   * stands in its DELTA. Called for the layers from the last to the first, so that of the layer
   * above is at hand too. weight: of one example in the new statistics. */
  kfix_status (*absorb)(kfix *k, uint32_t layer, size_t rows, double weight);
  /* After the last chunk: adds the number of non-finite statistics to KFIX_SLOT_BAD_STATISTICS. */
  kfix_status (*finish)(kfix *k);
  /* Makes what apply needs from the latest statistics, damped by gamma. NOT_POSITIVE: report.layer
   * and report.value (the pivot's row) say where. */
  kfix_status (*refresh)(kfix *k, double gamma);
  /* As absorb, in a pass of its own over the rows of the statistics: called after the step's first
   * refresh where the step took in statistics, for what can be measured only in the new basis. NULL:
   * there is nothing. A method that has it makes no use of apply's low_rank: DELTA is overwritten. */
  kfix_status (*rescale)(kfix *k, uint32_t layer, size_t rows, double weight);
  /* u = scale F^-1 v over the whole parameter vector; u is not v. In a step, v is its gradient.
   * low_rank: v is exactly the mean of g abar^T over the `rows` examples that stand in the chunk, so
   * products of rank `rows` may serve. */
  kfix_status (*apply)(kfix *k, double scale, const kfix_real *v, int low_rank, size_t rows,
                       kfix_real *u);
  /* pi of a layer, as the inverse in force has it [KFAC 6.3]; NULL: the method has none. */
  kfix_status (*pi)(kfix *k, uint32_t layer, double *pi);
  const kfix_curvature_view *views;
  uint32_t view_count;
  /* Entries of a layer's 1 +- s1 s2 that the inverse in force has raised to the floor; NULL: the
   * method has no floor. */
  kfix_status (*floored)(kfix *k, uint32_t layer, double *count);
  int of_gradient; /* refresh looks at the mean gradient, too */
} kfix_curvature;

/* True if the schedule has a refresh at this step (from 1): the first three, every T3-th. */
static inline int kfix_refresh_scheduled(const kfix *k, uint64_t step) {
  return step <= 3 || step % k->options.inverse_every == 0;
}

/* True if a refresh is due at this step: by the schedule, or as what is in force is stale. */
static inline int kfix_refresh_due(const kfix *k) {
  return kfix_refresh_scheduled(k, k->now.step + 1) || k->next.stale;
}

#define kfix_curvature_of_none NULL
#define kfix_curvature_of_kfac &kfix_curvature_kfac
extern const kfix_curvature kfix_curvature_kfac;
#define kfix_curvature_of_ekfac    &kfix_curvature_ekfac
#define kfix_curvature_of_ekfac_ra &kfix_curvature_ekfac_ra
extern const kfix_curvature kfix_curvature_ekfac, kfix_curvature_ekfac_ra;
#define kfix_curvature_of_kfac_tridiag &kfix_curvature_kfac_tridiag
extern const kfix_curvature kfix_curvature_kfac_tridiag;
#define kfix_curvature_of_kpsvd          &kfix_curvature_kpsvd
#define kfix_curvature_of_deflation      &kfix_curvature_deflation
#define kfix_curvature_of_lanczos        &kfix_curvature_lanczos
#define kfix_curvature_of_kfac_corrected &kfix_curvature_kfac_corrected
extern const kfix_curvature kfix_curvature_kpsvd, kfix_curvature_deflation, kfix_curvature_lanczos,
    kfix_curvature_kfac_corrected;

#endif
