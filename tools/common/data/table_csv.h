/* SPDX-License-Identifier: Apache-2.0
 * Tables of numbers, one row to a line, gzip or not, separated by commas, semicolons or tabs, which
 * the first row of numbers shows. Numbers are written with points, and may stand in quotes. Lines end
 * with LF, CR LF or CR; empty ones are skipped anywhere. A byte order mark, and lines of comment, are
 * skipped before the first row: they begin with # and none of their fields is a number. Then a first
 * line none of whose fields is a number holds names. */
#ifndef KFIX_TOOLS_TABLE_CSV_H
#define KFIX_TOOLS_TABLE_CSV_H

#include "files/file_bytes.h"
#include "word_list.h"

typedef struct csv_table {
  size_t rows, cols;
  double *values;    /* rows x cols; csv_free releases all */
  size_t *lines;     /* where each row stands in the file, from 1 */
  size_t comments;   /* lines of comment that were skipped */
  word_list names;   /* of the columns, or none */
  int words;         /* the last column holds words */
  word_list classes; /* of a last column of words, ascending: its values are their places */
} csv_table;

/* What the last column may be besides numbers. Zeros: nothing. */
typedef struct csv_wish {
  int words;              /* it may hold words, in all rows or in none */
  const word_list *known; /* with `words`: which, and their places; none: any up to 1000 */
  size_t unread; /* of so many columns and one more, the last is not read: it is 0; 0: it is */
} csv_wish;

/* Refused, with the line: a field that is no finite number, a row of another length, and what was
 * not meant as data but would be taken for it: a decimal comma, thousands separators, a column that
 * counts the rows, a first line that counts the columns; names and classes that are not UTF-8. */
int csv_load(const char *path, csv_table *table, tool_error *err);
int csv_parse(const char *path, const file_bytes *content, csv_table *table, tool_error *err);
/* The same, with a wish for the last column. Refused too: a word that is not known, words where the
 * first row has a number, a number where it has a word. */
int csv_load_as(const char *path, const csv_wish *wish, csv_table *table, tool_error *err);
int csv_parse_as(const char *path, const file_bytes *content, const csv_wish *wish,
                 csv_table *table, tool_error *err);
/* The rows of `more`, of as many columns, behind those of table. -1: no memory, nothing changed. */
int csv_append(csv_table *table, const csv_table *more);
void csv_free(csv_table *table);

#endif
