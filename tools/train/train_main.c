/* SPDX-License-Identifier: Apache-2.0
 * kfix-train: trains the network of a config. See its --help. */
#include "files/standard_output.h"
#include "train_farewell.h"
#include "train_loop.h"
#include "train_parse.h"
#include "train_print.h"
#include "train_setup.h"
#include "train_signals.h"
#include "train_summary.h"
#include "train_weights.h"

static train_run run;

static int fail(const tool_error *err) {
  print_failure(&run, err);
  return 1;
}

static int finish(tool_error *err) {
  const train_options *o = &run.options;
  kfix_iterate which = KFIX_ITERATE;
  if (o->export_file != NULL && (run_iterate(&run, &which, err) != 0 ||
                                 weights_export(o->export_file, run.net, run.k, which,
                                                run.state.step, &run.data.facts, err) != 0))
    return -1;
  print_summary(&run, which);
  return 0;
}

/* The exit status of a run that could start: 128 + a signal's number after that. */
static int train(void) {
  tool_error err;
  print_start(&run);
  const int outcome = run_train(&run, &err);
  if (outcome < 0) return fail(&err);
  if (outcome > 0) {
    print_interrupted(&run);
    return 128 + outcome;
  }
  return finish(&err) == 0 ? 0 : fail(&err);
}

static int run_program(int argc, char **argv) {
  train_given given;
  tool_error err;
  const option_outcome outcome = train_options_parse(&run.options, &given, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome == OPTIONS_HELP ? 0 : 2;
  signals_watch();
  const int opened = run_open(&run, &given, &err);
  int status = opened == 0 ? train() : opened == 2 ? train_options_complain(&err) : fail(&err);
  if (run_close(&run, &err) != 0 && status == 0) status = fail(&err);
  return status;
}

int main(int argc, char **argv) {
  standard_output_begin();
  const int status = standard_output_end("kfix-train", run_program(argc, argv));
  return status > 128 ? signals_die(status - 128) : status;
}
