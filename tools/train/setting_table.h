/* SPDX-License-Identifier: Apache-2.0
 * The library's settings as command line options: rows for the table of options.h, made at run time
 * from kfix_option_infos. */
#ifndef KFIX_TOOLS_SETTING_TABLE_H
#define KFIX_TOOLS_SETTING_TABLE_H

#include "cli/command_line.h"
#include "lib/kfix.h"

#define SETTING_TEXT_BYTES 160

/* Where the parser puts what it reads; zeroed before use. */
typedef struct setting_table {
  double reals[KFIX_OPTION_COUNT];
  int64_t wholes[KFIX_OPTION_COUNT];
  int choices[KFIX_OPTION_COUNT];
  char text[KFIX_OPTION_COUNT][SETTING_TEXT_BYTES]; /* "adaptive|fixed", "0..1" */
} setting_table;

/* Fills rows[0 .. KFIX_OPTION_COUNT), whose defaults are those of `defaults`. The rows point into
 * the table. */
void setting_rows(setting_table *table, const kfix_options *defaults, option_spec *rows);

/* After the parse: what the rows hold goes to out, which of them were given to `given`. */
int setting_take(const setting_table *table, const option_spec *rows, kfix_options *out,
                 unsigned char given[KFIX_OPTION_COUNT], tool_error *err);

/* A value as the command line writes it: a number that reads back exactly, or a word. */
void setting_text(const kfix_options *settings, kfix_option_id id, char *out, size_t room);

/* Sets an option from such a text, by its flag's name; -1: no such option, or no such value. */
int setting_parse(kfix_options *settings, const char *flag, const char *text);

#endif
