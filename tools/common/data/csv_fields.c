/* SPDX-License-Identifier: Apache-2.0
 * Lines, fields and numbers of a text of separated values. */
#include "csv_fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int is_line_end(char c) {
  return c == '\n' || c == '\r' || c == '\0';
}

static int is_blank(char c, char separator) {
  return c == ' ' || (c == '\t' && separator != '\t');
}

static const char *skip_blanks(const char *at, char separator) {
  while (is_blank(*at, separator)) at++;
  return at;
}

static const char *field_end(const char *at, char separator) {
  while (*at != separator && !is_line_end(*at)) at++;
  return at;
}

/* The quote that closes the one before `at`, or the NUL; two quotes stand for one. */
static const char *closing_quote(const char *at) {
  for (; *at != '\0'; at++) {
    if (*at != '"') continue;
    if (at[1] != '"') break;
    at++;
  }
  return at;
}

const char *csv_next_field(const char *at, char separator, csv_field *field) {
  const char *end;
  *field = (csv_field){.text = skip_blanks(at, separator)};
  field->is_quoted = *field->text == '"';
  if (field->is_quoted) {
    const char *quote = closing_quote(++field->text);
    const char *after = *quote == '\0' ? quote : skip_blanks(quote + 1, separator);
    end = field_end(after, separator);
    field->is_open = *quote == '\0';
    field->extra = end == after ? NULL : after;
    field->length = (size_t)(quote - field->text);
  } else {
    end = field_end(field->text, separator);
    field->length = (size_t)(end - field->text);
  }
  /* within quotes too: " 1.5 " */
  while (field->length > 0 && is_blank(field->text[field->length - 1], separator)) field->length--;
  while (field->length > 0 && is_blank(*field->text, separator)) field->text++, field->length--;
  field->is_last = *end != separator;
  return field->is_last ? end : end + 1;
}

size_t csv_count_fields(const char *line, char separator) {
  csv_field field = {.is_last = 0};
  size_t fields = 0;
  for (; !field.is_last; fields++) line = csv_next_field(line, separator, &field);
  return fields;
}

const char *csv_next_line(const char *line_end) {
  if (*line_end == '\0') return line_end;
  return line_end + (line_end[0] == '\r' && line_end[1] == '\n' ? 2 : 1);
}

const char *csv_line_end(const char *line) {
  for (int begins = 1; !is_line_end(*line); line++) {
    if (begins && *line == '"') {
      line = closing_quote(line + 1);
      if (*line == '\0') return line;
    }
    begins = strchr(",;\t", *line) != NULL || (begins && *line == ' ');
  }
  return line;
}

const char *csv_skip_empty(const char *at, size_t *line) {
  for (;;) {
    const char *end = at + strspn(at, " \t");
    if (!is_line_end(*end)) return at;
    if (*end == '\0') return end;
    at = csv_next_line(end);
    ++*line;
  }
}

size_t csv_count_lines(const char *from, const char *to) {
  size_t lines = 0;
  for (; from < to; from++) lines += *from == '\n' || (*from == '\r' && from[1] != '\n');
  return lines;
}

static int is_missing(const csv_field *field) {
  static const char *const words[] = {"NA", "N/A", "#N/A", "<NA>", "null", "none", "NaT", "?", "-"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strlen(words[i]) == field->length && strncasecmp(field->text, words[i], field->length) == 0)
      return 1;
  return 0;
}

/* Groups of three digits behind commas. A single group of a field without quotes may as well be
 * decimals: 1,234 between semicolons. */
static int is_thousands(const csv_field *field, const char *rest, const char *end) {
  const size_t sign = strspn(field->text, "+-"), lead = (size_t)(rest - field->text) - sign;
  int groups = 0;
  if (lead < 1 || lead > 3) return 0;
  for (; rest < end && *rest == ','; rest += 4, groups++)
    if (end - rest < 4 || strspn(rest + 1, "0123456789") != 3) return 0;
  const int has_point = rest < end && *rest == '.';
  return (rest == end || has_point) && (field->is_quoted || groups > 1 || has_point);
}

/* Of a number followed by something else. */
static csv_kind kind_of_rest(const csv_field *field, const char *rest, const char *end) {
  const char *next = rest + strspn(rest, " \t;");
  if (*rest == ',') return is_thousands(field, rest, end) ? CSV_THOUSANDS : CSV_DECIMAL_COMMA;
  if (next > rest && next < end && strchr("+-.0123456789", *next) != NULL) return CSV_TWO_NUMBERS;
  return CSV_TEXT;
}

csv_kind csv_read_number(const csv_field *field, double *value, const char **rest) {
  const char *text = field->text, *const end = text + field->length;
  char *stop;
  *rest = text;
  if (field->length == 0) return CSV_EMPTY;
  if (is_missing(field)) return CSV_MISSING;
  if ((unsigned char)*text <= ' ') return CSV_TEXT; /* strtod would look beyond the field */
  const char *digits = text + strspn(text, "+-");
  if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) return CSV_HEXADECIMAL;
  *value = strtod(text, &stop);
  if (stop == text || stop > end) return CSV_TEXT;
  if (stop == end) return isfinite(*value) ? CSV_NUMBER : CSV_NOT_FINITE;
  *rest = stop + strspn(stop, " \t");
  return kind_of_rest(field, stop, end);
}

int csv_is_comment(const char *line) {
  static const char separators[] = ",;\t";
  if (*line != '#') return 0;
  for (int i = 0; i < 3; i++) {
    const char *at = line, *rest;
    csv_field field = {.is_last = 0};
    while (!field.is_last) {
      double value;
      at = csv_next_field(at, separators[i], &field);
      const csv_kind kind = csv_read_number(&field, &value, &rest);
      if (kind == CSV_NUMBER || (kind == CSV_MISSING && field.text == line)) return 0;
    }
  }
  return 1;
}
