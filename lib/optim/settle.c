/* SPDX-License-Identifier: Apache-2.0
 * What a setting stands for that is left to the library. */
#include "core/arithmetic.h"
#include "curvature/curvature.h"
#include "direction/direction.h"
#include "kfix.h"

/* An auto-encoder's batch holds rows x inputs targets: enough to trust a model of one batch. A batch of
 * labels is mostly noise, and a model fitted to each costs more than it gives (tools/practice). Who sets
 * lambda wants the driver that reads it. */
static kfix_choice driver_for(const kfix_net *net, double lambda) {
  const int adaptive = net->target == KFIX_TARGET_INPUT || lambda != KFIX_AUTO;
  return adaptive ? KFIX_ADAPTIVE : KFIX_FIXED;
}

kfix_options kfix_options_settled(const kfix_options *options, const kfix_net *net,
                                  kfix_method method) {
  kfix_options o = *options;
  const kfix_method_info *m = kfix_method_of(method);
  const int natural = m->direction != NULL;
  if (o.driver == KFIX_DRIVER_AUTO) o.driver = driver_for(net, o.lambda);
  if (o.learning_rate == KFIX_AUTO) o.learning_rate = m->learning_rate;
  if (o.momentum == KFIX_AUTO) o.momentum = natural ? 0.8 : 0.9;
  if (o.stats_every == 0) o.stats_every = o.driver == KFIX_FIXED ? 8 : 1;
  return o;
}

kfix_status kfix_options_suit(const kfix_options *options, kfix_method method,
                              kfix_option_id *bad) {
  const kfix_method_info *m = kfix_method_of(method);
  const int exact = KFIX_FISHER_LAST == KFIX_FISHER_EXACT && options->fisher == KFIX_FISHER_EXACT;
  if (bad) *bad = KFIX_OPTION_fisher;
  if (exact && m->curvature && m->curvature->at_once) return KFIX_OPTION;
  return exact && m->direction && m->direction->hold ? KFIX_OPTION : KFIX_OK;
}
