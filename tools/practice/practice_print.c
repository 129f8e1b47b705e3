/* SPDX-License-Identifier: Apache-2.0
 * Rows of the table: means over the seeds. */
#include "practice_print.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "arrays/json_writer.h"

#define NET_BYTES 64

static void net_text(const practice_problem *p, char text[NET_BYTES]) {
  int used = snprintf(text, NET_BYTES, "%u", (unsigned)p->net.inputs);
  for (uint32_t i = 0; i < p->net.block_count && used < NET_BYTES; i++)
    used += snprintf(text + used, (size_t)(NET_BYTES - used), "-%u", (unsigned)p->nodes[i].units);
}

static size_t batch_of(const practice_problem *p) {
  return p->task->batch > 0 ? p->task->batch : p->data.train_rows;
}

/* Means over the seeds. */
static practice_result mean_of(const practice_result *runs, int64_t count) {
  practice_result m = {0};
  double steps = 0;
  for (int64_t i = 0; i < count; i++) {
    steps += runs[i].steps;
    m.seconds += runs[i].seconds / (double)count;
    m.objective += runs[i].objective / (double)count;
    m.validation += runs[i].validation / (double)count;
  }
  m.steps = (int)(steps / (double)count + 0.5);
  return m;
}

void practice_print_head(const practice_options *o, int json) {
  if (json) return;
  (void)printf(
      "Time of %s at %s to the training objective that Adam reaches in %d steps at the best of "
      "five rates.\nMeans over %d seeds; seconds of processor time on one thread, port %s; valid: "
      "the validation objective there.\n\n",
      kfix_method_of(o->method)->name, practice_is_default(o) ? "its defaults" : "these settings",
      (int)o->steps, (int)o->seeds, o->port->name);
  (void)printf("%-19s %-22s %6s %6s | %7s %9s %7s %7s | %5s %7s %7s | %5s\n", "problem", "net",
               "rows", "batch", "rate", "objective", "seconds", "valid", "steps", "seconds",
               "valid", "ratio");
}

static void print_json(const practice_problem *p, const practice_options *o,
                       const practice_row *row) {
  json_writer json = json_to(stdout);
  char net[NET_BYTES];
  net_text(p, net);
  json_object(&json, NULL);
  json_string(&json, "problem", p->task->name);
  json_string(&json, "net", net);
  json_unsigned(&json, "rows", p->data.train_rows);
  json_unsigned(&json, "batch", batch_of(p));
  json_double(&json, "ratio", practice_ratio(row, o));
  json_array(&json, "runs");
  for (int i = 0; i < (int)o->seeds; i++) {
    json_object(&json, NULL);
    json_double(&json, "adam_rate", row->rate[i]);
    json_double(&json, "adam_objective", row->adam[i].objective);
    json_double(&json, "adam_seconds", row->adam[i].seconds);
    json_double(&json, "adam_validation", row->adam[i].validation);
    json_integer(&json, "steps", row->own[i].steps);
    json_double(&json, "objective", row->own[i].objective);
    json_double(&json, "seconds", row->own[i].seconds);
    json_double(&json, "validation", row->own[i].validation);
    json_double(&json, "ratio", row->ratio[i]);
    json_end(&json);
  }
  json_end(&json);
  json_end(&json);
}

void practice_print_row(const practice_problem *p, const practice_options *o,
                        const practice_row *row, int json) {
  const practice_result adam = mean_of(row->adam, o->seeds), own = mean_of(row->own, o->seeds);
  char net[NET_BYTES];
  net_text(p, net);
  if (json)
    print_json(p, o, row);
  else
    (void)printf("%-19s %-22s %6zu %6zu | %7.3g %9.4g %7.3f %7.4g | %5d %7.3f %7.4g | %5.2f\n",
                 p->task->name, net, p->data.train_rows, batch_of(p), row->rate[0], adam.objective,
                 adam.seconds, adam.validation, own.steps, own.seconds, own.validation,
                 practice_ratio(row, o));
  (void)fflush(stdout);
}

void practice_print_absent(const practice_task *task, const tool_error *why, int json) {
  if (!json) (void)printf("%-19s left out: %s\n", task->name, why->text);
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

void practice_print_end(double *ratios, size_t count, int json) {
  qsort(ratios, count, sizeof *ratios, ascending);
  const double median = (ratios[(count - 1) / 2] + ratios[count / 2]) / 2;
  if (!json) (void)printf("\nratio: median %.2f, worst %.2f\n", median, ratios[count - 1]);
}
