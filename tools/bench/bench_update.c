/* SPDX-License-Identifier: Apache-2.0
 * Layer by layer, the methods in turn: each absorbs the layer's examples as in a step. */
#include "bench_update.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench_clock.h"
#include "bench_counter.h"
#include "bench_data.h"
#include "bench_power.h"
#include "bench_print.h"
#include "cli/progress_line.h"
#include "fisher_lab/block_lab.h"
#include "port/posix/crew.h"

/* Of the statistics' past. */
#define DECAY 0.95

typedef struct update_run {
  const bench_options *o;
  kfix_posix_crew crew;
  kfix *k; /* a trainer of the whole network, whose examples are taken */
  void *arena;
  kfix_batch batch;
  bench_update_times times[BENCH_UPDATE_MAX];
  int methods; /* after them come their rivals */
} update_run;

static int fail(kfix_status status, tool_error *err) {
  return tool_fail(err, "statistics: %s", kfix_status_text(status));
}

static int open_net(update_run *r, tool_error *err) {
  const kfix_net *net = bench_net();
  const size_t bytes = kfix_bytes(net, KFIX_METHOD_sgd, r->o->step_port);
  if (!r->o->step_port->is_host)
    return tool_fail(err, "--what statistics is for ports in host memory, not for %s",
                     r->o->step_port->name);
  if (bench_data_open(r->o, err) != 0) return -1;
  if (kfix_posix_crew_start(&r->crew, r->o->threads) != 0)
    return tool_fail(err, "cannot start %u threads", r->o->threads);
  r->arena = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(bytes, (size_t)KFIX_ALIGN));
  if (r->arena == NULL) return tool_fail(err, "no memory for an arena of %zu bytes", bytes);
  const kfix_setup setup = {.net = net,
                            .method = KFIX_METHOD_sgd,
                            .port = r->o->step_port,
                            .crew = &r->crew.crew,
                            .arena = r->arena,
                            .bytes = bytes};
  const kfix_status status = kfix_create(&r->k, &setup, NULL);
  r->batch = bench_data_next();
  return status == KFIX_OK ? 0 : fail(status, err);
}

/* The update alone: no inverse, no basis. */
static int absorb(const block_lab *lab, const block_rows *f, double decay, double *seconds,
                  tool_error *err) {
  const double began = bench_seconds();
  const kfix_status status = kfix_block_absorb(lab->k, f->rows, decay, f->abar, f->g, -1);
  *seconds = bench_seconds() - began;
  return status == KFIX_OK ? 0 : fail(status, err);
}

/* Flops of one update, by a trainer on the counting port. */
static int count_flops(update_run *r, int m, const block_rows *f, tool_error *err) {
  block_lab lab;
  double seconds;
  if (block_lab_open(&lab, block_method_at(m, 0), f, bench_counter(r->o->step_port, 0),
                     &r->crew.crew, err) != 0)
    return -1;
  int result = absorb(&lab, f, 0, &seconds, err);
  bench_counts_clear();
  if (result == 0) result = absorb(&lab, f, DECAY, &seconds, err);
  for (int i = 0; i < BENCH_KIND_COUNT; i++) r->times[m].flops += bench_counts[i].flops;
  block_lab_close(&lab);
  return result;
}

/* The methods take turns, so that a busy moment of the machine hits all. */
static int time_methods(update_run *r, block_lab *labs, const block_rows *f, tool_error *err) {
  double best[BENCH_UPDATE_MAX], seconds;
  for (int turn = 0; turn <= r->o->repeats; turn++)
    for (int m = 0; m < r->methods; m++) {
      if (absorb(&labs[m], f, turn > 0 ? DECAY : 0, &seconds, err) != 0) return -1;
      if (turn <= 1 || seconds < best[m]) best[m] = seconds;
    }
  for (int m = 0; m < r->methods; m++) r->times[m].seconds += best[m];
  return 0;
}

/* Methods that the papers find by their power SVD, and what the table calls that. */
static const struct {
  const char *method, *name;
  bench_power_way way;
} rivals[] = {{"kpsvd", "Algorithm 1", BENCH_POWER_AS_WRITTEN},
              {"kpsvd", "power SVD", BENCH_POWER},
              {"deflation", "power SVD twice", BENCH_POWER}};
enum { RIVALS = sizeof rivals / sizeof rivals[0] };

static int time_rivals(update_run *r, block_lab *labs, const block_rows *f, tool_error *err) {
  for (int i = 0; i < RIVALS; i++)
    for (int m = 0; m < r->methods; m++)
      if (strcmp(r->times[m].name, rivals[i].method) == 0 &&
          bench_power_layer(r->o, rivals[i].way, &r->crew.crew, f, &labs[m],
                            &r->times[r->methods + i], err) != 0)
        return -1;
  return 0;
}

static int time_layer(update_run *r, const block_rows *f, tool_error *err) {
  block_lab labs[BENCH_UPDATE_MAX];
  int opened = 0, result = 0;
  while (opened < r->methods && result == 0) {
    result = block_lab_open(&labs[opened], block_method_at(opened, 0), f, r->o->step_port,
                            &r->crew.crew, err);
    if (result == 0) opened++;
  }
  if (result == 0) result = time_methods(r, labs, f, err);
  if (result == 0) result = time_rivals(r, labs, f, err);
  for (int i = 0; i < opened; i++) block_lab_close(&labs[i]);
  for (int m = 0; m < r->methods && result == 0; m++) result = count_flops(r, m, f, err);
  return result;
}

static int visit_layer(update_run *r, uint32_t i, tool_error *err) {
  const kfix_node_spec *l = kfix_net_block(bench_net(), i);
  const size_t rows = r->o->batch, in = l->cols, out = kfix_node_rows(l);
  kfix_real *abar = malloc(rows * in * sizeof *abar), *g = malloc(rows * out * sizeof *g);
  int result = -1;
  if (abar == NULL || g == NULL) {
    tool_format(err, "no memory for %zu examples", rows);
  } else {
    const block_rows f = {rows, in, out, abar, g, 0, 0, NULL};
    const kfix_status status = kfix_examples(r->k, &r->batch, i + 1, abar, g);
    result = status == KFIX_OK ? time_layer(r, &f, err) : fail(status, err);
  }
  free(abar);
  free(g);
  return result;
}

static void name_rows(update_run *r) {
  for (; r->methods < BENCH_UPDATE_MAX - RIVALS; r->methods++) {
    const block_method *m = block_method_at(r->methods, 0);
    if (m == NULL) break;
    r->times[r->methods].name = m->name;
  }
  for (int i = 0; i < RIVALS; i++) r->times[r->methods + i].name = rivals[i].name;
}

int bench_update_run(const bench_options *o, const bench_peak *peak, tool_error *err) {
  static update_run r;
  r.o = o;
  name_rows(&r);
  int result = open_net(&r, err);
  for (uint32_t i = 0; i < bench_net()->block_count && result == 0; i++) {
    progress_line_show("statistics: layer %u of %u", (unsigned)i + 1,
                       (unsigned)bench_net()->block_count);
    result = visit_layer(&r, i, err);
  }
  kfix_posix_crew_stop(&r.crew);
  free(r.arena);
  if (result != 0) return -1;
  bench_print_updates(o, r.times, r.methods + RIVALS, peak->flops);
  return 0;
}
