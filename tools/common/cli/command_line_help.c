/* SPDX-License-Identifier: Apache-2.0
 * --help and usage messages, from the table of options. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "command_line.h"

#define COLUMN 26 /* where help texts begin */
#define WIDTH  90

/* Writes text from column COLUMN on, broken into lines at spaces. */
static void wrapped(FILE *stream, const char *text) {
  size_t at = COLUMN;
  for (;;) {
    const size_t word = strcspn(text, " ");
    (void)fprintf(stream, "%.*s", (int)word, text);
    at += word;
    text += word;
    text += strspn(text, " ");
    if (*text == '\0') return;
    if (at + 1 + strcspn(text, " ") > WIDTH) {
      (void)fprintf(stream, "\n%*s", COLUMN, "");
      at = COLUMN;
    } else {
      (void)fputc(' ', stream);
      at++;
    }
  }
}

static void default_text(const option_spec *o, char *out, size_t room) {
  out[0] = '\0';
  size_t length = 0;
  if (o->kind == OPTION_KIND_INT) {
    (void)snprintf(out, room, " [%" PRId64 "]", *(const int64_t *)o->target);
  } else if (o->kind == OPTION_KIND_U64) {
    (void)snprintf(out, room, " [%" PRIu64 "]", *(const uint64_t *)o->target);
  } else if (o->kind == OPTION_KIND_REAL && !isnan(*(const double *)o->target)) {
    (void)snprintf(out, room, " [%.12g]", *(const double *)o->target);
  } else if (o->kind == OPTION_KIND_REAL_OR_AUTO) {
    const double value = *(const double *)o->target;
    (void)snprintf(out, room, value == OPTION_AUTO ? " [auto]" : " [%.12g]", value);
  } else if (o->kind == OPTION_KIND_STRING && *(const char **)o->target != NULL) {
    (void)snprintf(out, room, " [%s]", *(const char **)o->target);
  } else if (o->kind == OPTION_KIND_CHOICE) {
    const char *choice = option_choice_text(o->value, *(const int *)o->target, &length);
    if (choice != NULL) (void)snprintf(out, room, " [%.*s]", (int)length, choice);
  }
}

void option_text(const option_spec *o, char text[OPTION_TEXT_BYTES]) {
  char fallback[160];
  default_text(o, fallback, sizeof fallback);
  (void)snprintf(text, OPTION_TEXT_BYTES, "%s%s%s%s", o->help,
                 o->kind == OPTION_KIND_CHOICE ? ": " : "",
                 o->kind == OPTION_KIND_CHOICE ? o->value : "", fallback);
}

const char *option_value_name(const option_spec *o) {
  if (o->kind == OPTION_KIND_FLAG) return NULL;
  return o->kind == OPTION_KIND_CHOICE ? "NAME" : o->value;
}

static void help_line(const option_spec *o, FILE *stream) {
  char text[OPTION_TEXT_BYTES];
  if (o->kind == OPTION_KIND_GROUP) {
    (void)fprintf(stream, "\n%s:\n", o->name);
    return;
  }
  const char *value = option_value_name(o);
  const int wide =
      fprintf(stream, "  --%s%s%s", o->name, value == NULL ? "" : " ", value == NULL ? "" : value);
  if (wide >= COLUMN - 1)
    (void)fprintf(stream, "\n%*s", COLUMN, "");
  else
    (void)fprintf(stream, "%*s", COLUMN - wide, "");
  option_text(o, text);
  wrapped(stream, text);
  (void)fputc('\n', stream);
}

void options_help(const option_program *program, FILE *stream) {
  (void)fprintf(stream, "usage: %s %s\n%s\n", program->name,
                program->usage == NULL ? "[options]" : program->usage, program->summary);
  if (program->count == 0 || program->options[0].kind != OPTION_KIND_GROUP)
    (void)fputs("\noptions (their defaults in brackets):\n", stream);
  for (size_t i = 0; i < program->count; i++) help_line(&program->options[i], stream);
  (void)fprintf(stream, "  --help%*s", COLUMN - 8, "");
  wrapped(stream, "this text; --help=man: as a manual page; --help=bash: completion for bash");
  (void)fputc('\n', stream);
  if (program->notes != NULL) (void)fprintf(stream, "\n%s\n", program->notes);
}

int options_complain(const option_program *program, const tool_error *err) {
  (void)fprintf(stderr, "%s: %s (see %s --help)\n", program->name, err->text, program->name);
  return 2;
}

option_outcome options_parse(option_program *program, int argc, char **argv) {
  tool_error err;
  const option_outcome outcome = options_read(program, argc, argv, &err);
  static void (*const forms[])(const option_program *, FILE *) = {options_help, options_man,
                                                                  options_completion};
  if (outcome == OPTIONS_HELP) forms[program->form](program, stdout);
  if (outcome == OPTIONS_USAGE) (void)options_complain(program, &err);
  return outcome;
}
