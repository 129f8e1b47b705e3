/* SPDX-License-Identifier: Apache-2.0
 * The update: from a direction to the parameters. */
#ifndef KFIX_OPTIM_UPDATE_H
#define KFIX_OPTIM_UPDATE_H

#include "core/context.h"

/* The end of each rule, in one pass, all into spare copies:
 *   of `region`   delta = a x + b y; x may be this copy
 *   of THETA      theta' = theta + delta
 *   of AVERAGE    xi mean + (1 - xi) theta'
 * Adds the number of their elements that are not finite to KFIX_SLOT_BAD_THETA, which must stand until
 * the step's end: of what clears slots only kfix_clear_loss may follow. */
kfix_status kfix_move(kfix *k, const kfix_buffer *region, double a, const kfix_real *x, double b,
                      const kfix_real *y);
/* The weight xi of the past in AVERAGE [KFAC 13]: the first average is theta itself. */
static inline kfix_real kfix_averaging(const kfix *k) {
  return k->now.step ? (kfix_real)k->options.averaging : 0;
}

/* Where the direction Delta is made; kfix_advance puts the update in its place. */
static inline kfix_real *kfix_delta_place(kfix *k) {
  return kfix_spare(k, &k->own[KFIX_OWN_UPDATE]);
}
/* Ends the step with the update alpha Delta + mu delta_0 (kfix_move); shows Delta to whoever watches
 * it. */
kfix_status kfix_advance(kfix *k, double alpha, double mu);

#endif
