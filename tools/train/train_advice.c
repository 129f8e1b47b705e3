/* SPDX-License-Identifier: Apache-2.0
 * What to say, and to do, when a step fails. */
#include "train_advice.h"

#include <inttypes.h>

#include "train_arena.h"

/* A run that fails with so much damping would with more. */
#define LAMBDA_ENOUGH 1e6

/* What slows a run down depends on who chooses its steps. */
static const char *tame(const train_run *run) {
  const train_options *o = &run->options;
  const int more_rows = run->batches.count < run->batches.rows;
  if (kfix_method_of(o->method)->direction == NULL) return "begin again with a lower --lr";
  if (o->settings.driver != KFIX_ADAPTIVE)
    return "begin again with a lower --lr, or a larger --damping";
  if (run->report.lambda > LAMBDA_ENOUGH)
    return more_rows ? "begin again with a larger --batch, or --driver fixed"
                     : "begin again with --driver fixed";
  return more_rows ? "begin again with a larger --lambda or --batch"
                   : "begin again with a larger --lambda";
}

/* Numbers that were too large before this process took a step. */
static const char *inputs(const train_run *run) {
  if (run->options.import_file != NULL) return "check the weights of --import, and the data";
  return "check the data: are they of ordinary size?";
}

static const char *advice(const train_run *run) {
  const int is_first = run->state.step == run->started_step && run->options.resume == NULL;
  switch (run->report.status) {
    case KFIX_DATA_NONFINITE:
    case KFIX_FETCH:
      return "check the data";
    case KFIX_WEIGHTS:
      return "give every class a weight above 0, or take a larger --batch";
    case KFIX_GUARD:
    case KFIX_PORT:
      return run->options.port == train_port(0) ? "report it" : "try --port ref, and report it";
    case KFIX_LOSS_NONFINITE:
    case KFIX_GRADIENT_NONFINITE:
    case KFIX_STATISTICS_NONFINITE:
      return is_first ? inputs(run) : tame(run);
    default:
      return tame(run);
  }
}

static run_failure kind_of(kfix_status status) {
  if (status == KFIX_GUARD) return RUN_SPOILT;
  return status == KFIX_PORT ? RUN_STOPPED : RUN_STUCK;
}

int advise_failure(train_run *run, tool_error *err) {
  const kfix_report *r = &run->report;
  char layer[32] = "";
  if (r->layer > 0) (void)snprintf(layer, sizeof layer, " in layer %u", (unsigned)r->layer);
  run->failure = kind_of(r->status);
  return tool_fail(err, "step %" PRIu64 " failed%s: %s (value %.9g, %u retries): %s", r->step,
                   layer, kfix_status_text(r->status), r->value, (unsigned)r->retries, advice(run));
}

int advise_diverged(train_run *run, double objective, tool_error *err) {
  run->failure = RUN_SPOILT;
  return tool_fail(err,
                   "step %" PRIu64 ": the run diverges: objective %.9g, at first it was %.9g: %s",
                   run->state.step, objective, run->state.first_objective, tame(run));
}
