/* SPDX-License-Identifier: Apache-2.0
 * From the gradient to a direction: what stands between a curvature and the drivers. One const
 * descriptor and one file each. */
#ifndef KFIX_DIRECTION_DIRECTION_H
#define KFIX_DIRECTION_DIRECTION_H

#include <math.h>

#include "core/batch.h"
#include "core/context.h"
#include "core/report.h"
#include "methods.h"

typedef struct kfix_direction {
  /* Makes what `make` needs for phase->gamma, after kfix_gradient; notes whose statistics it now comes
   * from. */
  kfix_status (*refresh)(kfix *k, const kfix_batch *batch, const kfix_phase *phase);
  /* out = Delta = -F^-1 gradient, for the gradient that kfix_gradient left and what the last refresh has
   * made; the padding between blocks is zero. */
  kfix_status (*make)(kfix *k, const kfix_batch *batch, const kfix_phase *phase, kfix_real *out,
                      kfix_made *made);
  /* Whether it can do what the options ask with this net; NULL: always. */
  kfix_status (*check)(const kfix_net *net, const kfix_method_info *method,
                       const kfix_options *options);
  int of_gamma; /* gamma is worth trials: else it follows lambda */
  int is_dear;  /* so much of a step that its outcome is looked at each time */
  /* Works on examples together, kfix_net_stats_rows of them at most: called within the gradient's pass for the
   * rows that stand (direction/fisher_examples.h); no fisher exact. NULL: it does not. */
  kfix_status (*hold)(kfix *k, const kfix_real *theta, size_t first, size_t rows);
  int uncoupled; /* takes examples apart one by one: no normalisations */
} kfix_direction;

/* Where nothing is said. */
static inline kfix_made kfix_made_plainly(const kfix_phase *phase) {
  return (kfix_made){.e_change = NAN, .damping = phase->damping, .form = NAN};
}

/* kfix_direction_NAME of each method that has one. */
#define KFIX_DECLARE_DIRECTION(id, name, rule, direction, curvature) \
  extern const kfix_direction kfix_direction_##direction;            \
  extern const kfix_along_plan kfix_plan_##direction;
KFIX_METHOD_LIST(KFIX_DECLARE_DIRECTION)
#undef KFIX_DECLARE_DIRECTION
#define KFIX_DECLARE_ALONG(id, name)               \
  extern const kfix_direction kfix_direction_##id; \
  extern const kfix_along_plan kfix_plan_##id;
KFIX_DIRECTION_LIST(KFIX_DECLARE_ALONG)
#undef KFIX_DECLARE_ALONG

/* The block-wise direction, which others begin with: refresh and make of `block`. */
kfix_status kfix_block_refresh(kfix *k, const kfix_batch *batch, const kfix_phase *phase);
kfix_status kfix_block_make(kfix *k, const kfix_batch *batch, const kfix_phase *phase,
                            kfix_real *out, kfix_made *made);

#endif
