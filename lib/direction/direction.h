/* SPDX-License-Identifier: Apache-2.0
 * From the gradient to a direction: what stands between a curvature and the drivers. One const
 * descriptor and one file each. */
#ifndef KFIX_DIRECTION_DIRECTION_H
#define KFIX_DIRECTION_DIRECTION_H

#include "core/batch.h"
#include "core/context.h"
#include "methods.h"

typedef struct kfix_direction {
  /* Makes what `make` needs for phase->gamma, after kfix_gradient; notes whose statistics it now comes
   * from. */
  kfix_status (*refresh)(kfix *k, const kfix_batch *batch, const kfix_phase *phase);
  /* out = Delta = -F^-1 gradient, for the gradient that kfix_gradient left and what the last refresh has
   * made; the padding between blocks is zero. */
  kfix_status (*make)(kfix *k, const kfix_batch *batch, const kfix_phase *phase, kfix_real *out);
} kfix_direction;

/* kfix_direction_NAME of each method that has one. */
#define KFIX_DECLARE_DIRECTION(id, name, rule, direction, curvature) \
  extern const kfix_direction kfix_direction_##direction;
KFIX_METHOD_LIST(KFIX_DECLARE_DIRECTION)
#undef KFIX_DECLARE_DIRECTION

#endif
