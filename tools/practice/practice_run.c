/* SPDX-License-Identifier: Apache-2.0
 * Trains and measures. */
#include "practice_run.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "data/batches.h"

typedef struct run {
  const practice_problem *problem;
  kfix *k;
  void *arena;
  batches batches;
} run;

static double processor_seconds(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static kfix_status step(run *r, uint64_t number) {
  batches_next(&r->batches, number);
  dataset_rows source = {&r->problem->data, r->batches.order, 0};
  const kfix_batch batch = {r->batches.count, dataset_fetch_rows, &source, NULL};
  const kfix_status status = kfix_step(r->k, &batch, NULL);
  batches_advance(&r->batches, number + 1);
  return status;
}

static double objective(run *r, kfix_iterate which, size_t first, size_t rows) {
  dataset_rows source = {&r->problem->data, NULL, first};
  const kfix_batch batch = {rows, dataset_fetch_rows, &source, NULL};
  kfix_score score;
  return rows > 0 && kfix_evaluate(r->k, which, &batch, &score) == KFIX_OK ? score.objective : NAN;
}

static void measure(run *r, practice_result *out) {
  const dataset *d = &r->problem->data;
  const double last = objective(r, KFIX_ITERATE, 0, d->train_rows);
  const double mean = objective(r, KFIX_ITERATE_AVERAGE, 0, d->train_rows);
  const int averaged = mean < last || isnan(last);
  out->objective = averaged ? mean : last;
  out->validation =
      objective(r, averaged ? KFIX_ITERATE_AVERAGE : KFIX_ITERATE, d->train_rows, d->valid_rows);
}

static void take_steps(run *r, const practice_settings *s, practice_result *out) {
  const int watched = !isnan(s->target);
  kfix_status status = KFIX_OK;
  while (out->steps < s->steps && status == KFIX_OK) {
    const double began = processor_seconds();
    status = step(r, (uint64_t)out->steps + 1);
    out->seconds += processor_seconds() - began;
    out->steps += status == KFIX_OK;
    if (watched) measure(r, out);
    if (watched && out->objective <= s->target) return;
  }
  measure(r, out);
}

static int begin(run *r, const practice_settings *s, tool_error *err) {
  const kfix_net *net = &r->problem->net;
  const size_t bytes = kfix_bytes(net, s->method, s->port);
  const batch_sizes sizes = {r->problem->task->batch, 0};
  const uint32_t rows = (uint32_t)r->problem->data.train_rows;
  if (batches_begin(&r->batches, &sizes, s->options.seed, rows, 0, 0, err) != 0) return -1;
  r->arena = aligned_alloc(KFIX_ALIGN, bytes);
  if (r->arena == NULL) return tool_fail(err, "no memory for a run");
  const kfix_setup setup = {.net = net,
                            .method = s->method,
                            .options = &s->options,
                            .port = s->port,
                            .arena = r->arena,
                            .bytes = bytes};
  const kfix_status status = kfix_create(&r->k, &setup, NULL);
  if (status == KFIX_OK) return 0;
  return tool_fail(err, "%s, %s: %s", net->name, kfix_method_of(s->method)->name,
                   kfix_status_text(status));
}

int practice_train(const practice_problem *p, const practice_settings *s, practice_result *out,
                   tool_error *err) {
  run r = {.problem = p};
  *out = (practice_result){.objective = NAN, .validation = NAN};
  const int result = begin(&r, s, err);
  if (result == 0) take_steps(&r, s, out);
  free(r.arena);
  batches_end(&r.batches);
  return result;
}
