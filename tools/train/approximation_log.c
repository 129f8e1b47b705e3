/* SPDX-License-Identifier: Apache-2.0
 * The distances of all approximations from the exact block of one layer, step by step. */
#include "approximation_log.h"

#include <math.h>
#include <stdlib.h>

#include "fisher_lab/block_error.h"
#include "fisher_lab/block_natural.h"
#include "fisher_lab/block_spectrum.h"
#include "ports/tool_device.h"

/* What one approximation is measured against. */
typedef struct exact_block {
  double norm2;
  block_spectrum spectrum;
  double *zeta;
} exact_block;

int approximation_log_open(approximation_log *log, const train_options *o, kfix_crew *crew,
                           tool_error *err) {
  *log = (approximation_log){.options = o, .layer = (uint32_t)o->layer, .crew = crew};
  return step_table_open(&log->table, o->approximation_log,
                         "step,layer,method,frobenius,spectrum,quality", o->resume != NULL, err);
}

static void close_labs(approximation_log *log) {
  for (int i = 0; i < log->labs; i++) block_lab_close(&log->lab[i]);
  free(log->examples);
  log->examples = NULL;
  log->labs = 0;
  log->capacity = 0;
}

int approximation_log_close(approximation_log *log, tool_error *err) {
  close_labs(log);
  return step_table_close(&log->table, err);
}

/* Labs and memory for as many rows. */
static int make_room(approximation_log *log, tool_error *err) {
  const block_rows *f = &log->rows;
  if (f->rows <= log->capacity) return 0;
  close_labs(log);
  const int variants = log->options->approximation_refresh > 1;
  for (const block_method *m; log->labs < APPROXIMATIONS_MAX; log->labs++) {
    if ((m = block_method_at(log->labs, variants)) == NULL) break;
    const kfix_port *port = tool_host_port(log->options->port);
    if (block_lab_open(&log->lab[log->labs], m, f, port, log->crew, err) != 0) return -1;
  }
  log->examples = malloc((f->rows * (f->in + f->out) + 2 * f->in * f->out) * sizeof *log->examples);
  if (log->examples == NULL) return tool_fail(err, "no memory for %zu examples", f->rows);
  log->capacity = f->rows;
  log->taken = 0;
  return 0;
}

int approximation_log_before(approximation_log *log, kfix *k, uint64_t step,
                             const kfix_batch *batch, tool_error *err) {
  size_t in, out;
  log->rows.rows = 0;
  if (log->table.stream == NULL || (step - 1) % (uint64_t)log->options->approximation_every != 0)
    return 0;
  kfix_status status = kfix_view(k, "W", log->layer, NULL, 0, &out, &in);
  if (status == KFIX_OK) {
    log->rows = (block_rows){batch->rows, in, out, NULL, NULL, 0, 0, NULL};
    if (make_room(log, err) != 0) return -1;
    kfix_real *abar = log->examples, *g = abar + batch->rows * in;
    log->rows.abar = abar;
    log->rows.g = g;
    status = kfix_examples(k, batch, log->layer, abar, g);
  }
  return status == KFIX_OK ? 0
                           : tool_fail(err, "examples of step %llu: %s", (unsigned long long)step,
                                       kfix_status_text(status));
}

static int measure_exact(const block_rows *f, double lambda, const kfix_real *gradient,
                         exact_block *exact, tool_error *err) {
  exact->zeta = malloc(f->in * f->out * sizeof *exact->zeta);
  if (exact->zeta == NULL) return tool_fail(err, "no memory for a block of %zu", f->in * f->out);
  if (block_norm2(f, &exact->norm2, err) != 0 || block_spectrum_of(f, &exact->spectrum, err) != 0)
    return -1;
  return block_natural_gradient(f, lambda, gradient, exact->zeta, err);
}

/* An approximation that cannot be had leaves its fields empty: the run is not about it. */
static void update_lab(approximation_log *log, int i, double gamma) {
  const train_options *o = log->options;
  tool_error ignored;
  const int refresh = log->taken % (uint64_t)o->approximation_refresh == 0;
  if (refresh)
    log->broken[i] = block_lab_absorb(&log->lab[i], &log->rows, gamma, &ignored) != 0;
  else if (!log->broken[i])
    log->broken[i] = block_lab_track(&log->lab[i], &log->rows, o->settings.decay, &ignored) != 0;
}

static int write_row(approximation_log *log, int i, uint64_t step, const exact_block *exact,
                     const kfix_real *gradient, kfix_real *u, tool_error *err) {
  const block_rows *f = &log->rows;
  block_lab *lab = &log->lab[i];
  block_factors b;
  double frobenius = NAN, spectrum = NAN, quality = NAN;
  if (!log->broken[i]) {
    if (block_lab_factors(lab, &b, err) != 0 ||
        block_frobenius(f, exact->norm2, &b, &frobenius, err) != 0 ||
        block_spectrum_error(f, &exact->spectrum, &b, (size_t)log->options->approximation_order,
                             &spectrum, err) != 0 ||
        block_lab_apply(lab, gradient, u, err) != 0)
      return -1;
    quality = block_distance(f->in * f->out, u, exact->zeta);
  }
  step_table_start(&log->table, step);
  step_table_count(&log->table, log->layer);
  step_table_word(&log->table, lab->method->name);
  step_table_known(&log->table, frobenius);
  step_table_known(&log->table, spectrum);
  step_table_known(&log->table, quality);
  return step_table_end(&log->table, err);
}

static int write_rows(approximation_log *log, uint64_t step, const exact_block *exact,
                      const kfix_real *gradient, kfix_real *u, double gamma, tool_error *err) {
  for (int i = 0; i < log->labs; i++) {
    update_lab(log, i, gamma);
    if (write_row(log, i, step, exact, gradient, u, err) != 0) return -1;
  }
  log->taken++;
  return 0;
}

int approximation_log_after(approximation_log *log, kfix *k, uint64_t step, tool_error *err) {
  const block_rows *f = &log->rows;
  if (f->rows == 0) return 0;
  const kfix_options *o = &log->options->settings;
  const double lambda = o->damping + o->weight_decay;
  const size_t n = f->in * f->out;
  kfix_real *gradient = log->examples + f->rows * (f->in + f->out);
  exact_block exact = {0, {NULL, 0}, NULL};
  size_t rows, cols;
  const kfix_status status = kfix_view(k, "grad", log->layer, gradient, n, &rows, &cols);
  int result = status == KFIX_OK ? measure_exact(f, lambda, gradient, &exact, err)
                                 : tool_fail(err, "gradient: %s", kfix_status_text(status));
  if (result == 0)
    result = write_rows(log, step, &exact, gradient, gradient + n, sqrt(lambda), err);
  block_spectrum_free(&exact.spectrum);
  free(exact.zeta);
  return result;
}
