/* SPDX-License-Identifier: Apache-2.0
 * kfix-practice: small problems as they come, at defaults, against Adam at its best rate. */
#include <stdio.h>
#include <string.h>

#include "cli/command_line.h"
#include "cli/progress_line.h"
#include "files/standard_output.h"
#include "ports/linked_ports.h"
#include "practice_print.h"
#include "practice_settings.h"
#include "practice_table.h"

#define WORDS_BYTES 512

static const kfix_port *const ports[] = LINKED_PORT_ADDRESSES;

typedef struct command {
  practice_options options;
  const char *only, *set;
  int method, port, json;
  char methods[WORDS_BYTES], ports[WORDS_BYTES];
} command;

static void append_word(char *words, const char *word) {
  const size_t used = strlen(words);
  (void)snprintf(words + used, WORDS_BYTES - used, "%s%s", used > 0 ? "|" : "", word);
}

static int is_asked_for(const char *only, const char *name) {
  return only == NULL || strcmp(only, name) == 0;
}

static int knows(const char *only) {
  for (const practice_task *t = practice_tasks; t->name != NULL; t++)
    if (is_asked_for(only, t->name)) return 1;
  return 0;
}

/* A problem whose data are not here is said to be left out; 1 if it ran. */
static int run_task(const command *c, const practice_task *task, practice_row *row,
                    tool_error *err) {
  static practice_problem problem;
  tool_error absent;
  if (practice_open(&problem, task, &absent) != 0) {
    practice_print_absent(task, &absent, c->json);
    return 0;
  }
  const int result = practice_measure(&problem, &c->options, row, err);
  progress_line_clear();
  if (result == 0) practice_print_row(&problem, &c->options, row, c->json);
  practice_close(&problem);
  return result == 0 ? 1 : -1;
}

static int run_all(const command *c, tool_error *err) {
  static practice_row row;
  double ratios[PRACTICE_TASKS_MAX];
  size_t count = 0;
  practice_print_head(&c->options, c->json);
  for (const practice_task *t = practice_tasks; t->name != NULL; t++) {
    if (!is_asked_for(c->only, t->name)) continue;
    const int ran = run_task(c, t, &row, err);
    if (ran < 0) return -1;
    if (ran > 0) ratios[count++] = practice_ratio(&row, &c->options);
  }
  if (count == 0) return tool_fail(err, "no data for any of them: KFIX_DATA names their folder");
  practice_print_end(ratios, count, c->json);
  return 0;
}

static option_outcome parse(command *c, int argc, char **argv) {
  practice_options *o = &c->options;
  for (int m = 0; m < KFIX_METHOD_COUNT; m++) append_word(c->methods, kfix_method_of(m)->name);
  for (int p = 0; p < LINKED_PORT_COUNT; p++) append_word(c->ports, ports[p]->name);
  option_spec rows[] = {
      OPTION_CHOICE("method", c->method, c->methods, "what is held against Adam"),
      OPTION_STRING("only", c->only, "NAME", "this problem alone"),
      OPTION_STRING("set", c->set, "SETTING=X,...",
                    "settings of kfix-train for the method, where its defaults are not wanted"),
      OPTION_INT("seeds", o->seeds, 1, PRACTICE_SEEDS_MAX, "N", "runs of each, by other seeds"),
      OPTION_INT("steps", o->steps, 1, 1000000, "N", "steps of Adam, which set the goal"),
      OPTION_INT("most", o->most, 1, 1000000, "N", "steps after which the method gives up"),
      OPTION_CHOICE_OR("port", c->port, c->ports, LINKED_PORT_ABSENT, "kernels of both"),
      OPTION_FLAG("json", c->json, "a line of JSON for each problem"),
  };
  option_program program = {
      .name = "kfix-practice",
      .summary =
          "Trains small nets on small data at the method's defaults, on one thread, and tells how "
          "long it takes to the\ntraining objective that Adam reaches in 300 steps at the best of "
          "five rates.",
      .notes =
          "Data: curves are generated, fashion-mnist is Debian's dataset-fashion-mnist; the rest "
          "is "
          "looked for in the\nfolder that KFIX_DATA names (tools/practice/README.md). Times are "
          "processor time of the steps alone.",
      .options = rows,
      .count = OPTION_COUNT(rows)};
  tool_error err;
  const option_outcome outcome = options_parse(&program, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome;
  o->method = (kfix_method)c->method;
  o->port = ports[c->port];
  int result = practice_settings_read(c->set, o, &err);
  if (result == 0 && !knows(c->only))
    result = tool_fail(&err, "--only %.60s: no such problem", c->only);
  if (result == 0) return OPTIONS_RUN;
  (void)options_complain(&program, &err);
  return OPTIONS_USAGE;
}

static int run_program(int argc, char **argv) {
  static command c = {.method = KFIX_METHOD_kfac,
                      .port = LINKED_PORT_simd,
                      .options = {.seeds = 3, .steps = 300, .most = 600}};
  tool_error err;
  const option_outcome outcome = parse(&c, argc, argv);
  if (outcome != OPTIONS_RUN) return outcome == OPTIONS_HELP ? 0 : 2;
  return run_all(&c, &err) == 0 ? 0 : tool_report("kfix-practice", &err);
}

int main(int argc, char **argv) {
  standard_output_begin();
  return standard_output_end("kfix-practice", run_program(argc, argv));
}
