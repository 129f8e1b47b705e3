/* SPDX-License-Identifier: Apache-2.0
 * Runs that learned nothing. */
#include "train_remedy.h"

#include <inttypes.h>
#include <math.h>

#include "data/constant_loss.h"
#include "setting_table.h"
#include "train_effect.h"

#define FEW_STEPS 50
#define CLEARLY   0.99 /* a clear fall ends below this part */
#define HARDLY    0.01 /* a change by less is hardly one */
#define ROSE      1.05 /* a training objective that is above its least by this part has risen */

/* Over the training rows at the start, where this process evaluated it, else of the first batch; and at
 * the end. An objective is a loss and weight decay, which is next to nothing at the start. */
typedef struct outcome {
  double first_objective, first_loss, objective, loss, constant;
} outcome;

typedef enum finding {
  LEARNED,
  NO_BETTER_THAN_CONSTANT,
  NO_BETTER_THAN_START,
  GREW,
  ROSE_AGAIN
} finding;

/* Where examples are weighed, or labels smoothed, the constant of the data as they are is no measure. */
static double constant_of(const train_run *run) {
  const train_options *o = &run->options;
  const int as_they_are = o->class_weights == NULL && o->smoothing == 0;
  return as_they_are ? constant_loss(&run->data, run->net->loss) : 0;
}

static outcome outcome_of(const train_run *run) {
  const int knows_start = run->evaluations > 1 && run->first_evaluated == 0;
  const double batch = run->state.first_objective;
  const kfix_score *first = &run->first.train, *last = &run->last.train;
  return (outcome){knows_start ? first->objective : batch, knows_start ? first->loss : batch,
                   last->objective, last->loss, constant_of(run)};
}

static finding judge(const train_run *run, const outcome *o) {
  if (o->constant > 0 && o->loss >= CLEARLY * o->constant) return NO_BETTER_THAN_CONSTANT;
  if (o->loss >= CLEARLY * o->first_loss) return NO_BETTER_THAN_START;
  if (o->objective >= CLEARLY * o->first_objective) return GREW;
  return o->objective > ROSE * run->least ? ROSE_AGAIN : LEARNED;
}

/* More steps, by what set their number. */
static void print_more_steps(const train_run *run) {
  const train_options *o = &run->options;
  const uint32_t batch = batches_size(&run->batches, 1);
  const int can_shrink = o->sizes.steps == 0 && batch > 1;
  const char *goal = o->steps > 0 ? "more --steps" : "more --epochs";
  if (run->end == RUN_OUT_OF_TIME) goal = "a longer --time-limit";
  if (run->end == RUN_OUT_OF_PATIENCE) goal = "a larger --patience";
  const int anew = effect_rate_is_over(o, run->state.step);
  (void)printf("%s%s", anew ? "begin again with " : "", goal);
  if (can_shrink && o->steps == 0)
    (void)printf(", or %sa smaller --batch (it is %u)", anew ? "" : "begin again with ",
                 (unsigned)batch);
  (void)putchar('\n');
}

/* Whether steps were too long: the objective rose, or fell to where every row gets the mean of the
 * targets. 0: too short, or it has only begun to fall. */
static int steps_were_long(const outcome *o) {
  const int at_constant = o->constant > 0 && o->loss < (1 + 2 * HARDLY) * o->constant;
  return o->objective > (1 + HARDLY) * o->first_objective || at_constant;
}

static void print_rate(const train_run *run, const outcome *o, finding found) {
  const kfix_options *s = &run->options.settings;
  const int stayed = fabs(o->objective / o->first_objective - 1) <= HARDLY;
  const int lower = found == ROSE_AGAIN || (!stayed && steps_were_long(o));
  char rate[SETTING_TEXT_BYTES];
  if (s->lr_warmup >= run->state.step) {
    (void)printf("begin again with a shorter --lr-warmup (it is %u)\n", (unsigned)s->lr_warmup);
    return;
  }
  setting_text(s, KFIX_OPTION_learning_rate, rate, sizeof rate);
  (void)printf("begin again with a %s --lr (it is %s)", lower ? "lower" : "larger", rate);
  if (found == ROSE_AGAIN && s->lr_schedule == KFIX_RATE_CONSTANT)
    (void)printf(", with --lr-schedule cosine, or a larger --batch");
  else if (lower && s->weight_decay > 1e-3)
    (void)printf(", or a smaller --weight-decay (it is %.6g)", s->weight_decay);
  else if (!lower && !stayed)
    (void)printf(", or go on for longer");
  (void)putchar('\n');
}

/* The setting that the steps' size hangs on: which way to turn it depends on what came of it. */
static void print_other_setting(const train_run *run, const outcome *o, finding found) {
  const double change = o->objective / o->first_objective - 1;
  const int rose = change > HARDLY || found == ROSE_AGAIN, stayed = fabs(change) <= HARDLY;
  if (effect_acts(&run->options, KFIX_OPTION_learning_rate))
    print_rate(run, o, found);
  else /* the adaptive driver */
    (void)printf("%sbegin again with a %s --lambda (it is %.3g now)\n",
                 rose || stayed ? "" : "go on for longer, or ", rose ? "larger" : "smaller",
                 run->report.lambda);
}

static void print_finding(const train_run *run, const outcome *o, finding found) {
  if (found == NO_BETTER_THAN_CONSTANT)
    (void)printf(
        "note      nothing was learned: training loss %.6g, where to answer every row with the\n"
        "          mean of the targets has %.6g\n",
        o->loss, o->constant);
  else if (found == NO_BETTER_THAN_START)
    (void)printf("note      nothing was learned: training loss %.6g, at the start it was %.6g\n",
                 o->loss, o->first_loss);
  else if (found == GREW)
    (void)printf(
        "note      the training objective is %.6g, at the start it was %.6g: the weights grew, "
        "and\n"
        "          their decay is part of it\n",
        o->objective, o->first_objective);
  else if (found == ROSE_AGAIN)
    (void)printf("note      the training objective is %.6g, after epoch %" PRIu64 " it was %.6g\n",
                 o->objective, run->least_epoch, run->least);
}

void print_remedies(const train_run *run) {
  const uint64_t steps = run->state.step;
  outcome seen = {0};
  finding found = LEARNED;
  if (run->report.step == 0) return; /* this process took none */
  if (run->evaluations > 0) {
    seen = outcome_of(run);
    found = judge(run, &seen);
  }
  print_finding(run, &seen, found);
  if (steps < FEW_STEPS)
    (void)printf("note      only %" PRIu64 " step%s in all\n", steps, steps == 1 ? "" : "s");
  if (found == LEARNED && steps >= FEW_STEPS) return;
  (void)fputs("try       ", stdout);
  if (steps < FEW_STEPS && !(found != LEARNED && steps_were_long(&seen)))
    print_more_steps(run);
  else
    print_other_setting(run, &seen, found);
}
