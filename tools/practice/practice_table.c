/* SPDX-License-Identifier: Apache-2.0
 * Adam at the best of five rates, and the method against it, seed by seed. */
#include "practice_table.h"

#include <math.h>

#include "cli/progress_line.h"

static const double rates[] = {1e-3, 3e-3, 1e-2, 3e-2, 1e-1};
enum { RATES = sizeof rates / sizeof *rates };

int practice_is_default(const practice_options *o) {
  for (int i = 0; i < KFIX_OPTION_COUNT; i++)
    if (o->given[i]) return 0;
  return 1;
}

/* Adam with the best of the rates, by its objective after all steps. */
static int run_adam(const practice_problem *p, const practice_options *o, uint64_t seed,
                    double *rate, practice_result *best, tool_error *err) {
  *best = (practice_result){.objective = INFINITY};
  for (int i = 0; i < RATES; i++) {
    practice_result r;
    practice_settings s = {KFIX_METHOD_adam, kfix_options_default(&p->net), o->port, (int)o->steps,
                           NAN};
    s.options.seed = seed;
    s.options.learning_rate = rates[i];
    progress_line_show("%s: Adam, rate %g, seed %d", p->task->name, rates[i], (int)seed);
    if (practice_train(p, &s, &r, err) != 0) return -1;
    if (!(r.objective < best->objective)) continue;
    *best = r;
    *rate = rates[i];
  }
  return 0;
}

static int take_given(kfix_options *out, const practice_options *o, tool_error *err) {
  for (int i = 0; i < KFIX_OPTION_COUNT; i++) {
    const kfix_option_id id = (kfix_option_id)i;
    if (o->given[i] && kfix_option_set(out, id, kfix_option_get(&o->settings, id)) != KFIX_OK)
      return tool_fail(err, "--set %s: out of range", kfix_option_infos[i].flag);
  }
  return 0;
}

static int run_method(const practice_problem *p, const practice_options *o, uint64_t seed,
                      double target, practice_result *out, tool_error *err) {
  practice_settings s = {o->method, kfix_options_default(&p->net), o->port, (int)o->most, target};
  if (take_given(&s.options, o, err) != 0) return -1;
  s.options.seed = seed;
  progress_line_show("%s: %s, seed %d", p->task->name, kfix_method_of(o->method)->name, (int)seed);
  return practice_train(p, &s, out, err);
}

int practice_measure(const practice_problem *p, const practice_options *o, practice_row *row,
                     tool_error *err) {
  for (int i = 0; i < (int)o->seeds; i++) {
    const uint64_t seed = (uint64_t)i + 1;
    if (run_adam(p, o, seed, &row->rate[i], &row->adam[i], err) != 0) return -1;
    if (run_method(p, o, seed, row->adam[i].objective, &row->own[i], err) != 0) return -1;
    const int reached = row->own[i].objective <= row->adam[i].objective;
    row->ratio[i] = reached ? row->own[i].seconds / row->adam[i].seconds : INFINITY;
  }
  return 0;
}

double practice_ratio(const practice_row *row, const practice_options *o) {
  double sum = 0;
  for (int i = 0; i < (int)o->seeds; i++) sum += log(row->ratio[i]);
  return exp(sum / (double)o->seeds);
}
