/* SPDX-License-Identifier: Apache-2.0
 * When the checkpoint is written. */
#include "train_save.h"

#include <math.h>
#include <string.h>

#include "train_advice.h"

#define DIVERGED_FACTOR 1000.0

void run_network(const train_run *run, char out[CHECKPOINT_NETWORK_BYTES]) {
  (void)snprintf(out, CHECKPOINT_NETWORK_BYTES, "%s %s", run->net->name, KFIX_REAL_NAME);
}

int run_diverged(const train_run *run, double objective) {
  return !isfinite(objective) || objective > DIVERGED_FACTOR * fmax(run->state.first_objective, 1);
}

/* Of the parameters as they are, on the last batch: a step's own is of those before it. */
static double objective_now(const train_run *run) {
  data_rows source = {
      .data = &run->data, .order = run->batches.order, .smoothing = run->options.smoothing};
  const size_t rows = run->batches.count;
  const kfix_batch batch = {rows, data_fetch, &source,
                            class_weights_of_batch(&run->weights, run->batches.order, rows)};
  kfix_score score;
  return kfix_evaluate(run->k, KFIX_ITERATE, &batch, &score) == KFIX_OK ? score.objective
                                                                        : (double)NAN;
}

/* What it began with is there already: the weights of a seed, or the file of --import. */
static int is_worth_saving(const train_run *run) {
  const train_options *o = &run->options;
  return o->checkpoint != NULL && (run->state.step > 0 || o->resume != NULL) &&
         run->saved != run->state.step;
}

static int save(train_run *run, tool_error *err) {
  const train_options *o = &run->options;
  checkpoint_head head = {.method = o->method,
                          .settings = o->settings,
                          .limit = o->limit,
                          .data_digest = run->data_digest,
                          .valid_digest = run->valid_digest,
                          .sizes = o->sizes,
                          .smoothing = o->smoothing,
                          .pixels = o->pixels,
                          .augment = o->augment,
                          .state = run->state};
  (void)snprintf(head.data, sizeof head.data, "%s", o->data);
  (void)snprintf(head.class_weights, sizeof head.class_weights, "%s",
                 o->class_weights == NULL ? "" : o->class_weights);
  if (o->validation != NULL)
    (void)snprintf(head.validation, sizeof head.validation, "%s", o->validation);
  run_network(run, head.network);
  if (checkpoint_save(o->checkpoint, &head, run->k, err) != 0) {
    run->failure = RUN_SPOILT;
    return -1;
  }
  run->saved = run->state.step;
  return 0;
}

int run_save(train_run *run, tool_error *err) {
  if (!is_worth_saving(run)) return 0;
  const double objective = run->report.step == 0 ? 0 : objective_now(run);
  if (run_diverged(run, objective)) return advise_diverged(run, objective, err);
  return save(run, err);
}

/* Where steps fail, the ones before may have been on their way to it: such a state takes the place
 * of an earlier one only if it is no worse than the run's beginning. */
static int is_good(const train_run *run) {
  if (run->report.step == 0) return 1;
  const double objective = objective_now(run);
  return run->failure == RUN_STUCK ? objective <= run->state.first_objective
                                   : !run_diverged(run, objective);
}

void run_rescue(train_run *run, tool_error *err) {
  tool_error why = *err, also;
  if (run->failure == RUN_SPOILT || !is_worth_saving(run) || !is_good(run)) return;
  if (save(run, &also) != 0) (void)tool_fail(err, "%.240s; and %.240s", why.text, also.text);
}
