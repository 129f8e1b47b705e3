/* SPDX-License-Identifier: Apache-2.0
 * kfix-fisher: one layer's block of the Fisher matrix, approximated by a method of the library. See
 * its --help. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/progress_line.h"
#include "files/standard_output.h"
#include "fisher_files.h"
#include "fisher_lab/block_error.h"
#include "fisher_lab/block_gradients.h"
#include "fisher_lab/block_spectrum.h"
#include "fisher_options.h"
#include "port/posix/crew.h"

typedef struct fisher_run {
  fisher_options options;
  fisher_matrix abar, g, rhs;
  kfix_real *solution;
  kfix_posix_crew crew;
  int crew_runs;
  block_lab lab;
  block_rows rows;
  fisher_result result;
} fisher_run;

/* One line on a terminal that says what takes so long. */
static int read_input(fisher_run *run, tool_error *err) {
  const fisher_options *o = &run->options;
  const fisher_matrix *a = &run->abar, *g = &run->g, *v = &run->rhs;
  if (fisher_read(&run->abar, o->activations, err) != 0) return -1;
  if (fisher_read(&run->g, o->gradients, err) != 0) return -1;
  if (a->rows != g->rows)
    return tool_fail(err, "%s has %zu rows, %.200s has %zu: each example has one in both",
                     o->activations, a->rows, o->gradients, g->rows);
  const size_t each = o->positions ? o->positions : 1;
  if (a->rows % each != 0)
    return tool_fail(err, "%s has %zu rows, which is no multiple of --positions %zu",
                     o->activations, a->rows, each);
  run->rows = (block_rows){.rows = a->rows / each,
                           .in = a->cols,
                           .out = g->cols,
                           .abar = a->data,
                           .g = g->data,
                           .positions = each > 1 ? each : 0,
                           .by_pairs = o->by_pairs};
  if (o->rhs == NULL) return 0;
  if (fisher_read(&run->rhs, o->rhs, err) != 0) return -1;
  if (v->rows == g->cols && v->cols == a->cols) return 0;
  return tool_fail(err, "%s: is %zu x %zu, not d_g x d_a = %zu x %zu", o->rhs, v->rows, v->cols,
                   g->cols, a->cols);
}

/* Without a right-hand side nothing is inverted, and a basis takes no notice of the damping. */
static double gamma_of(const fisher_options *o) {
  if (o->rhs != NULL) return sqrt(o->damping);
  return o->method->terms > 0 ? -1 : 0;
}

static int approximate(fisher_run *run, tool_error *err) {
  const fisher_options *o = &run->options;
  progress_line_show("approximation");
  const int failed = kfix_posix_crew_start(&run->crew, o->threads);
  if (failed != 0) return tool_fail(err, "--threads %u: %s", o->threads, strerror(failed));
  run->crew_runs = 1;
  run->result.floored = NAN;
  if (block_lab_open(&run->lab, o->method, &run->rows, o->port, &run->crew.crew, err) != 0 ||
      block_lab_absorb(&run->lab, &run->rows, gamma_of(o), err) != 0 ||
      block_lab_factors(&run->lab, &run->result.factors, err) != 0)
    return -1;
  if (o->rhs == NULL) return 0;
  run->solution = malloc(run->rows.in * run->rows.out * sizeof *run->solution);
  if (run->solution == NULL) return tool_fail(err, "no memory for the solution");
  run->result.solution = run->solution;
  run->result.floored = block_lab_floored(&run->lab);
  return block_lab_apply(&run->lab, run->rhs.data, run->solution, err);
}

static int measure(fisher_run *run, tool_error *err) {
  double norm2;
  block_spectrum spectrum;
  fisher_result *r = &run->result;
  progress_line_show("Frobenius error");
  if (run->rows.positions && block_gradients_make(&run->rows, err) != 0) return -1;
  if (block_norm2(&run->rows, &norm2, err) != 0 ||
      block_frobenius(&run->rows, norm2, &r->factors, &r->frobenius, err) != 0)
    return -1;
  r->spectrum = NAN;
  if (run->options.no_spectrum) return 0;
  progress_line_show("spectrum of the block");
  if (block_spectrum_of(&run->rows, &spectrum, err) != 0) return -1;
  progress_line_show("spectrum of the approximation");
  const int answer =
      block_spectrum_error(&run->rows, &spectrum, &r->factors, BLOCK_ORDER_MAX, &r->spectrum, err);
  block_spectrum_free(&spectrum);
  return answer;
}

/* What is not finite is not written. */
static int check_result(const fisher_run *run, tool_error *err) {
  for (size_t i = 0; run->solution != NULL && i < run->rows.in * run->rows.out; i++)
    if (!isfinite(run->solution[i]))
      return tool_fail(err, "%s: the solution is not finite: give a larger --damping",
                       run->options.method->name);
  return 0;
}

static int run_all(fisher_run *run, tool_error *err) {
  if (fisher_check_outputs(&run->options, err) != 0 || read_input(run, err) != 0 ||
      approximate(run, err) != 0 || check_result(run, err) != 0 || measure(run, err) != 0)
    return -1;
  return fisher_write(&run->options, &run->rows, &run->result, err);
}

static void release(fisher_run *run) {
  if (run->lab.method != NULL) block_lab_close(&run->lab);
  if (run->crew_runs) kfix_posix_crew_stop(&run->crew);
  block_gradients_free(&run->rows);
  free(run->abar.data);
  free(run->g.data);
  free(run->rhs.data);
  free(run->solution);
}

static int run_program(int argc, char **argv) {
  static fisher_run run;
  tool_error err;
  const option_outcome outcome = fisher_options_parse(&run.options, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome == OPTIONS_HELP ? 0 : 2;
  const int answer = run_all(&run, &err);
  progress_line_clear();
  release(&run);
  return answer == 0 ? 0 : tool_report("kfix-fisher", &err);
}

int main(int argc, char **argv) {
  standard_output_begin();
  return standard_output_end("kfix-fisher", run_program(argc, argv));
}
