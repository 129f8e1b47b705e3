/* SPDX-License-Identifier: Apache-2.0
 * The parser of command lines. */
#include "command_line.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_COMPARED 64

const char *option_choice_text(const char *choices, int index, size_t *length) {
  for (; index > 0; index--) {
    choices = strchr(choices, '|');
    if (choices == NULL) return NULL;
    choices++;
  }
  *length = strcspn(choices, "|");
  return choices;
}

/* How many letters to insert, delete or change to turn a into b (Levenshtein), one row at a time.
 */
static size_t edits(const char *a, size_t a_length, const char *b) {
  size_t row[NAME_MAX_COMPARED + 1];
  const size_t b_length = strlen(b);
  if (a_length > NAME_MAX_COMPARED || b_length > NAME_MAX_COMPARED) return SIZE_MAX;
  for (size_t j = 0; j <= b_length; j++) row[j] = j;
  for (size_t i = 1; i <= a_length; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b_length; j++) {
      const size_t change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      const size_t step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
      row[j] = change < step ? change : step;
    }
  }
  return row[b_length];
}

static int unknown(const option_program *program, const char *name, size_t length,
                   tool_error *err) {
  const char *best = NULL;
  size_t best_edits = length / 3 + 2; /* farther than this is no typing error */
  for (size_t i = 0; i < program->count; i++) {
    if (program->options[i].kind == OPTION_KIND_GROUP) continue;
    const size_t distance = edits(name, length, program->options[i].name);
    if (distance >= best_edits) continue;
    best_edits = distance;
    best = program->options[i].name;
  }
  const int shown = length < 60 ? (int)length : 60;
  if (best == NULL)
    return tool_fail(err, "there is no option --%.*s; --help lists all", shown, name);
  return tool_fail(err, "there is no option --%.*s; did you mean --%s?", shown, name, best);
}

static option_spec *find(const option_program *program, const char *name, size_t length) {
  for (size_t i = 0; i < program->count; i++) {
    option_spec *o = &program->options[i];
    if (o->kind != OPTION_KIND_GROUP && strlen(o->name) == length &&
        memcmp(o->name, name, length) == 0)
      return o;
  }
  return NULL;
}

static int set_int(const option_spec *o, const char *text, tool_error *err) {
  char *end;
  errno = 0;
  const long long value = strtoll(text, &end, 10);
  const int is_number = end != text && *end == '\0';
  if (is_number && errno == 0 && (double)value >= o->low && (double)value <= o->high) {
    *(int64_t *)o->target = value;
    return 0;
  }
  return tool_fail(err, "--%s '%.60s': %s; a whole number from %.15g to %.15g is allowed", o->name,
                   text, is_number ? "out of range" : "not a whole number", o->low, o->high);
}

/* Decimal, or hexadecimal after 0x. strtoull would take a minus sign. */
static int set_u64(const option_spec *o, const char *text, tool_error *err) {
  char *end;
  errno = 0;
  const int hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  const unsigned long long value = strtoull(text, &end, hex ? 16 : 10);
  if (text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0) {
    *(uint64_t *)o->target = value;
    return 0;
  }
  return tool_fail(err, "--%s '%.60s': a whole number from 0 to %" PRIu64 " is allowed", o->name,
                   text, UINT64_MAX);
}

static int set_real(const option_spec *o, const char *text, tool_error *err) {
  const int takes_auto = o->kind == OPTION_KIND_REAL_OR_AUTO;
  char *end;
  if (takes_auto && strcmp(text, "auto") == 0) {
    *(double *)o->target = OPTION_AUTO;
    return 0;
  }
  const double value = strtod(text, &end);
  const int is_number = end != text && *end == '\0';
  if (is_number && value >= o->low && value <= o->high) {
    *(double *)o->target = value;
    return 0;
  }
  return tool_fail(err, "--%s '%.60s': %s; %sa number from %.15g to %.15g is allowed", o->name,
                   text, is_number ? "out of range" : "not a number", takes_auto ? "auto or " : "",
                   o->low, o->high);
}

/* The line of `absent` that begins with "text:", NULL: none. */
static const char *find_absent(const char *absent, const char *text) {
  while (absent != NULL && *absent != '\0') {
    const size_t length = strcspn(absent, ":"), end = strcspn(absent, "\n");
    if (strlen(text) == length && memcmp(text, absent, length) == 0) return absent;
    absent += end + (absent[end] == '\n');
  }
  return NULL;
}

static int set_choice(const option_spec *o, const char *text, tool_error *err) {
  const char *choice;
  size_t length;
  for (int i = 0; (choice = option_choice_text(o->value, i, &length)) != NULL; i++) {
    if (strlen(text) != length || memcmp(text, choice, length) != 0) continue;
    *(int *)o->target = i;
    return 0;
  }
  const char *absent = find_absent(o->absent, text);
  if (absent != NULL)
    return tool_fail(err, "--%s %.*s", o->name, (int)strcspn(absent, "\n"), absent);
  return tool_fail(err, "--%s '%.60s': allowed are %s", o->name, text, o->value);
}

static int set_string(const option_spec *o, const char *text, tool_error *err) {
  if (*text == '\0') return tool_fail(err, "--%s: the value is empty", o->name);
  *(const char **)o->target = text;
  return 0;
}

static int set_value(const option_spec *o, const char *text, tool_error *err) {
  switch (o->kind) {
    case OPTION_KIND_INT:
      return set_int(o, text, err);
    case OPTION_KIND_U64:
      return set_u64(o, text, err);
    case OPTION_KIND_REAL:
    case OPTION_KIND_REAL_OR_AUTO:
      return set_real(o, text, err);
    case OPTION_KIND_CHOICE:
      return set_choice(o, text, err);
    default:
      return set_string(o, text, err);
  }
}

static int add_operand(option_program *program, const char *word, tool_error *err) {
  if (program->operands_given == program->operands_max) {
    if (program->operands_max == 0)
      return tool_fail(err, "'%.60s' is no option; options begin with --", word);
    return tool_fail(err, "'%.60s' is one name too many; %zu are allowed", word,
                     program->operands_max);
  }
  program->operands[program->operands_given++] = word;
  return 0;
}

/* One option, with its value in the same word or the next. *used: how many words it took. */
static int read_option(option_program *program, const char *word, const char *next, int *used,
                       tool_error *err) {
  const char *name = word + 2;
  const size_t length = strcspn(name, "=");
  const char *attached = name[length] == '=' ? name + length + 1 : NULL;
  option_spec *o = find(program, name, length);
  if (length == 4 && memcmp(name, "help", 4) == 0)
    return tool_fail(err, "'%.60s': --help, --help=man and --help=bash are allowed", word);
  if (o == NULL) return unknown(program, name, length, err);
  o->given = 1;
  *used = 1;
  if (o->kind == OPTION_KIND_FLAG) {
    if (attached != NULL) return tool_fail(err, "--%s takes no value", o->name);
    *(int *)o->target = 1;
    return 0;
  }
  if (attached != NULL) return set_value(o, attached, err);
  /* A forgotten value would swallow the option after it; no value of ours begins with --. */
  if (next == NULL || strncmp(next, "--", 2) == 0)
    return tool_fail(err, "--%s needs a value (%s)", o->name, o->value);
  *used = 2;
  return set_value(o, next, err);
}

/* 1 if the word asks for help, and in which form. */
static int is_help(option_program *program, const char *word) {
  static const char *const words[] = {"--help", "--help=man", "--help=bash"};
  for (int i = 0; i < 3; i++)
    if (strcmp(word, words[i]) == 0) {
      program->form = (option_form)i;
      return 1;
    }
  program->form = OPTION_FORM_TEXT;
  return strcmp(word, "-h") == 0;
}

option_outcome options_read(option_program *program, int argc, char **argv, tool_error *err) {
  int words_only = 0;
  program->operands_given = 0;
  for (int i = 1; i < argc;) {
    const char *word = argv[i];
    int used = 1, answer = 0;
    if (!words_only && is_help(program, word)) return OPTIONS_HELP;
    if (!words_only && strcmp(word, "--") == 0)
      words_only = 1;
    else if (!words_only && strncmp(word, "--", 2) == 0)
      answer = read_option(program, word, i + 1 < argc ? argv[i + 1] : NULL, &used, err);
    else if (!words_only && word[0] == '-' && word[1] != '\0')
      answer = tool_fail(err, "'%.60s': options begin with two dashes; --help lists all", word);
    else
      answer = add_operand(program, word, err);
    if (answer != 0) return OPTIONS_USAGE;
    i += used;
  }
  return OPTIONS_RUN;
}

int option_given(const option_program *program, const char *name) {
  const option_spec *o = find(program, name, strlen(name));
  return o != NULL && o->given;
}
