/* SPDX-License-Identifier: Apache-2.0
 * Scalar parts of the Bernoulli and the categorical loss, their gradients and Fisher matrices, as
 * functions of the logits. A probability near 1 does not say how far from 1 it is; the odds of what
 * is less likely do, so nothing here is a difference of numbers that are nearly equal. Every port
 * computes with these. Errors: test/port/test_port_losses.c. */
#ifndef KFIX_CORE_LIKELIHOOD_H
#define KFIX_CORE_LIKELIHOOD_H

#include "core/elementary.h"

/* ---- Bernoulli; e = kfix_odds_against(z) ---- */

/* exp(-|z|): the less likely outcome against the other. */
KFIX_INLINE kfix_real kfix_odds_against(kfix_real z) {
  return kfix_exp(kfix_select(z < 0, z, -z));
}

/* y as seen from the likelier outcome: 1 - y where that is 1, else -y. */
KFIX_INLINE kfix_real kfix_bernoulli_side(kfix_real z, kfix_real y) {
  return kfix_select(z > 0, 1, 0) - y;
}

/* log(1 + exp(z)) - y z: for y in [0, 1] a sum of two terms >= 0. */
KFIX_INLINE kfix_real kfix_bernoulli_loss(kfix_real z, kfix_real y, kfix_real e) {
  return kfix_fma(kfix_bernoulli_side(z, y), z, kfix_log1p(e));
}

/* sigmoid(z) - y */
KFIX_INLINE kfix_real kfix_bernoulli_residual(kfix_real z, kfix_real y, kfix_real e) {
  const kfix_real q = e / (1 + e);
  return kfix_bernoulli_side(z, y) + kfix_select(z > 0, -q, q);
}

/* p (1 - p) */
KFIX_INLINE kfix_real kfix_bernoulli_variance(kfix_real e) {
  return e / ((1 + e) * (1 + e));
}

/* sqrt(p (1 - p)), from the root of the odds, which half of z has. */
KFIX_INLINE kfix_real kfix_bernoulli_deviation(kfix_real z) {
  return kfix_odds_against(z / 2) / (1 + kfix_odds_against(z));
}

/* ---- categorical; `rest` = the sum of the odds of all outcomes but the likeliest ---- */

/* exp(z - top), top >= z: an outcome against the likeliest one. What z - top loses to rounding is put
 * back; at z - top = -100 that would be 32 ulp. */
KFIX_INLINE kfix_real kfix_odds(kfix_real z, kfix_real top) {
  const kfix_real d = z - top, back = z - d, lost = (z - (d + back)) + (back - top);
  const kfix_real e = kfix_exp(d);
  return e + kfix_select(e > 0, e * lost, 0);
}

/* p - y of the likeliest outcome: 1 - p = rest / (1 + rest). */
KFIX_INLINE kfix_real kfix_likeliest_residual(double rest, kfix_real y) {
  const kfix_real total = (kfix_real)(1 + rest);
  return rest < 1 ? (1 - y) - (kfix_real)rest / total : 1 / total - y;
}

/* sqrt(p) of an outcome, from the root of its odds, which half of the logits have. */
KFIX_INLINE kfix_real kfix_root_of_class(kfix_real z, kfix_real top, double rest) {
  return kfix_odds(z / 2, top / 2) / kfix_sqrt((kfix_real)(1 + rest));
}

#endif
