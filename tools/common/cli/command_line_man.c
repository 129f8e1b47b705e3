/* SPDX-License-Identifier: Apache-2.0
 * --help=man: the manual page, from the table of options. */
#include <string.h>

#include "command_line.h"
#include "lib/kfix.h"

/* Text as troff takes it: a minus that can be copied, no escapes of its own, and no line that begins
 * with what would be a request. */
static void put_text(FILE *stream, const char *text, size_t length) {
  if (length > 0 && strchr(".'", *text) != NULL) (void)fputs("\\&", stream);
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '\\')
      (void)fputs("\\e", stream);
    else if (text[i] == '-')
      (void)fputs("\\-", stream);
    else if (text[i] == '|')
      (void)fputs("|\\:", stream); /* a line may end here */
    else
      (void)fputc(text[i], stream);
  }
}

static void put_line(FILE *stream, const char *text) {
  put_text(stream, text, strlen(text));
  (void)fputc('\n', stream);
}

static void put_heading(FILE *stream, const option_program *program) {
  (void)fputs(".TH \"", stream);
  put_text(stream, program->name, strlen(program->name));
  (void)fputs("\" 1 \"\" \"kfix " KFIX_VERSION "\" \"kfix\"\n.SH NAME\n", stream);
  put_text(stream, program->name, strlen(program->name));
  (void)fputs(" \\- ", stream);
  size_t length = strcspn(program->summary, "\n");
  length -= length > 0 && program->summary[length - 1] == '.';
  put_text(stream, program->summary, length);
  (void)fputs("\n.SH SYNOPSIS\n.B ", stream);
  put_line(stream, program->name);
  put_line(stream, program->usage == NULL ? "[options]" : program->usage);
}

static void put_option(FILE *stream, const option_spec *o) {
  char text[OPTION_TEXT_BYTES];
  if (o->kind == OPTION_KIND_GROUP) {
    (void)fputs(".SS ", stream);
    put_line(stream, o->name);
    return;
  }
  const char *value = option_value_name(o);
  (void)fputs(".TP\n\\fB\\-\\-", stream);
  put_text(stream, o->name, strlen(o->name));
  (void)fputs("\\fR", stream);
  if (value != NULL) {
    (void)fputs(" \\fI", stream);
    put_text(stream, value, strlen(value));
    (void)fputs("\\fR", stream);
  }
  (void)fputc('\n', stream);
  option_text(o, text);
  put_line(stream, text);
}

/* Lines are joined and filled, but for those that begin with a blank; an empty one ends a
 * paragraph. */
static void put_notes(FILE *stream, const char *notes) {
  int as_is = 0;
  while (*notes != '\0') {
    const size_t length = strcspn(notes, "\n");
    const int indented = *notes == ' ';
    if (indented != as_is) (void)fputs(indented ? ".nf\n" : ".fi\n", stream);
    as_is = indented;
    if (length == 0) (void)fputs(".PP", stream);
    put_text(stream, notes, length);
    (void)fputc('\n', stream);
    notes += length + (notes[length] == '\n');
  }
  if (as_is) (void)fputs(".fi\n", stream);
}

void options_man(const option_program *program, FILE *stream) {
  put_heading(stream, program);
  (void)fputs(".SH DESCRIPTION\n", stream);
  put_notes(stream, program->summary);
  (void)fputs(".SH OPTIONS\n", stream);
  if (program->count == 0 || program->options[0].kind != OPTION_KIND_GROUP)
    (void)fputs("Defaults are in brackets.\n", stream);
  for (size_t i = 0; i < program->count; i++) put_option(stream, &program->options[i]);
  if (program->notes == NULL) return;
  (void)fputs(".SH NOTES\n", stream);
  put_notes(stream, program->notes);
}
