/* SPDX-License-Identifier: Apache-2.0
 * What a person sees. */
#include "train_print.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "port/posix/clock.h"
#include "tool_device.h"
#include "train_arena.h"

static int uses_curvature(const train_run *run) {
  return kfix_methods[run->options.method].curvature != NULL;
}

static void print_batch(const train_run *run) {
  const batch_sizes *sizes = &run->batches.sizes;
  if (sizes->steps > 0)
    (void)printf("batch     %" PRIu64 " growing to %u at step %" PRIu64 "\n", sizes->first,
                 (unsigned)run->batches.rows, sizes->steps);
  else
    (void)printf("batch     %u\n", (unsigned)batches_size(&run->batches, 1));
}

void print_start(const train_run *run) {
  const train_options *o = &run->options;
  if (o->quiet) return;
  size_t reserved;
  (void)train_arena(&reserved);
  (void)printf("config    %s, %s\n", run->net->name, KFIX_REAL_NAME);
  (void)printf("method    %s%s%s\n", kfix_methods[o->method].name,
               uses_curvature(run) ? ", driver " : "",
               uses_curvature(run) ? kfix_choice_name(KFIX_OPTION_driver, o->settings.driver) : "");
  (void)printf("port      %s, %u thread%s\n", o->port->name, o->threads,
               o->threads == 1 ? "" : "s");
  if (run->handles != NULL)
    (void)printf("device    %s\ngraphs    %s\n", tool_device_text(run->handles),
                 tool_device_graphs(run->handles));
  (void)printf("arena     %zu bytes used of %zu reserved\n",
               kfix_bytes(run->net, o->method, o->port), reserved);
  (void)printf("data      %s\n", run->data.text);
  print_batch(run);
  (void)printf("seed      %" PRIu64 "\n", o->settings.seed);
  if (o->resume != NULL)
    (void)printf("resumed   %s, after step %" PRIu64 "\n", o->resume, run->state.step);
  (void)fflush(stdout);
}

void print_epoch(const train_run *run, const data_scores *scores) {
  if (run->options.quiet) return;
  const train_state *s = &run->state;
  print_progress_clear(run);
  (void)printf("epoch %" PRIu64 "%s  step %" PRIu64, s->epoch, s->position > 0 ? "+" : "", s->step);
  if (scores != NULL) {
    (void)printf("  objective %.6g  error %.6g", scores->train.objective, scores->train.error);
    if (run->data.valid_rows > 0)
      (void)printf("  validation %.6g  error %.6g", scores->valid.objective, scores->valid.error);
  } else if (run->report.step > 0) {
    (void)printf("  batch objective %.6g  error %.6g", run->report.objective, run->report.error);
  }
  (void)printf("  %.1f s  digest %016" PRIx64 "\n", s->seconds, kfix_digest(run->k));
  (void)fflush(stdout);
}

/* Seconds still to go, at the pace of this process so far. */
static double seconds_left(const train_run *run) {
  const train_options *o = &run->options;
  const train_state *s = &run->state;
  const double spent = kfix_posix_seconds() - run->started_at;
  const double done = o->steps > 0 ? (double)(s->step - run->started_step)
                                   : (double)(s->examples - run->started_examples);
  const double left =
      o->steps > 0 ? (double)o->steps - (double)s->step
                   : (double)(o->epochs - s->epoch) * run->batches.rows - (double)s->position;
  return done > 0 && left > 0 ? spent * left / done : 0;
}

static int shows_progress(const train_run *run) {
  return !run->options.quiet && isatty(STDERR_FILENO);
}

void print_progress(const train_run *run) {
  static double shown;
  const double now = kfix_posix_seconds();
  if (!shows_progress(run) || now - shown < 0.2) return;
  shown = now;
  const unsigned long left = (unsigned long)(seconds_left(run) + 0.5);
  (void)fprintf(stderr, "\rstep %" PRIu64 "  epoch %" PRIu64 "  loss %.6g", run->state.step,
                run->state.epoch, run->report.loss);
  if (uses_curvature(run)) (void)fprintf(stderr, "  lambda %.3g", run->report.lambda);
  (void)fprintf(stderr, "  %lu:%02lu:%02lu left\033[K", left / 3600, left / 60 % 60, left % 60);
}

void print_progress_clear(const train_run *run) {
  if (shows_progress(run)) (void)fputs("\r\033[K", stderr);
}

void print_end(const train_run *run) {
  const train_options *o = &run->options;
  const char *graphs = tool_device_graphs(run->handles);
  if (o->quiet) return;
  if (run->handles != NULL && o->graphs == 0 && strcmp(graphs, "on") != 0)
    (void)printf("graphs    %s\n", graphs);
  if (*tool_device_routes(run->handles) != '\0')
    (void)printf("factors   %s\n", tool_device_routes(run->handles));
  if (o->checkpoint != NULL) (void)printf("checkpoint in %s\n", o->checkpoint);
  if (o->export_file != NULL) (void)printf("weights in %s\n", o->export_file);
  (void)fflush(stdout);
}

static void print_goal(const train_options *o) {
  const int by_steps = o->steps > 0;
  (void)fprintf(stderr, " --%s %" PRIu64, by_steps ? "steps" : "epochs",
                by_steps ? o->steps : o->epochs);
  if (o->every > 0) (void)fprintf(stderr, " --every %" PRIu64, o->every);
}

/* A name as a shell takes it. */
static void print_option(const char *option, const char *name) {
  static const char plain[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+=,:@%";
  const int quoted = name[strspn(name, plain)] != '\0' || *name == '\0';
  (void)fprintf(stderr, " --%s %s", option, quoted ? "'" : "");
  for (; *name != '\0'; name++)
    if (*name == '\'')
      (void)fputs("'\\''", stderr);
    else
      (void)fputc(*name, stderr);
  if (quoted) (void)fputc('\'', stderr);
}

static void print_files(const train_options *o) {
  const char *const files[][2] = {{"log", o->log},
                                  {"log-steps", o->log_steps},
                                  {"trace", o->trace},
                                  {"digest-log", o->digest_log},
                                  {"export", o->export_file},
                                  {"approximation-log", o->approximation_log}};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
    if (files[i][1] != NULL) print_option(files[i][0], files[i][1]);
  if (o->export_average) (void)fputs(" --export-average", stderr);
}

/* Numbers that are not what they are unless told otherwise. */
static void print_numbers(const train_options *o, const train_options *usual) {
  const struct {
    const char *name;
    int64_t value, usual;
  } numbers[] = {{"eval-every", (int64_t)o->eval_every, (int64_t)usual->eval_every},
                 {"layer", o->layer, usual->layer},
                 {"approximation-every", o->approximation_every, usual->approximation_every},
                 {"approximation-refresh", o->approximation_refresh, usual->approximation_refresh},
                 {"approximation-order", o->approximation_order, usual->approximation_order}};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    if (numbers[i].value != numbers[i].usual)
      (void)fprintf(stderr, " --%s %" PRId64, numbers[i].name, numbers[i].value);
  for (uint32_t i = 0; i < o->trace_count; i++)
    (void)fprintf(stderr, "%s%" PRIu64, i == 0 ? " --trace-at " : ",", o->trace_at[i]);
}

static void print_choice(const char *option, const char *choices, int index) {
  size_t length = 0;
  const char *word = option_choice_text(choices, index, &length);
  if (index != 0) (void)fprintf(stderr, " --%s %.*s", option, (int)length, word);
}

static void print_machine(const train_options *o, const train_options *usual) {
  if (o->port != train_default_port()) print_option("port", o->port->name);
  if (o->threads != usual->threads) (void)fprintf(stderr, " --threads %u", o->threads);
  print_choice("precision", TOOL_DEVICE_PRECISIONS, o->precision);
  print_choice("graphs", TOOL_DEVICE_GRAPHS, o->graphs);
}

/* What the checkpoint does not bring along. */
static void print_how_to_go_on(const train_options *o) {
  train_options usual;
  train_options_default(&usual);
  (void)fputs("go on with", stderr);
  print_option("resume", o->checkpoint);
  print_option("checkpoint", o->checkpoint);
  print_goal(o);
  print_machine(o, &usual);
  print_files(o);
  print_numbers(o, &usual);
  (void)fputc('\n', stderr);
}

void print_interrupted(const train_run *run) {
  const train_options *o = &run->options;
  print_progress_clear(run);
  (void)fprintf(stderr, "kfix-train: interrupted after step %" PRIu64 "; ", run->state.step);
  if (o->checkpoint != NULL)
    print_how_to_go_on(o);
  else
    (void)fputs("nothing was saved: --checkpoint FILE would\n", stderr);
}

void print_nothing_to_do(const train_run *run) {
  const train_options *o = &run->options;
  const char *what = o->steps > 0 ? "step" : "epoch";
  (void)fprintf(stderr,
                "kfix-train: already at %s %" PRIu64 " of %" PRIu64
                ": nothing to do; a larger --%ss N goes on\n",
                what, o->steps > 0 ? run->state.step : run->state.epoch,
                o->steps > 0 ? o->steps : o->epochs, what);
}
