/* SPDX-License-Identifier: Apache-2.0
 * What is wrong with a field. */
#include "csv_bad_field.h"

#include <string.h>

#include "arrays/json_reader.h"

static const char *advice(csv_kind kind, const csv_field *field) {
  switch (kind) {
    case CSV_EMPTY:
      return field->is_last ? ": fill it, or remove a separator that ends the lines"
                            : ": fill it, or leave the row out";
    case CSV_NOT_FINITE:
    case CSV_MISSING:
      return ": mend it, or leave the row out";
    case CSV_HEXADECIMAL:
      return ": hexadecimal is not read";
    case CSV_DECIMAL_COMMA:
      return ": a decimal comma? write numbers with points";
    case CSV_THOUSANDS:
      return ": a thousands separator? write numbers without it";
    case CSV_TWO_NUMBERS:
      return ": separate numbers by commas";
    default:
      return ": write numbers, and classes as 0, 1, ...";
  }
}

int csv_bad_field(const char *path, size_t line, size_t number, csv_kind kind,
                  const csv_field *field, const char *rest, tool_error *err) {
  if (field->is_open)
    return tool_fail(err, "%s: line %zu, field %zu: its quote is not closed", path, line, number);
  const char *from = field->extra != NULL ? field->extra : rest;
  const size_t length = field->extra != NULL ? strcspn(from, ",;\t\r\n")
                                             : (size_t)(field->text + field->length - from);
  const int shown = length < 24 ? (int)length : 24;
  if (from == field->text)
    return tool_fail(err, "%s: line %zu, field %zu is no finite number: '%.*s'%s", path, line,
                     number, shown, from, advice(kind, field));
  return tool_fail(err, "%s: line %zu, field %zu: '%.*s' follows the number%s", path, line, number,
                   shown, from, advice(kind, field));
}

int csv_check_kept(const char *path, size_t line, const csv_field *field, tool_error *err) {
  if (json_is_utf8((const unsigned char *)field->text, field->length)) return 0;
  return tool_fail(err, "%s: line %zu: not UTF-8: save the table as UTF-8", path, line);
}
