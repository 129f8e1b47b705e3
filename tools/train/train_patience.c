/* SPDX-License-Identifier: Apache-2.0
 * The best evaluation so far. */
#include "train_patience.h"

#include <math.h>

#include "train_weights.h"

int patience_watches(const train_options *o) {
  return o->patience > 0 || o->best_file != NULL;
}

int patience_note(train_run *run, const data_scores *scores, tool_error *err) {
  train_state *s = &run->state;
  const train_options *o = &run->options;
  const int by_valid = run->data.valid_rows > 0;
  const double objective = by_valid ? scores->valid.objective : scores->train.objective;
  if (isnan(objective) || objective >= s->best) return 0;
  if (o->best_file != NULL && weights_export(o->best_file, run->net, run->k, scores->which,
                                             run->state.step, &run->data.facts, err) != 0)
    return -1;
  run->best_kept = o->best_file != NULL;
  s->best = objective;
  s->best_step = s->step;
  s->best_epoch = s->epoch;
  return 0;
}

int patience_is_over(const train_run *run) {
  const train_state *s = &run->state;
  const train_options *o = &run->options;
  if (o->patience == 0 || isnan(s->best)) return 0; /* else there are evaluations */
  const int is_evaluated =
      s->evaluated == s->step && s->position == 0 && s->epoch % o->eval_every == 0;
  return is_evaluated && s->epoch >= s->best_epoch + o->patience;
}

const char *patience_objective(const train_run *run) {
  return run->data.valid_rows > 0 ? "validation objective" : "training objective";
}
