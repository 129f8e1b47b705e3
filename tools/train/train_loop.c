/* SPDX-License-Identifier: Apache-2.0
 * The loop of a run: steps, evaluations, logs. */
#include "train_loop.h"

#include <math.h>
#include <string.h>

#include "digest_log.h"
#include "port/posix/clock.h"
#include "train_advice.h"
#include "train_patience.h"
#include "train_print.h"
#include "train_progress.h"
#include "train_save.h"
#include "train_signals.h"
#include "train_weights.h"

/* What there is to know before an evaluation. */
static run_end end_of(const train_run *run) {
  const train_options *o = &run->options;
  const train_state *s = &run->state;
  if (o->steps > 0 ? s->step >= o->steps : s->epoch >= o->epochs) return RUN_AT_GOAL;
  const double spent = kfix_posix_seconds() - run->opened_at;
  return o->time_limit > 0 && spent >= o->time_limit ? RUN_OUT_OF_TIME : RUN_GOES_ON;
}

/* ---- evaluation ---- */

static int evaluate(const train_run *run, int averaged, data_scores *scores, tool_error *err) {
  const data_source all = {&run->data, &run->weights, run->options.smoothing};
  return data_evaluate(run->k, &all, averaged, scores, err);
}

static int log_scores(train_run *run, const data_scores *scores, tool_error *err) {
  const train_state *s = &run->state;
  const kfix_report *r = &run->report;
  const int stepped = r->step > 0;
  step_table_start(&run->log, s->step);
  step_table_real(&run->log, (double)s->epoch + (double)s->position / run->batches.rows);
  step_table_real(&run->log, s->seconds);
  step_table_count(&run->log, s->examples);
  const double values[] = {
      scores->train.objective,  scores->train.error,       scores->valid.objective,
      scores->valid.error,      stepped ? r->lambda : NAN, stepped ? r->gamma : NAN,
      stepped ? r->alpha : NAN, stepped ? r->mu : NAN,     s->rho};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    step_table_real(&run->log, values[i]);
  step_table_word(&run->log, iterate_name(scores->which));
  return step_table_end(&run->log, err);
}

static void keep_scores(train_run *run, const data_scores *scores) {
  if (run->evaluations == 0) {
    run->first = *scores;
    run->first_evaluated = run->state.step;
  }
  if (run->evaluations == 0 || scores->train.objective < run->least) {
    run->least = scores->train.objective;
    run->least_epoch = run->state.epoch;
  }
  run->last = *scores;
  run->evaluations++;
}

/* Once at the start, at the end of each epoch and of the run. */
static int milestone(train_run *run, tool_error *err) {
  train_state *s = &run->state;
  const uint64_t every = run->options.eval_every;
  data_scores scores;
  const int ends = run->end != RUN_GOES_ON;
  if (s->evaluated == s->step || (s->position > 0 && !ends)) return 0;
  const uint64_t before = s->evaluated;
  s->evaluated = s->step;
  if (run->options.quiet && run->log.stream == NULL && !patience_watches(&run->options)) return 0;
  if (every == 0 || (s->epoch % every != 0 && !ends)) {
    print_epoch(run, NULL);
    return 0;
  }
  if (evaluate(run, run->options.settings.averaging > 0, &scores, err) != 0) return -1;
  run->evaluated = s->step;
  run->evaluated_iterate = scores.which;
  print_epoch(run, &scores);
  keep_scores(run, &scores);
  if (patience_note(run, &scores, err) == 0 && log_scores(run, &scores, err) == 0) return 0;
  s->evaluated = before; /* a run that goes on from here writes this row */
  return -1;
}

int run_iterate(train_run *run, kfix_iterate *which, tool_error *err) {
  const train_options *o = &run->options;
  data_scores scores;
  *which = o->export_average ? KFIX_ITERATE_AVERAGE : KFIX_ITERATE;
  if (o->export_average || o->export_iterate || o->settings.averaging <= 0) return 0;
  *which = run->evaluated_iterate;
  if (run->evaluated == run->state.step) return 0;
  if (evaluate(run, 1, &scores, err) != 0) return -1;
  *which = scores.which;
  return 0;
}

/* ---- a step ---- */

/* Entries of the inverse that the floor raised, over all layers; NAN where the method has no floor
 * or nobody logs it: to read it is to wait for the device. */
static double all_floored(const train_run *run) {
  double total = 0, count;
  if (run->log_steps.stream == NULL) return NAN;
  for (uint32_t i = 1; i <= run->net->block_count; i++) {
    if (kfix_number(run->k, "floored", i, &count) != KFIX_OK) return NAN;
    total += count;
  }
  return total;
}

static int log_step(train_run *run, tool_error *err) {
  const train_state *s = &run->state;
  const kfix_report *r = &run->report;
  step_table_start(&run->log_steps, s->step);
  step_table_real(&run->log_steps, (double)s->epoch + (double)s->position / run->batches.rows);
  step_table_real(&run->log_steps, s->seconds);
  step_table_count(&run->log_steps, r->rows);
  const double values[] = {r->objective, r->loss,    r->error, r->lambda, r->gamma,        r->alpha,
                           r->mu,        r->m_delta, r->rho,   r->nu,     r->learning_rate};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
    step_table_real(&run->log_steps, values[i]);
  step_table_count(&run->log_steps, r->retries);
  step_table_real(&run->log_steps, all_floored(run));
  step_table_real(&run->log_steps, r->made.e_change);
  step_table_count(&run->log_steps, r->made.coarse_rank);
  step_table_count(&run->log_steps, r->made.iterations);
  if (step_table_end(&run->log_steps, err) != 0) return -1;
  const uint32_t depth = kfix_method_of(run->options.method)->direction ? run->net->block_count : 0;
  return digest_log_write(&run->digest_log, run->k, s->step, depth, err);
}

static void count_step(train_run *run, double seconds) {
  train_state *s = &run->state;
  s->step++;
  s->examples += run->batches.count;
  s->seconds += seconds;
  if (s->step == 1) s->first_objective = run->report.objective;
  if (!isnan(run->report.rho)) s->rho = run->report.rho;
  batches_advance(&run->batches, s->step + 1);
  s->epoch = run->batches.epoch;
  s->position = run->batches.position;
}

/* What this epoch shows of the batch that was chosen. */
static data_rows rows_of_batch(const train_run *run) {
  const train_options *o = &run->options;
  const int augments = o->augment.pad > 0 || o->augment.flips;
  return (data_rows){.data = &run->data,
                     .order = run->batches.order,
                     .smoothing = o->smoothing,
                     .augment = augments ? &o->augment : NULL,
                     .seed = o->settings.seed,
                     .epoch = (uint32_t)run->batches.epoch};
}

static int one_step(train_run *run, tool_error *err) {
  const uint64_t step = run->state.step + 1;
  batches_next(&run->batches, step);
  data_rows source = rows_of_batch(run);
  const size_t rows = run->batches.count;
  const kfix_batch batch = {rows, data_fetch, &source,
                            class_weights_of_batch(&run->weights, run->batches.order, rows)};
  if (approximation_log_before(&run->approximations, run->k, step, &batch, err) != 0) return -1;
  const double began = kfix_posix_seconds();
  if (trace_before(&run->trace, run->k, step, batch.rows, err) != 0) return -1;
  if (reference_log_before(&run->reference, &run->trace, run->k, step, err) != 0) return -1;
  if (kfix_step(run->k, &batch, &run->report) != KFIX_OK) return advise_failure(run, err);
  count_step(run, kfix_posix_seconds() - began);
  print_found(run);
  if (reference_log_after(&run->reference, &run->trace, run->k, &batch, err) != 0) return -1;
  if (trace_after(&run->trace, run->k, step, &batch, err) != 0) return -1;
  if (approximation_log_after(&run->approximations, run->k, step, err) != 0) return -1;
  if (run_diverged(run, run->report.objective))
    return advise_diverged(run, run->report.objective, err);
  progress_show(run);
  return log_step(run, err);
}

/* ---- the loop ---- */

static int save_if_due(train_run *run, tool_error *err) {
  const uint64_t every = run->options.every, step = run->state.step;
  return every > 0 && step > 0 && step % every == 0 ? run_save(run, err) : 0;
}

static int run_steps(train_run *run, tool_error *err) {
  for (;;) {
    run->end = end_of(run);
    const int caught = run->end != RUN_GOES_ON ? 0 : signals_caught();
    if (caught != 0) return run_save(run, err) == 0 ? caught : -1;
    if (milestone(run, err) != 0) return -1;
    if (run->end == RUN_GOES_ON && patience_is_over(run)) run->end = RUN_OUT_OF_PATIENCE;
    if (run->end != RUN_GOES_ON) return run_save(run, err);
    if (save_if_due(run, err) != 0 || one_step(run, err) != 0) return -1;
  }
}

int run_train(train_run *run, tool_error *err) {
  run->started_at = kfix_posix_seconds();
  run->started_step = run->state.step;
  run->started_examples = run->state.examples;
  if (end_of(run) == RUN_AT_GOAL || patience_is_over(run)) print_nothing_to_do(run);
  const int outcome = run_steps(run, err);
  if (outcome < 0) run_rescue(run, err);
  return outcome;
}
