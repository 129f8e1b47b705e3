/* SPDX-License-Identifier: Apache-2.0
 * What to say, and to do, when a step fails. */
#include "train_advice.h"

#include <inttypes.h>

/* What slows a run down depends on who chooses its steps. */
static const char *tame(const train_run *run) {
  const train_options *o = &run->options;
  if (kfix_methods[o->method].curvature == NULL) return "lower --lr";
  return o->settings.driver == KFIX_ADAPTIVE ? "raise --lambda or --batch"
                                             : "lower --lr, or raise --damping";
}

static const char *advice(const train_run *run, kfix_status status) {
  switch (status) {
    case KFIX_DATA_NONFINITE:
    case KFIX_FETCH:
      return "check the data";
    case KFIX_GUARD:
    case KFIX_PORT:
      return "try --port ref, and report it";
    case KFIX_NOT_POSITIVE:
      return "raise --lambda (adaptive) or --damping (fixed)";
    default:
      return tame(run);
  }
}

/* What there is to go on with. */
static const char *kept(const train_run *run) {
  return run->saved != NOT_SAVED ? "; the checkpoint holds an earlier step" : "";
}

int advise_failure(const train_run *run, const kfix_report *report, tool_error *err) {
  char layer[32] = "";
  if (report->layer > 0)
    (void)snprintf(layer, sizeof layer, " in layer %u", (unsigned)report->layer);
  return tool_fail(err, "step %" PRIu64 " failed%s: %s (value %.9g, %u retries): %s%s",
                   report->step, layer, kfix_status_text(report->status), report->value,
                   (unsigned)report->retries, advice(run, report->status), kept(run));
}

int advise_diverged(const train_run *run, uint64_t step, double objective, tool_error *err) {
  return tool_fail(err,
                   "step %" PRIu64 ": the run diverges: objective %.9g, at first it was %.9g: %s%s",
                   step, objective, run->state.first_objective, tame(run), kept(run));
}
