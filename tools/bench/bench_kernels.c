/* SPDX-License-Identifier: Apache-2.0
 * The round of cases and sides. */
#include "bench_kernels.h"

#include <string.h>
#include <time.h>

#include "bench_case.h"
#include "bench_print.h"
#include "cli/progress_line.h"

/* Sides take turns so often at each case, so that a busy moment of the machine hits both. */
#define VISITS 3

/* A BLAS whose threads spin for a while after a call is given time to calm down. */
#define PAUSE_NANOSECONDS 40000000

static void pause_for_spinners(void) {
  const struct timespec pause = {0, PAUSE_NANOSECONDS};
  (void)nanosleep(&pause, NULL);
}

/* The sides of a run: ports, then the BLAS if one is asked for. Aside, one of the ports on one
 * thread, to tell what threads bring. */
typedef struct round_of_sides {
  bench_side side[BENCH_SIDES_MAX], one_thread;
  int count, with_blas, alone;
} round_of_sides;

static void add_ports(round_of_sides *r, const bench_options *o) {
  for (int i = 0; bench_port(i) != NULL && r->count < BENCH_SIDES_MAX - 1; i++) {
    const kfix_port *port = bench_port(i);
    const int wanted = o->port == NULL ? strcmp(port->name, "ref") != 0 : o->port == port;
    if (!wanted || bench_port_available(port) != KFIX_OK) continue;
    r->side[r->count++] = (bench_side){
        .name = port->name, .port = port, .threads = o->threads, .precision = o->precision};
  }
}

/* Processor time is shared out over o->threads: it says nothing of one alone. */
static int start_one_thread(round_of_sides *r, const bench_options *o, tool_error *err) {
  r->alone = -1;
  for (int i = 0; i < r->count && o->threads > 1 && !o->cpu_clock; i++)
    if (r->side[i].port->is_host) r->alone = i;
  if (r->alone < 0) return 0;
  r->one_thread = r->side[r->alone];
  r->one_thread.threads = 1;
  return bench_side_start(&r->one_thread, err);
}

static int start_sides(round_of_sides *r, const bench_options *o, tool_error *err) {
  double ignored;
  add_ports(r, o);
  if (start_one_thread(r, o, err) != 0) return -1;
  for (int i = 0; i < r->count; i++)
    if (bench_side_start(&r->side[i], err) != 0) return -1;
  if (o->blas == NULL) return 0;
  bench_side *blas = &r->side[r->count];
  *blas = (bench_side){.name = "blas", .blas = o->blas, .threads = o->threads};
  if (bench_side_start(blas, err) != 0) return -1;
  r->count++;
  r->with_blas = 1;
  return bench_side_ask(blas, 0, 1, &ignored, err);
}

static int visit_side(const round_of_sides *r, bench_side *side, const bench_options *o, int index,
                      double *best, tool_error *err) {
  double seconds;
  if (r->with_blas) pause_for_spinners();
  if (bench_side_ask(side, index, o->repeats, &seconds, err) != 0) return -1;
  if (*best == 0 || seconds < *best) *best = seconds;
  return 0;
}

static int visit(round_of_sides *r, const bench_options *o, int index, bench_kernel_times *times,
                 tool_error *err) {
  for (int turn = 0; turn < VISITS; turn++) {
    for (int i = 0; i < r->count; i++)
      if (visit_side(r, &r->side[i], o, index, &times->seconds[index][i], err) != 0) return -1;
    if (r->alone >= 0 &&
        visit_side(r, &r->one_thread, o, index, &times->one_thread[index], err) != 0)
      return -1;
  }
  return 0;
}

static int time_cases(round_of_sides *r, const bench_options *o, bench_peak *peak,
                      bench_kernel_times *times, tool_error *err) {
  for (int c = 0; c < BENCH_CASE_COUNT; c++) {
    char shape[BENCH_SHAPE_BYTES];
    if (bench_case_largest(&bench_cases[c]) > o->largest) continue;
    bench_case_shape(&bench_cases[c], shape);
    progress_line_show("%s %s", bench_kernel_name(bench_cases[c].kernel), shape);
    if (visit(r, o, c, times, err) != 0) return -1;
    if (bench_peak_update(peak, err) != 0) return -1;
  }
  return 0;
}

int bench_kernels_run(const bench_options *o, bench_peak *peak, tool_error *err) {
  static round_of_sides r;
  static bench_kernel_times times;
  int result = start_sides(&r, o, err);
  if (result == 0) result = time_cases(&r, o, peak, &times, err);
  for (int i = 0; i < r.count; i++) {
    times.name[i] = r.side[i].name;
    times.on_device[i] = r.side[i].port != NULL && !r.side[i].port->is_host;
    bench_worker_stop(&r.side[i].worker, NULL);
  }
  if (r.alone >= 0) bench_worker_stop(&r.one_thread.worker, NULL);
  times.alone = r.alone;
  times.sides = r.count;
  times.with_blas = r.with_blas;
  if (result == 0) bench_print_kernels(o, &times, peak->flops);
  return result;
}
