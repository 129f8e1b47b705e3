/* SPDX-License-Identifier: Apache-2.0
 * Command lines: what is accepted is in range, what is not is refused in one line. */
#include <string.h>

#include "cli/command_line.h"
#include "fuzz_target.h"
#include "tools/train/setting_table.h"

enum { WORDS = 64, LINE_BYTES = 4096, OWN = 7 };

/* One variable of each kind, then the settings of training. */
typedef struct values {
  int flag, choice;
  int64_t whole;
  uint64_t number;
  double real;
  const char *text;
} values;

static void check_settings(const setting_table *table, const option_spec *rows) {
  kfix_options settings = kfix_options_default(NULL);
  unsigned char given[KFIX_OPTION_COUNT];
  tool_error err = {{0}};
  if (setting_take(table, rows, &settings, given, &err) != 0) {
    fuzz_require_message(&err);
    return;
  }
  for (int i = 0; i < KFIX_OPTION_COUNT; i++) {
    char text[SETTING_TEXT_BYTES];
    const kfix_option_id id = (kfix_option_id)i;
    const double value = kfix_option_get(&settings, id);
    const int is_auto = kfix_option_infos[i].type == KFIX_TYPE_kfix_auto && value == KFIX_AUTO;
    FUZZ_REQUIRE(is_auto ||
                 (value >= kfix_option_infos[i].min && value <= kfix_option_infos[i].max));
    setting_text(&settings, id, text, sizeof text);
    FUZZ_REQUIRE(setting_parse(&settings, kfix_option_infos[i].flag, text) == 0);
    FUZZ_REQUIRE(kfix_option_get(&settings, id) == value);
  }
}

static void check(const values *v, const option_program *program) {
  FUZZ_REQUIRE(v->flag == 0 || v->flag == 1);
  FUZZ_REQUIRE(v->choice >= 0 && v->choice < 3);
  FUZZ_REQUIRE(v->whole >= -5 && v->whole <= 1000);
  FUZZ_REQUIRE(v->real >= 0 && v->real <= 10);
  FUZZ_REQUIRE(program->operands_given <= program->operands_max);
}

/* Input: words, one a line. */
void fuzz_options(const unsigned char *data, size_t size) {
  static setting_table settings;
  static option_spec rows[OWN + KFIX_OPTION_COUNT];
  static char line[LINE_BYTES + 1];
  values v = {.whole = 3, .real = 0.5};
  const kfix_options defaults = kfix_options_default(NULL);
  const option_spec own[OWN] = {OPTION_GROUP("all kinds"),
                                OPTION_FLAG("flag", v.flag, "a flag"),
                                OPTION_CHOICE("choice", v.choice, "a|bc|def", "a word"),
                                OPTION_INT("whole", v.whole, -5, 1000, "N", "a whole number"),
                                OPTION_U64("number", v.number, "N", "a count"),
                                OPTION_REAL("real", v.real, 0, 10, "X", "a number"),
                                OPTION_STRING("text", v.text, "TEXT", "any text")};
  const char *operands[2];
  char *words[WORDS] = {line};
  option_program program = {.name = "fuzz",
                            .options = rows,
                            .count = OWN + KFIX_OPTION_COUNT,
                            .operands = operands,
                            .operands_max = 2};
  tool_error err = {{0}};
  int count = 1;
  memset(&settings, 0, sizeof settings);
  memcpy(rows, own, sizeof own);
  setting_rows(&settings, &defaults, rows + OWN);
  const size_t length = size < LINE_BYTES ? size : LINE_BYTES;
  if (length > 0) memcpy(line, data, length);
  line[length] = '\0';
  char *rest = NULL;
  for (char *at = strtok_r(line, "\n", &rest); at != NULL && count < WORDS;
       at = strtok_r(NULL, "\n", &rest))
    words[count++] = at;
  const option_outcome outcome = options_read(&program, count, words, &err);
  if (outcome == OPTIONS_USAGE) fuzz_require_message(&err);
  if (outcome == OPTIONS_RUN) check_settings(&settings, rows + OWN);
  check(&v, &program);
}
