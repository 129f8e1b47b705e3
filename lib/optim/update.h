/* SPDX-License-Identifier: Apache-2.0
 * The update: from a direction to the parameters. */
#ifndef KFIX_OPTIM_UPDATE_H
#define KFIX_OPTIM_UPDATE_H

#include "core/context.h"

/* What a rule ends with, in one pass: delta = a x + b y into the spare copy of `region`, theta +
 * delta into that of THETA, xi mean + (1 - xi) theta' into that of AVERAGE; adds the number of
 * elements of the three that are not finite to KFIX_SLOT_BAD_THETA. x may be that copy. Only
 * kfix_clear_loss may come between this and the end of the step. */
kfix_status kfix_move(kfix *k, const kfix_buffer *region, double a, const kfix_real *x, double b,
                      const kfix_real *y);
/* The weight xi of the past in AVERAGE [KFAC 13]: the first average is theta itself. */
static inline kfix_real kfix_averaging(const kfix *k) {
  return k->now.step ? (kfix_real)k->options.averaging : 0;
}

/* Where the direction Delta is made: the update, once scaled, takes its place. */
static inline kfix_real *kfix_delta_place(kfix *k) {
  return kfix_spare(k, &k->own[KFIX_OWN_UPDATE]);
}
/* Ends the step with the update alpha Delta + mu delta_0 (kfix_move); shows Delta to whoever watches
 * it. */
kfix_status kfix_advance(kfix *k, double alpha, double mu);

#endif
