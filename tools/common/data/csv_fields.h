/* SPDX-License-Identifier: Apache-2.0
 * Lines and fields of a text of separated values (RFC 4180, and what else spreadsheets write). A
 * text ends with a NUL; a line ends with LF, CR LF, CR or the text. */
#ifndef KFIX_TOOLS_CSV_FIELDS_H
#define KFIX_TOOLS_CSV_FIELDS_H

#include <stddef.h>

/* Blanks and one pair of quotes around it are cut off. */
typedef struct csv_field {
  const char *text;
  size_t length;
  int is_last;
  const char *extra; /* what follows the closing quote but should not, or NULL */
  int is_quoted;
  int is_open; /* its quote is not closed */
} csv_field;

/* The field at `at`, which may be that of an empty line; returns where the next one begins, or,
 * after the last, where the line ends. */
const char *csv_next_field(const char *at, char separator, csv_field *field);

size_t csv_count_fields(const char *line, char separator);

/* Past the end of the line that ends here; at a NUL, stays. */
const char *csv_next_line(const char *line_end);

/* Where the line ends: a quoted field may hold line ends. */
const char *csv_line_end(const char *line);

/* Past lines of nothing but blanks; *line grows by their number. */
const char *csv_skip_empty(const char *at, size_t *line);

/* Line ends in [from, to). */
size_t csv_count_lines(const char *from, const char *to);

typedef enum csv_kind {
  CSV_NUMBER, /* finite; *value is set */
  CSV_EMPTY,
  CSV_NOT_FINITE,    /* or too large for a double */
  CSV_HEXADECIMAL,   /* 0x1f: more likely a name than a number */
  CSV_DECIMAL_COMMA, /* 1,5 */
  CSV_THOUSANDS,     /* "1,000" in quotes; 1,234,567; 1,000.5 */
  CSV_TWO_NUMBERS,   /* 1 2, or 1;2 between commas */
  CSV_MISSING,       /* NA, null, ... */
  CSV_TEXT
} csv_kind;

/* *rest: what of the field is not part of the number that it begins with. */
csv_kind csv_read_number(const csv_field *field, double *value, const char **rest);

/* 1 if the line begins with # and has no field that is a number, whatever separates them: #DIV/0!,2 is a
 * row. */
int csv_is_comment(const char *line);

#endif
