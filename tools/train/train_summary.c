/* SPDX-License-Identifier: Apache-2.0
 * What a run says at its end. */
#include "train_summary.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/progress_line.h"
#include "ports/tool_device.h"
#include "train_effect.h"
#include "train_farewell.h"
#include "train_patience.h"
#include "train_remedy.h"

static void print_end(const train_run *run) {
  const train_options *o = &run->options;
  const train_state *s = &run->state;
  (void)printf("ended     after step %" PRIu64 ", ", s->step);
  switch (run->end) {
    case RUN_OUT_OF_TIME:
      (void)printf("by --time-limit, at %.0f s\n", o->time_limit);
      break;
    case RUN_OUT_OF_PATIENCE:
      (void)printf("by --patience %" PRIu64 ": no better %s since epoch %" PRIu64 "\n", o->patience,
                   patience_objective(run), s->best_epoch);
      break;
    default:
      (void)printf("at --%s %" PRIu64 "\n", o->steps > 0 ? "steps" : "epochs",
                   o->steps > 0 ? o->steps : o->epochs);
  }
}

/* Training past the best validation objective by so much is worth a word to who did not ask. */
#define MUCH_WORSE 1.05

static void print_overfit(const train_run *run) {
  const train_state *s = &run->state;
  if (run->data.valid_rows == 0 || run->evaluations == 0 || !(s->best > 0)) return;
  if (!(run->last.valid.objective > MUCH_WORSE * s->best)) return;
  (void)printf(
      "best      validation objective %.6g after step %" PRIu64
      ", now %.6g: --best FILE keeps "
      "the best\n          weights, --patience E stops after E epochs without better ones\n",
      s->best, s->best_step, run->last.valid.objective);
}

/* Where somebody asked for it. Best may be an evaluation of the run before, whose file is not ours. */
static void print_best(const train_run *run) {
  const train_options *o = &run->options;
  const train_state *s = &run->state;
  if (!patience_watches(o)) print_overfit(run);
  if (!patience_watches(o) || isnan(s->best)) return;
  (void)printf("best      %s %.6g after step %" PRIu64 "%s%s\n", patience_objective(run), s->best,
               s->best_step, run->best_kept ? "; its weights in " : "",
               run->best_kept ? o->best_file : "");
  if (o->best_file != NULL && !run->best_kept)
    (void)printf("          this part of the run has had none better, so --best wrote nothing\n");
}

static void print_device(const train_run *run) {
  const char *graphs = tool_device_graphs(run->handles);
  if (run->handles != NULL && run->options.graphs == 0 && strcmp(graphs, "on") != 0)
    (void)printf("graphs    %s\n", graphs);
  if (*tool_device_routes(run->handles) != '\0')
    (void)printf("factors   %s\n", tool_device_routes(run->handles));
}

static void print_files(const train_options *o, kfix_iterate exported) {
  if (o->checkpoint != NULL) (void)printf("checkpoint in %s\n", o->checkpoint);
  if (o->export_file != NULL)
    (void)printf("weights in %s, the %s iterate\n", o->export_file,
                 exported == KFIX_ITERATE ? "last" : "averaged");
}

static void print_next(const train_run *run) {
  const train_options *o = &run->options;
  const char *weights = o->best_file != NULL && run->best_kept ? o->best_file : o->export_file;
  if (weights != NULL) {
    (void)fputs("next      predict with kfix-predict", stdout);
    print_option(stdout, "weights", weights);
    (void)puts(" --data NEW.csv --output FILE.csv");
  }
  if (run->end == RUN_AT_GOAL && effect_rate_is_over(o, run->state.step)) {
    (void)printf(
        "next      the rate has come to 0: to train for longer, begin again with a larger --%s\n",
        o->steps > 0 ? "steps" : "epochs");
  } else if (can_go_on(run)) {
    (void)fputs("next      go on with", stdout);
    print_going_on(stdout, run);
    (void)fputc('\n', stdout);
  } else if (o->checkpoint == NULL && o->export_file == NULL && o->best_file == NULL) {
    (void)puts(
        "next      nothing was kept: --export FILE keeps the weights, --checkpoint FILE a run "
        "that can go on");
  }
}

void print_summary(const train_run *run, kfix_iterate exported) {
  if (run->options.quiet) return;
  progress_line_clear();
  print_end(run);
  print_best(run);
  print_remedies(run);
  print_device(run);
  print_files(&run->options, exported);
  print_next(run);
  (void)fflush(stdout);
}
