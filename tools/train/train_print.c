/* SPDX-License-Identifier: Apache-2.0
 * What a person sees. */
#include "train_print.h"

#include <inttypes.h>
#include <string.h>

#include "cli/progress_line.h"
#include "ports/tool_device.h"
#include "train_arena.h"
#include "train_images.h"
#include "train_split.h"
#include "train_weights.h"

static int uses_curvature(const train_run *run) {
  return kfix_method_of(run->options.method)->direction != NULL;
}

/* Of those who read it: the adaptive driver finds its own. */
static void print_rate(const train_options *o) {
  const kfix_options *s = &o->settings;
  if (kfix_method_of(o->method)->direction != NULL && s->driver == KFIX_ADAPTIVE) return;
  (void)printf("rate      %.6g", s->learning_rate);
  if (s->lr_schedule == KFIX_RATE_STEP)
    (void)printf(", times %.6g every %u steps", s->lr_factor, (unsigned)s->lr_every);
  if (s->lr_schedule == KFIX_RATE_COSINE)
    (void)printf(", by a cosine to %.6g at step %u", s->lr_floor * s->learning_rate,
                 (unsigned)s->lr_steps);
  if (s->lr_warmup > 0) (void)printf(", after a warm-up of %u steps", (unsigned)s->lr_warmup);
  (void)printf("\n");
}

/* What the fixed driver damps and clips by. Where they are the defaults nobody has looked at these data. */
static void print_damping(const train_options *o) {
  const kfix_options *s = &o->settings, usual = kfix_options_default(train_net());
  if (kfix_method_of(o->method)->direction == NULL || s->driver == KFIX_ADAPTIVE) return;
  const int guessed = s->damping == usual.damping && s->kl_clip == usual.kl_clip &&
                      s->learning_rate == kfix_method_of(o->method)->learning_rate;
  (void)printf(
      "damping   %.6g, KL clip %.6g%s\n", s->damping, s->kl_clip,
      guessed ? "; with the rate, guesses that suit most data (--driver adaptive finds its own)"
              : "");
}

void print_found(const train_run *run) {
  const kfix_report *r = &run->report;
  if (run->options.quiet || r->trials == 0) return;
  progress_line_clear();
  (void)printf("lambda    %.6g, found by %u trial steps on the first batch\n", r->lambda,
               (unsigned)r->trials);
}

static void print_batch(const train_run *run) {
  const batch_sizes *sizes = &run->batches.sizes;
  if (sizes->steps > 0)
    (void)printf("batch     %" PRIu64 " growing to %u at step %" PRIu64 "\n", sizes->first,
                 (unsigned)run->batches.rows, sizes->steps);
  else
    (void)printf("batch     %u\n", (unsigned)batches_size(&run->batches, 1));
}

/* What normalisations go by. */
static void print_norms(const train_run *run) {
  if (!kfix_net_has_norms(run->net)) return;
  (void)printf(
      "norms     by moments of %u rows at a time; evaluations by running ones, which keep %.6g\n",
      (unsigned)run->net->group, run->options.settings.norm_decay);
}

/* What an epoch's line says. */
static void print_columns(const train_run *run) {
  const int has_classes = run->net->loss == KFIX_CATEGORICAL;
  (void)printf(
      "columns   objective: mean loss and weight decay; error: %s; of all training\n"
      "          rows, then of those that validate; s: seconds of training; digest: of the state\n",
      has_classes ? "part of the rows whose class is wrong" : "mean squared distance");
}

/* Which word became which class. */
static void print_classes(const word_list *classes) {
  if (classes->count == 0) return;
  (void)printf("classes  ");
  for (size_t i = 0; i < classes->count; i++)
    (void)printf(" %zu %s%s", i, classes->word[i], i + 1 < classes->count ? "," : "\n");
}

/* At most so many of the weights. */
static void print_weighing(const train_run *run) {
  const class_weights *w = &run->weights;
  const uint32_t shown = w->classes < 12 ? w->classes : 12;
  for (uint32_t i = 0; w->of_class != NULL && i < shown; i++)
    (void)printf("%s%.4g", i == 0 ? "weights   " : ", ", w->of_class[i]);
  if (w->of_class != NULL) (void)printf("%s by class\n", shown < w->classes ? ", ..." : "");
  if (run->options.smoothing > 0)
    (void)printf("labels    smoothed by %.6g\n", run->options.smoothing);
}

void print_start(const train_run *run) {
  const train_options *o = &run->options;
  if (o->quiet) return;
  char line[320];
  (void)printf("config    %s, %s\n", run->net->name, KFIX_REAL_NAME);
  (void)printf("method    %s%s%s\n", kfix_method_of(o->method)->name,
               uses_curvature(run) ? ", driver " : "",
               uses_curvature(run) ? kfix_choice_name(KFIX_OPTION_driver, o->settings.driver) : "");
  print_rate(o);
  print_damping(o);
  (void)printf("port      %s, %u thread%s\n", o->port->name, o->threads,
               o->threads == 1 ? "" : "s");
  if (run->handles != NULL)
    (void)printf("device    %s\ngraphs    %s\n", tool_device_text(run->handles),
                 tool_device_graphs(run->handles));
  (void)printf("arena     %zu bytes used of %zu reserved\n",
               kfix_bytes(run->net, o->method, o->port), train_reserved());
  (void)printf("data      %s\n", run->data.text);
  split_text(&run->data, line, sizeof line);
  (void)printf("split     %s\n", line);
  images_print(o, &run->data);
  print_classes(&run->data.facts.classes);
  print_batch(run);
  print_weighing(run);
  print_norms(run);
  (void)printf("seed      %" PRIu64 "\n", o->settings.seed);
  if (o->resume != NULL)
    (void)printf("resumed   %s, after step %" PRIu64 "\n", o->resume, run->state.step);
  print_columns(run);
  (void)fflush(stdout);
}

void print_epoch(const train_run *run, const data_scores *scores) {
  if (run->options.quiet) return;
  const train_state *s = &run->state;
  progress_line_clear();
  (void)printf("epoch %" PRIu64 "%s  step %" PRIu64, s->epoch, s->position > 0 ? "+" : "", s->step);
  if (scores != NULL) {
    (void)printf("  objective %.6g  error %.6g", scores->train.objective, scores->train.error);
    if (run->data.valid_rows > 0)
      (void)printf("  validation %.6g  error %.6g", scores->valid.objective, scores->valid.error);
  } else if (run->report.step > 0) {
    (void)printf("  batch objective %.6g  error %.6g", run->report.objective, run->report.error);
  }
  if (scores != NULL) (void)printf("  iterate %s", iterate_name(scores->which));
  (void)printf("  %.1f s  digest %016" PRIx64 "\n", s->seconds, kfix_digest(run->k));
  (void)fflush(stdout);
}

void print_nothing_to_do(const train_run *run) {
  const train_options *o = &run->options;
  const train_state *s = &run->state;
  const char *what = o->steps > 0 ? "step" : "epoch";
  const uint64_t now = o->steps > 0 ? s->step : s->epoch,
                 goal = o->steps > 0 ? o->steps : o->epochs;
  if (now >= goal)
    (void)fprintf(stderr,
                  "kfix-train: already at %s %" PRIu64 " of %" PRIu64
                  ": nothing to do; a larger --%ss N goes on\n",
                  what, now, goal, what);
  else
    (void)fprintf(stderr,
                  "kfix-train: already at epoch %" PRIu64 ", the best was epoch %" PRIu64
                  ": nothing to do; a larger --patience than %" PRIu64 " goes on\n",
                  s->epoch, s->best_epoch, o->patience);
}
