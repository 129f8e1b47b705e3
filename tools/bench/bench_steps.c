/* SPDX-License-Identifier: Apache-2.0
 * The round of methods. */
#include "bench_steps.h"

#include <string.h>

#include "bench_print.h"
#include "cli/progress_line.h"
#include "port/posix/clock.h"

/* The first three steps refresh the curvature each. On a device, graphs settle when the weight of the
 * past has, and each piece comes with both copies of the state. */
static int warm_up_steps(const bench_options *o) {
  return o->step_port->is_host ? 4 : 44;
}

/* One step of SGD, and one look at the peak, for so many of the method. */
#define STEPS_PER_SGD  4
#define STEPS_PER_PEAK 10

typedef struct method_run {
  bench_trainer own, sgd;
  bench_series own_series, sgd_series;
  bench_step step;
  bench_method_times times;
} method_run;

static int warm_up(method_run *r, bench_trainer *t, tool_error *err) {
  for (int i = 0; i < warm_up_steps(t->options); i++)
    if (bench_trainer_step(t, &r->step, err) != 0) return -1;
  return 0;
}

static void note(method_run *r) {
  r->own_series.seconds[r->own_series.count++] = r->step.seconds;
  r->times.retries += r->step.retries;
  r->times.arena_bytes = r->step.arena_bytes;
  r->times.period = r->step.period;
  memcpy(r->times.device, r->step.device, sizeof r->times.device);
  for (int i = 0; i < BENCH_KIND_COUNT; i++) {
    bench_count *sum = &r->times.counts[i];
    sum->calls += r->step.counts[i].calls;
    sum->seconds += r->step.counts[i].seconds;
    sum->flops += r->step.counts[i].flops;
    sum->bytes += r->step.counts[i].bytes;
  }
}

static int sgd_step(method_run *r, tool_error *err) {
  if (bench_trainer_step(&r->sgd, &r->step, err) != 0) return -1;
  r->sgd_series.seconds[r->sgd_series.count++] = r->step.seconds;
  return 0;
}

/* Processes that share a device wait for one another: there SGD goes first, undisturbed. */
static int sgd_first(method_run *r, const bench_options *o, bench_peak *peak, tool_error *err) {
  if (bench_peak_update(peak, err) != 0 || warm_up(r, &r->sgd, err) != 0) return -1;
  for (int i = 0; i < o->steps; i += STEPS_PER_SGD)
    if (sgd_step(r, err) != 0) return -1;
  return 0;
}

static int take_steps(method_run *r, const bench_options *o, bench_peak *peak, tool_error *err) {
  const double began = kfix_posix_seconds();
  const int in_turn = o->step_port->is_host;
  for (int i = 0; i < o->steps; i++) {
    if (in_turn && i % STEPS_PER_SGD == 0 && sgd_step(r, err) != 0) return -1;
    if (in_turn && i % STEPS_PER_PEAK == 0 && bench_peak_update(peak, err) != 0) return -1;
    if (bench_trainer_step(&r->own, &r->step, err) != 0) return -1;
    note(r);
    if (i % STEPS_PER_SGD == 0)
      progress_line_show("%s: step %d of %d", r->times.name, i + 1, o->steps);
    if (kfix_posix_seconds() - began > o->seconds) break;
  }
  return 0;
}

/* The steps of SGD are summarised with as many in each phase as the method had, so that neither
 * side is favoured by the choice of the shortest. */
static void summarise(method_run *r) {
  bench_method_times *t = &r->times;
  const size_t visits = r->own_series.count / t->period, each = visits > 0 ? visits : 1;
  const size_t sgd_phases = r->sgd_series.count / each;
  t->steps = r->own_series.count;
  t->own = bench_summarise(&r->own_series, t->period);
  t->sgd = bench_summarise(&r->sgd_series, sgd_phases > 0 ? sgd_phases : 1);
}

static int run_method(const bench_options *o, kfix_method method, bench_peak *peak,
                      tool_error *err) {
  static method_run r;
  memset(&r, 0, sizeof r);
  r.own = (bench_trainer){.options = o, .method = method};
  r.sgd = (bench_trainer){.options = o, .method = KFIX_METHOD_sgd};
  r.times.name = kfix_method_of(method)->name;
  int result = bench_trainer_start(&r.own, err);
  if (result == 0) result = bench_trainer_start(&r.sgd, err);
  if (result == 0)
    result = o->step_port->is_host ? warm_up(&r, &r.sgd, err) : sgd_first(&r, o, peak, err);
  if (result == 0) result = warm_up(&r, &r.own, err);
  if (result == 0) result = take_steps(&r, o, peak, err);
  bench_worker_stop(&r.sgd.worker, NULL);
  bench_worker_stop(&r.own.worker, &r.times.resident_bytes);
  if (result != 0) return -1;
  summarise(&r);
  bench_print_method(o, &r.times, peak->flops);
  return 0;
}

/* By this net: where it takes pairs of windows alone, it gets them (bench_trainer.c). */
static int is_taken(kfix_method method) {
  const kfix_status status = kfix_net_suits(bench_net(), method, NULL);
  return status == KFIX_OK || status == KFIX_NEEDS_PAIRS;
}

int bench_steps_run(const bench_options *o, bench_peak *peak, tool_error *err) {
  bench_print_steps_head(o);
  if (o->method != KFIX_METHOD_COUNT) return run_method(o, o->method, peak, err);
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    if (is_taken((kfix_method)m) && run_method(o, (kfix_method)m, peak, err) != 0) return -1;
  return 0;
}
