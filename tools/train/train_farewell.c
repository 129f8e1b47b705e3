/* SPDX-License-Identifier: Apache-2.0
 * What a run says that ended before its goal. */
#include "train_farewell.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/progress_line.h"
#include "ports/tool_device.h"
#include "train_arena.h"
#include "train_parse.h"

static void print_goal(FILE *to, const train_run *run) {
  const train_options *o = &run->options;
  const uint64_t goal = o->steps > 0 ? o->steps : o->epochs;
  const int by_steps = o->steps > 0;
  (void)fprintf(to, " --%s %" PRIu64, by_steps ? "steps" : "epochs",
                run->end == RUN_AT_GOAL ? 2 * goal : goal);
  if (o->patience > 0)
    (void)fprintf(to, " --patience %" PRIu64,
                  run->end == RUN_OUT_OF_PATIENCE ? 2 * o->patience : o->patience);
  if (o->time_limit > 0) (void)fprintf(to, " --time-limit %.15g", o->time_limit);
  if (o->every > 0) (void)fprintf(to, " --every %" PRIu64, o->every);
}

void print_option(FILE *to, const char *option, const char *name) {
  static const char plain[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+=,:@%";
  const int quoted = name[strspn(name, plain)] != '\0' || *name == '\0';
  (void)fprintf(to, " --%s %s", option, quoted ? "'" : "");
  for (; *name != '\0'; name++)
    if (*name == '\'')
      (void)fputs("'\\''", to);
    else
      (void)fputc(*name, to);
  if (quoted) (void)fputc('\'', to);
}

static void print_files(FILE *to, const train_options *o) {
  const char *const files[][2] = {{"log", o->log},
                                  {"log-steps", o->log_steps},
                                  {"trace", o->trace},
                                  {"digest-log", o->digest_log},
                                  {"export", o->export_file},
                                  {"best", o->best_file},
                                  {"reference-log", o->reference_log},
                                  {"approximation-log", o->approximation_log}};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    if (files[i][1] != NULL) print_option(to, files[i][0], files[i][1]);
  if (o->reference_log != NULL) (void)fputs(" --reference exact", to);
  if (o->export_average) (void)fputs(" --export-average", to);
  if (o->export_iterate) (void)fputs(" --export-iterate", to);
}

/* Numbers that are not what they are unless told otherwise. */
static void print_numbers(FILE *to, const train_options *o, const train_options *usual) {
  const struct {
    const char *name;
    int64_t value, usual;
  } numbers[] = {{"eval-every", (int64_t)o->eval_every, (int64_t)usual->eval_every},
                 {"reference-every", (int64_t)o->reference_every, (int64_t)usual->reference_every},
                 {"layer", o->layer, usual->layer},
                 {"approximation-every", o->approximation_every, usual->approximation_every},
                 {"approximation-refresh", o->approximation_refresh, usual->approximation_refresh},
                 {"approximation-order", o->approximation_order, usual->approximation_order}};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    if (numbers[i].value != numbers[i].usual)
      (void)fprintf(to, " --%s %" PRId64, numbers[i].name, numbers[i].value);
  for (uint32_t i = 0; i < o->trace_count; i++)
    (void)fprintf(to, "%s%" PRIu64, i == 0 ? " --trace-at " : ",", o->trace_at[i]);
}

static void print_choice(FILE *to, const char *option, const char *choices, int index) {
  size_t length = 0;
  const char *word = option_choice_text(choices, index, &length);
  if (index != 0) (void)fprintf(to, " --%s %.*s", option, (int)length, word);
}

static void print_machine(FILE *to, const train_options *o, const train_options *usual) {
  if (o->port != train_default_port()) print_option(to, "port", o->port->name);
  if (o->threads != usual->threads) (void)fprintf(to, " --threads %u", o->threads);
  print_choice(to, "precision", TOOL_DEVICE_PRECISIONS, o->precision);
  print_choice(to, "graphs", TOOL_DEVICE_GRAPHS, o->graphs);
}

/* What the checkpoint does not bring along. */
void print_going_on(FILE *to, const train_run *run) {
  const train_options *o = &run->options;
  train_options usual;
  train_options_default(&usual);
  print_option(to, "resume", o->checkpoint);
  print_option(to, "checkpoint", o->checkpoint);
  print_goal(to, run);
  print_machine(to, o, &usual);
  print_files(to, o);
  print_numbers(to, o, &usual);
  if (o->quiet) (void)fputs(" --quiet", to);
}

/* A pipe or a device cannot be resumed from. */
int can_go_on(const train_run *run) {
  struct stat about;
  return run->saved != NOT_SAVED && stat(run->options.checkpoint, &about) == 0 &&
         S_ISREG(about.st_mode);
}

static void print_kept(const train_run *run) {
  const train_options *o = &run->options;
  if (!can_go_on(run)) return;
  if (run->failure == RUN_STOPPED && run->saved == run->state.step) {
    (void)fputs("; go on with", stderr);
    print_going_on(stderr, run);
    return;
  }
  (void)fprintf(stderr, "; the state after step %" PRIu64 " is in %s", run->saved, o->checkpoint);
}

void print_failure(const train_run *run, const tool_error *err) {
  progress_line_clear();
  (void)fprintf(stderr, "kfix-train: %s", err->text);
  print_kept(run);
  (void)fputc('\n', stderr);
}

void print_interrupted(const train_run *run) {
  progress_line_clear();
  (void)fprintf(stderr, "kfix-train: interrupted after step %" PRIu64, run->state.step);
  if (run->saved != NOT_SAVED)
    print_kept(run);
  else if (run->options.checkpoint == NULL)
    (void)fputs("; nothing was saved: --checkpoint FILE would", stderr);
  else
    (void)fputs("; there was nothing to save yet", stderr);
  (void)fputc('\n', stderr);
}
