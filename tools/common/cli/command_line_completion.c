/* SPDX-License-Identifier: Apache-2.0
 * --help=bash: what bash completes, from the table of options. */
#include <string.h>

#include "command_line.h"

/* kfix-train as the name of a function. */
static void put_function(FILE *stream, const option_program *program) {
  (void)fputc('_', stream);
  for (const char *at = program->name; *at != '\0'; at++)
    (void)fputc(*at == '-' ? '_' : *at, stream);
}

/* What may stand for its value: FILE.csv, DIR, NAME|PATH. */
static int takes_file(const option_spec *o) {
  return o->kind == OPTION_KIND_STRING &&
         (strstr(o->value, "FILE") != NULL || strstr(o->value, "PATH") != NULL ||
          strstr(o->value, "DIR") != NULL || strstr(o->value, ".npy") != NULL);
}

static void put_words(FILE *stream, const option_spec *o) {
  size_t length;
  const char *word;
  (void)fprintf(stream, "    --%s) words=\"", o->name);
  for (int i = 0; (word = option_choice_text(o->value, i, &length)) != NULL; i++)
    (void)fprintf(stream, "%s%.*s", i > 0 ? " " : "", (int)length, word);
  (void)fputs("\" ;;\n", stream);
}

/* The pattern of all options that take a file, or, with `files` 0, a number or other text. */
static void put_pattern(FILE *stream, const option_program *program, int files) {
  int any = 0;
  for (size_t i = 0; i < program->count; i++) {
    const option_spec *o = &program->options[i];
    const int has_words = o->kind == OPTION_KIND_GROUP || o->kind == OPTION_KIND_FLAG ||
                          o->kind == OPTION_KIND_CHOICE;
    if (has_words || takes_file(o) != files) continue;
    (void)fprintf(stream, "%s--%s", any ? "|" : "    ", o->name);
    any = 1;
  }
  if (!any) (void)fputs("    ''", stream);
}

static void put_names(FILE *stream, const option_program *program) {
  (void)fputs("    *) words=\"--help", stream);
  for (size_t i = 0; i < program->count; i++)
    if (program->options[i].kind != OPTION_KIND_GROUP)
      (void)fprintf(stream, " --%s", program->options[i].name);
  (void)fputs("\" ;;\n", stream);
}

/* bash takes --name=value apart into three words. */
void options_completion(const option_program *program, FILE *stream) {
  (void)fprintf(stream, "# Completion for bash, printed by %s --help=bash.\n", program->name);
  put_function(stream, program);
  (void)fputs(
      "() {\n"
      "  local now=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=\n"
      "  if [ \"$now\" = = ]; then\n"
      "    now=\n"
      "  elif [ \"$before\" = = ]; then\n"
      "    before=${COMP_WORDS[COMP_CWORD - 2]}\n"
      "  fi\n"
      "  COMPREPLY=()\n"
      "  case $before in\n",
      stream);
  for (size_t i = 0; i < program->count; i++)
    if (program->options[i].kind == OPTION_KIND_CHOICE) put_words(stream, &program->options[i]);
  put_pattern(stream, program, 1);
  (void)fputs(
      ")\n"
      "      compopt -o filenames 2> /dev/null\n"
      "      mapfile -t COMPREPLY < <(compgen -f -- \"$now\")\n"
      "      return ;;\n",
      stream);
  put_pattern(stream, program, 0);
  (void)fputs(") return ;;\n", stream);
  put_names(stream, program);
  (void)fputs(
      "  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$now\")\n"
      "}\n"
      "complete -F ",
      stream);
  put_function(stream, program);
  (void)fprintf(stream, " %s\n", program->name);
}
