/* SPDX-License-Identifier: Apache-2.0
 * kfix-practice: small problems as they come, at defaults, against Adam. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_line.h"
#include "practice_table.h"
#include "progress_line.h"
#include "standard_output.h"
#include "tools/common/linked_ports.h"

static const kfix_port *const ports[] = LINKED_PORT_ADDRESSES;

static practice_options o = {.method = KFIX_METHOD_kfac, .seeds = 3, .steps = 300, .most = 600};
static const char *only, *set;

static void print_row(const practice_problem *p, const practice_row *row) {
  (void)printf("%-20s %6zu %6.0f", p->task->name, p->data.train_rows,
               (double)(p->task->batch ? p->task->batch : p->data.train_rows));
  for (int i = 0; i < (int)o.seeds; i++)
    (void)printf("  %7.4g@%-5g %.3fs | %3d %7.4g %.3fs (%5.2f) v %.4g/%.4g", row->adam[i].objective,
                 row->rate[i], row->adam[i].seconds, row->own[i].steps, row->own[i].objective,
                 row->own[i].seconds, row->ratio[i], row->own[i].validation,
                 row->adam[i].validation);
  (void)printf("  => %.2f\n", practice_ratio(row, &o));
  (void)fflush(stdout);
}

int main(int argc, char **argv) {
  int method = o.method;
  static char methods[512];
  for (int m = 0; m < KFIX_METHOD_COUNT; m++)
    sprintf(methods + strlen(methods), "%s%s", m ? "|" : "", kfix_methods[m].name);
  option_spec rows[] = {
      OPTION_CHOICE("method", method, methods, "m"),
      OPTION_INT("seeds", o.seeds, 1, 16, "N", "seeds"),
      OPTION_INT("steps", o.steps, 1, 100000, "N", "steps"),
      OPTION_INT("most", o.most, 1, 100000, "N", "steps"),
      OPTION_STRING("only", only, "NAME", "one problem"),
      OPTION_STRING("set", set, "flag=value,...", "settings"),
  };
  option_program program = {.name = "kfix-practice", .summary = "", .options = rows, .count = OPTION_COUNT(rows)};
  tool_error err;
  if (options_parse(&program, argc, argv) != OPTIONS_RUN) return 2;
  o.method = (kfix_method)method;
  o.port = ports[LINKED_PORT_simd];
  o.settings = kfix_options_default(NULL);
  for (char *t = set ? strtok(strdup(set), ",") : NULL; t; t = strtok(NULL, ",")) {
    char *eq = strchr(t, '=');
    *eq = 0;
    for (int i = 0; i < KFIX_OPTION_COUNT; i++)
      if (!strcmp(kfix_option_infos[i].flag, t)) {
        if (kfix_option_set(&o.settings, (kfix_option_id)i, atof(eq + 1)) != KFIX_OK) return 2;
        o.given[i] = 1;
      }
  }
  for (const practice_task *t = practice_tasks; t->name; t++) {
    practice_problem p;
    practice_row row;
    if (only && !strstr(only, t->name)) continue;
    if (practice_open(&p, t, &err) != 0 || practice_measure(&p, &o, &row, &err) != 0) {
      printf("%s: %s\n", t->name, err.text);
      continue;
    }
    print_row(&p, &row);
    practice_close(&p);
  }
  return 0;
}
