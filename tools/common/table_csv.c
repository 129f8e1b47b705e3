/* SPDX-License-Identifier: Apache-2.0
 * Tables of numbers. */
#include "table_csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_blanks(const char *at) {
  return at + strspn(at, " \t\r");
}

static size_t count_lines(const file_bytes *content) {
  size_t lines = 1;
  for (size_t i = 0; i < content->size; i++) lines += content->data[i] == '\n';
  return lines;
}

/* Fields of the line: commas and one. */
static size_t count_fields(const char *line) {
  size_t fields = 1;
  for (; *line != '\0' && *line != '\n'; line++) fields += *line == ',';
  return fields;
}

/* All of the field is a number. */
static int is_number(const char *field) {
  char *end;
  field = skip_blanks(field);
  if (*field == '\n') return 0; /* strtod would go on in the next line */
  (void)strtod(field, &end);
  if (end == field) return 0;
  end += strspn(end, " \t\r");
  return *end == ',' || *end == '\n' || *end == '\0';
}

/* A first line that has fields, but no number, holds names. */
static int is_heading(const char *line) {
  const char *start = skip_blanks(line);
  if (*start == '\n' || *start == '\0') return 0;
  for (; !is_number(line); line++) {
    line += strcspn(line, ",\n");
    if (*line != ',') return 1;
  }
  return 0;
}

/* Spreadsheets begin a file in UTF-8 with this mark. */
static const char *skip_mark(const char *at) {
  return strncmp(at, "\xef\xbb\xbf", 3) == 0 ? at + 3 : at;
}

/* How much of a bad field a message shows. */
static int shown(const char *field) {
  const size_t length = strcspn(field, ",\r\n");
  return length < 24 ? (int)length : 24;
}

/* One line into one row of the table; *next is where the following line begins. */
static int parse_row(const char *path, size_t line, const char *at, csv_table *table,
                     const char **next, tool_error *err) {
  double *row = table->values + table->rows * table->cols;
  for (size_t j = 0; j < table->cols; j++) {
    char *end;
    at = skip_blanks(at);
    /* strtod would skip a line feed and take the next line's number */
    row[j] = *at == '\n' ? NAN : strtod(at, &end);
    if (*at == '\n' || end == at || !isfinite(row[j]))
      return tool_fail(err, "%s: line %zu, field %zu is no finite number: '%.*s'", path, line,
                       j + 1, shown(at), at);
    at = skip_blanks(end);
    const char wanted = j + 1 < table->cols ? ',' : '\n';
    if (*at == wanted || (wanted == '\n' && *at == '\0')) {
      at += *at != '\0';
      continue;
    }
    if (*at == ',' || *at == '\n' || *at == '\0')
      return tool_fail(err, "%s: line %zu has %s fields than the first (%zu)", path, line,
                       *at == ',' ? "more" : "fewer", table->cols);
    return tool_fail(err, "%s: line %zu, field %zu: '%.*s' follows the number", path, line, j + 1,
                     shown(at), at);
  }
  *next = at;
  return 0;
}

static int parse_lines(const char *path, const char *at, size_t line, csv_table *table,
                       tool_error *err) {
  for (; *at != '\0'; line++) {
    const char *start = skip_blanks(at);
    if (*start == '\n') { /* an empty line */
      at = start + 1;
      continue;
    }
    if (*start == '\0') break;
    if (parse_row(path, line, at, table, &at, err) != 0) return -1;
    table->lines[table->rows++] = line;
  }
  return 0;
}

static int reserve(const char *path, size_t lines, csv_table *table, tool_error *err) {
  if (lines <= SIZE_MAX / sizeof(double) / table->cols) {
    table->values = malloc(lines * table->cols * sizeof *table->values);
    table->lines = malloc(lines * sizeof *table->lines);
  }
  if (table->values != NULL && table->lines != NULL) return 0;
  return tool_fail(err, "%s: too large for this machine's memory", path);
}

int csv_parse(const char *path, const file_bytes *content, csv_table *table, tool_error *err) {
  const char *at = (const char *)content->data;
  size_t line = 1;
  *table = (csv_table){0, 0, NULL, NULL};
  if (strlen(at) != content->size)
    return tool_fail(err, "%s: not a text file (it holds a zero byte)", path);
  at = skip_mark(at);
  if (is_heading(at)) {
    at += strcspn(at, "\n");
    at += *at == '\n';
    line++;
  }
  table->cols = count_fields(at);
  int answer = reserve(path, count_lines(content), table, err);
  if (answer == 0) answer = parse_lines(path, at, line, table, err);
  if (answer == 0 && table->rows == 0) answer = tool_fail(err, "%s: holds no rows", path);
  if (answer != 0) csv_free(table);
  return answer;
}

int csv_load(const char *path, csv_table *table, tool_error *err) {
  file_bytes content;
  *table = (csv_table){0, 0, NULL, NULL};
  if (file_read(path, &content, err) != 0) return -1;
  const int answer = csv_parse(path, &content, table, err);
  file_free(&content);
  return answer;
}

void csv_free(csv_table *table) {
  free(table->values);
  free(table->lines);
  *table = (csv_table){0, 0, NULL, NULL};
}
