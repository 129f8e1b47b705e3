/* SPDX-License-Identifier: Apache-2.0
 * The distance of each direction from the exact natural gradient. */
#include "reference_log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ports/tool_device.h"

static size_t parameters(const reference_log *log) {
  return trace_parameters(log->net, log->net->block_count + 1);
}

int reference_log_open(reference_log *log, const train_options *o, const kfix_net *net,
                       kfix_crew *crew, tool_error *err) {
  *log = (reference_log){.options = o, .net = net, .crew = crew};
  return step_table_open(&log->table, o->reference_log, "step,rows,damping,euclidean,fisher,angle",
                         o->resume != NULL, err);
}

/* On the host, whatever the port of the run. */
static int make_trainer(reference_log *log, tool_error *err) {
  const kfix_port *port = tool_host_port(log->options->port);
  const size_t bytes = kfix_bytes(log->net, KFIX_METHOD_exact, port);
  log->arena = aligned_alloc(KFIX_ALIGN, KFIX_ROUND_UP(bytes, (size_t)KFIX_ALIGN));
  log->room = malloc(2 * parameters(log) * sizeof *log->room);
  if (log->arena == NULL || log->room == NULL)
    return tool_fail(err, "--reference exact: no memory for %zu bytes", bytes);
  const kfix_setup setup = {.net = log->net,
                            .method = KFIX_METHOD_exact,
                            .options = &log->options->settings,
                            .port = port,
                            .crew = log->crew,
                            .arena = log->arena,
                            .bytes = bytes};
  const kfix_status status = kfix_create(&log->k, &setup, NULL);
  return status == KFIX_OK ? 0 : tool_fail(err, "--reference exact: %s", kfix_status_text(status));
}

static void on_direction(void *context, uint32_t layer, size_t row, const kfix_real *delta,
                         size_t cols) {
  const reference_log *log = context;
  memcpy(log->room + trace_parameters(log->net, layer) + row * cols, delta, cols * sizeof *delta);
}

static int copy_weights(const reference_log *log, kfix *k, tool_error *err) {
  kfix_real *w = log->room + parameters(log);
  for (uint32_t layer = 1; layer <= log->net->block_count; layer++) {
    kfix_status status = kfix_get_weights(k, KFIX_ITERATE, layer, w);
    if (status == KFIX_OK) status = kfix_set_weights(log->k, layer, w);
    if (status != KFIX_OK)
      return tool_fail(err, "weights for the reference: %s", kfix_status_text(status));
  }
  return 0;
}

int reference_log_before(reference_log *log, const train_trace *trace, kfix *k, uint64_t step,
                         tool_error *err) {
  log->due = log->table.stream != NULL && (step - 1) % log->options->reference_every == 0;
  if (!log->due) return 0;
  if (log->k == NULL && make_trainer(log, err) != 0) return -1;
  if (trace->direction == NULL)
    kfix_observe(k, &(kfix_observer){.direction = on_direction, .context = log});
  return copy_weights(log, k, err);
}

/* Rounding may take a cosine beyond 1. */
static double degrees(double cosine) {
  return acos(cosine > 1 ? 1 : cosine < -1 ? -1 : cosine) * 57.295779513082323;
}

int reference_log_after(reference_log *log, const train_trace *trace, kfix *k,
                        const kfix_batch *batch, tool_error *err) {
  const kfix_report *r = kfix_last_report(k);
  const kfix_real *delta = trace->direction != NULL ? trace->direction : log->room;
  kfix_distance d = {NAN, NAN, NAN, r->made.rows};
  if (!log->due) return 0;
  if (trace->direction == NULL) kfix_observe(k, NULL);
  const kfix_status status =
      kfix_distance_from_exact(log->k, batch, r->step, r->made.damping, delta, &d);
  /* Where there is no exact direction, as without damping, its fields are empty. */
  if (status != KFIX_OK) d.euclidean = d.fisher = d.cosine = NAN;
  step_table_start(&log->table, r->step);
  step_table_count(&log->table, d.rows);
  step_table_real(&log->table, r->made.damping);
  step_table_known(&log->table, d.euclidean);
  step_table_known(&log->table, d.fisher);
  step_table_known(&log->table, degrees(d.cosine));
  return step_table_end(&log->table, err);
}

int reference_log_close(reference_log *log, tool_error *err) {
  free(log->arena);
  free(log->room);
  log->arena = NULL;
  log->room = NULL;
  log->k = NULL;
  return step_table_close(&log->table, err);
}
