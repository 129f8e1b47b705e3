/* SPDX-License-Identifier: Apache-2.0
 * Trains and measures. */
#include "practice_run.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

typedef struct run {
  const practice_problem *problem;
  kfix *k;
  void *arena;
  uint32_t *order; /* of the present epoch */
  size_t batch, position;
  uint64_t epoch, seed;
} run;

typedef struct rows_of {
  const dataset *data;
  const uint32_t *order;
  size_t first;
} rows_of;

static double processor_seconds(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int fetch(void *source, size_t first, size_t rows, kfix_real *x, size_t ldx, kfix_real *y,
                 size_t ldy) {
  const rows_of *r = source;
  dataset_fetch(r->data, r->order, r->first + first, rows, x, ldx, y, ldy);
  return 0;
}

static void shuffle(run *r) {
  const kfix_draw_key key = {r->seed, KFIX_DRAW_ORDER, (uint32_t)r->epoch++, 0};
  kfix_permutation(&key, (uint32_t)r->problem->data.train_rows, r->order);
  r->position = 0;
}

static kfix_status step(run *r) {
  const size_t left = r->problem->data.train_rows - r->position;
  rows_of source = {&r->problem->data, r->order + r->position, 0};
  const kfix_batch batch = {left < r->batch ? left : r->batch, fetch, &source, NULL};
  const kfix_status status = kfix_step(r->k, &batch, NULL);
  r->position += batch.rows;
  if (r->position == r->problem->data.train_rows) shuffle(r);
  return status;
}

static double objective(run *r, kfix_iterate which, size_t first, size_t rows) {
  rows_of source = {&r->problem->data, NULL, first};
  const kfix_batch batch = {rows, fetch, &source, NULL};
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
    status = step(r);
    out->seconds += processor_seconds() - began;
    out->steps += status == KFIX_OK;
    if (watched) measure(r, out);
    if (watched && out->objective <= s->target) return;
  }
  measure(r, out);
}

static int begin(run *r, const practice_settings *s, tool_error *err) {
  const dataset *d = &r->problem->data;
  const kfix_net *net = &r->problem->net;
  const size_t bytes = kfix_bytes(net, s->method, s->port);
  r->batch = r->problem->task->batch ? r->problem->task->batch : d->train_rows;
  r->order = malloc(d->train_rows * sizeof *r->order);
  r->arena = aligned_alloc(KFIX_ALIGN, bytes);
  if (r->order == NULL || r->arena == NULL) return tool_fail(err, "no memory for a run");
  shuffle(r);
  const kfix_status status =
      kfix_create(&r->k, net, s->method, &s->options, s->port, NULL, NULL, r->arena, bytes, NULL);
  if (status == KFIX_OK) return 0;
  return tool_fail(err, "%s, %s: %s", net->name, kfix_methods[s->method].name,
                   kfix_status_text(status));
}

int practice_train(const practice_problem *p, const practice_settings *s, practice_result *out,
                   tool_error *err) {
  run r = {.problem = p, .seed = s->options.seed};
  *out = (practice_result){.objective = NAN, .validation = NAN};
  const int result = begin(&r, s, err);
  if (result == 0) take_steps(&r, s, out);
  free(r.arena);
  free(r.order);
  return result;
}
