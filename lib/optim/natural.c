/* SPDX-License-Identifier: Apache-2.0
 * A step of natural gradient: gradient and statistics, then whichever driver. */
#include "core/arithmetic.h"
#include "optim/adaptive.h"
#include "optim/first_lambda.h"
#include "optim/fixed.h"
#include "optim/gradient.h"
#include "optim/rules.h"

static kfix_status step(kfix *k, const kfix_batch *batch) {
  if (kfix_lambda_is_wanted(k)) KFIX_TRY(kfix_find_lambda(k, batch));
  const int fresh = k->method->curvature && k->now.step % k->options.stats_every == 0;
  KFIX_TRY(kfix_gradient(k, kfix_current(k, &k->buffer[KFIX_NET_THETA]), batch, fresh));
  k->next.have_update = 1;
  if (k->options.driver == KFIX_ADAPTIVE) return kfix_drive_adaptive(k, batch);
  return kfix_drive_fixed(k, batch);
}

static const kfix_vector_view vectors[] = {{"update", KFIX_OWN_UPDATE, 0},
                                           {"prev_update", KFIX_OWN_UPDATE, 1}};
const kfix_rule kfix_rule_natural = {step, vectors, 2, 1};
