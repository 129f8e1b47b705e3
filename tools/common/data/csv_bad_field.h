/* SPDX-License-Identifier: Apache-2.0
 * What is wrong with a field of a table, and what to do. */
#ifndef KFIX_TOOLS_CSV_BAD_FIELD_H
#define KFIX_TOOLS_CSV_BAD_FIELD_H

#include "csv_fields.h"
#include "files/tool_error.h"

/* It should be a finite number. number: of the field in its line, from 1; rest: as csv_read_number
 * has it. Returns -1. */
int csv_bad_field(const char *path, size_t line, size_t number, csv_kind kind,
                  const csv_field *field, const char *rest, tool_error *err);

/* Names and classes are kept, so they must be UTF-8: else -1. Nobody looks at other fields for that. */
int csv_check_kept(const char *path, size_t line, const csv_field *field, tool_error *err);

#endif
