/* SPDX-License-Identifier: Apache-2.0
 * Tables of numbers. */
#include "table_csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "csv_bad_field.h"
#include "csv_classes.h"

/* The text being read: where, in which line, and what separates its fields. */
typedef struct csv_text {
  const char *path, *at;
  size_t line;
  char separator;
  csv_wish wish;
} csv_text;

/* Spreadsheets begin a file in UTF-8 with this mark. */
static const char *skip_mark(const char *at) {
  return strncmp(at, "\xef\xbb\xbf", 3) == 0 ? at + 3 : at;
}

static int check_text(const char *path, const file_bytes *content, tool_error *err) {
  const unsigned char *c = content->data;
  if (content->size >= 2 && ((c[0] == 0xff && c[1] == 0xfe) || (c[0] == 0xfe && c[1] == 0xff)))
    return tool_fail(err, "%s: is in UTF-16; save it as CSV in UTF-8", path);
  if (strlen((const char *)c) == content->size) return 0;
  return tool_fail(err, "%s: not a text file (it holds a zero byte)", path);
}

/* ---- what separates fields ---- */

static int all_numbers(const char *line, char separator) {
  csv_field field = {.is_last = 0};
  while (!field.is_last) {
    const char *rest;
    double value;
    line = csv_next_field(line, separator, &field);
    if (csv_read_number(&field, &value, &rest) != CSV_NUMBER || field.extra != NULL) return 0;
  }
  return 1;
}

/* The one with which the line is of numbers. Else, for the message, a semicolon or tab before a
 * comma, which then is a decimal one. */
static char separator_of(const char *line) {
  static const char separators[] = ";,\t", by_rank[] = ";\t,";
  for (int i = 0; i < 3; i++)
    if (csv_count_fields(line, separators[i]) > 1 && all_numbers(line, separators[i]))
      return separators[i];
  for (int i = 0; i < 3; i++)
    if (csv_count_fields(line, by_rank[i]) > 1) return by_rank[i];
  return ',';
}

/* ---- the heading ---- */

/* A first line with names and nothing like a number. */
static int is_heading(const csv_text *t) {
  const char *at = t->at, *rest;
  csv_field field = {.is_last = 0};
  int names = 0;
  while (!field.is_last) {
    double value;
    at = csv_next_field(at, t->separator, &field);
    const csv_kind kind = csv_read_number(&field, &value, &rest);
    if (field.is_open || (kind != CSV_TEXT && kind != CSV_EMPTY && kind != CSV_MISSING)) return 0;
    names += kind == CSV_TEXT;
  }
  return names > 0;
}

/* What pandas and R call the column of row numbers: nothing, or that. */
static int names_an_index(const csv_text *t) {
  csv_field first;
  (void)csv_next_field(t->at, t->separator, &first);
  return first.length == 0 || (first.length == 10 && memcmp(first.text, "Unnamed: 0", 10) == 0);
}

/* A single field over several columns is a title. */
static int check_heading(const csv_text *t, size_t names, size_t cols, size_t line,
                         tool_error *err) {
  if (names == 1 || names == cols) return 0;
  return tool_fail(err,
                   "%s: line %zu has %zu names, line %zu has %zu fields: give each column one name "
                   "(R: write.csv with row.names = FALSE)",
                   t->path, t->line, names, line, cols);
}

static int take_names(const csv_text *t, csv_table *table, tool_error *err) {
  const char *at = t->at;
  csv_field field = {.is_last = 0};
  while (!field.is_last) {
    at = csv_next_field(at, t->separator, &field);
    if (csv_check_kept(t->path, t->line, &field, err) != 0) return -1;
    if (words_add(&table->names, field.text, field.length) != 0)
      return tool_fail(err, "%s: no memory for the names of its columns", t->path);
  }
  return 0;
}

/* ---- rows ---- */

/* The last field of a row where it may be a word; 1: it is to be read as a number. */
static int read_last(csv_text *t, csv_table *table, const csv_field *field, csv_kind kind,
                     double *value, tool_error *err) {
  if (t->wish.unread > 0 && table->cols == t->wish.unread + 1) {
    *value = 0;
    return 0;
  }
  if (!t->wish.words || field->extra != NULL) return 1;
  if (table->rows == 0) table->words = kind == CSV_TEXT;
  if (kind == CSV_TEXT && table->words)
    return csv_read_class(t->path, t->line, t->wish.known, &table->classes, field, value, err);
  if (kind == CSV_NUMBER && table->words)
    return csv_bad_class(t->path, t->line, field, " is a number, but the rows before have words",
                         err);
  return 1;
}

/* The line at t->at into one row of the table, and past it. */
static int parse_row(csv_text *t, csv_table *table, tool_error *err) {
  double *row = table->values + table->rows * table->cols;
  const char *at = t->at, *rest;
  csv_field field;
  for (size_t j = 0; j < table->cols; j++) {
    at = csv_next_field(at, t->separator, &field);
    const csv_kind kind = csv_read_number(&field, &row[j], &rest);
    const int last = j + 1 == table->cols && !field.is_open;
    const int answer = last ? read_last(t, table, &field, kind, &row[j], err) : 1;
    if (answer < 0) return -1;
    if (answer > 0 && (kind != CSV_NUMBER || field.extra != NULL || field.is_open))
      return csv_bad_field(t->path, t->line, j + 1, kind, &field, rest, err);
    if (field.is_last != (j + 1 == table->cols))
      return tool_fail(
          err,
          "%s: line %zu has %s fields than the first (%zu): give every row one field "
          "for each column%s",
          t->path, t->line, field.is_last ? "fewer" : "more", table->cols,
          field.is_last ? ", or leave this line out" : "; commas within a field need quotes");
  }
  table->lines[table->rows++] = t->line;
  t->at = csv_next_line(at);
  t->line++;
  return 0;
}

static int parse_rows(csv_text *t, csv_table *table, tool_error *err) {
  while (*(t->at = csv_skip_empty(t->at, &t->line)) != '\0')
    if (parse_row(t, table, err) != 0) return -1;
  return table->rows > 0 ? 0
                         : tool_fail(err,
                                     "%s: holds no rows: put rows of numbers in it (under its "
                                     "heading, if any), the target in the last column",
                                     t->path);
}

/* No more rows than lines, nor than fit the bytes: a field is a digit and what follows it. */
static int reserve(const csv_text *t, csv_table *table, tool_error *err) {
  const size_t bytes = strlen(t->at), most = (bytes + 1) / (2 * table->cols) + 1;
  const size_t lines = csv_count_lines(t->at, t->at + bytes) + 1,
               rows = lines < most ? lines : most;
  table->values = malloc(rows * table->cols * sizeof *table->values);
  table->lines = malloc(rows * sizeof *table->lines);
  if (table->values != NULL && table->lines != NULL) return 0;
  return tool_fail(err, "%s: too large for this machine's memory", t->path);
}

/* ---- what looks like data and is none ---- */

/* The column counts the rows, from 0 or 1. */
static int is_index(const csv_table *table) {
  if (table->rows < 2 || (table->values[0] != 0 && table->values[0] != 1)) return 0;
  for (size_t i = 1; i < table->rows; i++)
    if (table->values[i * table->cols] != table->values[0] + (double)i) return 0;
  return 1;
}

/* The first row is 0, 1, 2, ...: what pandas calls columns that have no names. */
static int counts_columns(const csv_table *table) {
  for (size_t j = 0; j < table->cols; j++)
    if (table->values[j] != (double)j) return 0;
  return table->cols > 3 && table->classes.count == 0;
}

static int check_meaning(const csv_text *t, const csv_table *table, int maybe_index, int heading,
                         tool_error *err) {
  if (maybe_index && is_index(table))
    return tool_fail(err,
                     "%s: its first column has no name and counts the rows: leave it out (pandas: "
                     "to_csv with index=False; R: row.names = FALSE), or name it if it is an input",
                     t->path);
  if (!heading && counts_columns(table))
    return tool_fail(err,
                     "%s: line %zu, 0 to %zu, seems to number the columns: leave it out (pandas: "
                     "to_csv with header=False), or put a line of names before it if it is data",
                     t->path, table->lines[0], table->cols - 1);
  return 0;
}

/* ---- */

/* Lines of comment, and empty ones, before the first row; how many comments. */
static size_t skip_comments(csv_text *t) {
  size_t count = 0;
  while (csv_is_comment(t->at = csv_skip_empty(t->at, &t->line))) {
    t->at = csv_next_line(t->at + strcspn(t->at, "\r\n"));
    t->line++;
    count++;
  }
  return count;
}

static int parse(csv_text *t, csv_table *table, tool_error *err) {
  table->comments = skip_comments(t);
  const char *second = csv_next_line(csv_line_end(t->at));
  size_t line = t->line + csv_count_lines(t->at, second);
  second = csv_skip_empty(second, &line);
  t->separator = separator_of(*second == '\0' ? t->at : second);
  const int heading = is_heading(t), maybe_index = heading && names_an_index(t);
  if (heading) {
    const size_t names = csv_count_fields(t->at, t->separator);
    table->cols = csv_count_fields(second, t->separator);
    if (*second != '\0' && check_heading(t, names, table->cols, line, err) != 0) return -1;
    if (names == table->cols && take_names(t, table, err) != 0) return -1;
    t->at = second;
    t->line = line;
  } else {
    table->cols = csv_count_fields(t->at, t->separator);
  }
  if (reserve(t, table, err) != 0 || parse_rows(t, table, err) != 0) return -1;
  if (csv_sort_classes(t->path, &table->classes, table->values, table->rows, table->cols, err) != 0)
    return -1;
  return check_meaning(t, table, maybe_index, heading, err);
}

int csv_parse_as(const char *path, const file_bytes *content, const csv_wish *wish,
                 csv_table *table, tool_error *err) {
  csv_text text = {path, skip_mark((const char *)content->data), 1, ',', *wish};
  memset(table, 0, sizeof *table);
  if (check_text(path, content, err) != 0) return -1;
  const int answer = parse(&text, table, err);
  if (answer != 0) csv_free(table);
  return answer;
}

int csv_parse(const char *path, const file_bytes *content, csv_table *table, tool_error *err) {
  const csv_wish none = {0, NULL, 0};
  return csv_parse_as(path, content, &none, table, err);
}

int csv_load_as(const char *path, const csv_wish *wish, csv_table *table, tool_error *err) {
  file_bytes content;
  memset(table, 0, sizeof *table);
  if (file_read(path, &content, err) != 0) return -1;
  const int answer = csv_parse_as(path, &content, wish, table, err);
  file_free(&content);
  return answer;
}

int csv_load(const char *path, csv_table *table, tool_error *err) {
  const csv_wish none = {0, NULL, 0};
  return csv_load_as(path, &none, table, err);
}

int csv_append(csv_table *table, const csv_table *more) {
  const size_t rows = table->rows + more->rows, count = more->rows * table->cols;
  double *values = realloc(table->values, rows * table->cols * sizeof *values);
  if (values != NULL) table->values = values;
  size_t *lines = realloc(table->lines, rows * sizeof *lines);
  if (lines != NULL) table->lines = lines;
  if (values == NULL || lines == NULL) return -1;
  memcpy(values + table->rows * table->cols, more->values, count * sizeof *values);
  memcpy(lines + table->rows, more->lines, more->rows * sizeof *lines);
  table->rows = rows;
  return 0;
}

void csv_free(csv_table *table) {
  free(table->values);
  free(table->lines);
  words_free(&table->names);
  words_free(&table->classes);
  memset(table, 0, sizeof *table);
}
