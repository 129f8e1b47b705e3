/* SPDX-License-Identifier: Apache-2.0
 * Tables of numbers: comma-separated, one row to a line, a line of column names at the top or not,
 * gzip or not. */
#ifndef KFIX_TOOLS_TABLE_CSV_H
#define KFIX_TOOLS_TABLE_CSV_H

#include "file_bytes.h"

typedef struct csv_table {
  size_t rows, cols;
  double *values; /* rows x cols; csv_free releases them */
} csv_table;

/* Refused, with the line: a field that is no finite number, a row of another length. */
int csv_load(const char *path, csv_table *table, tool_error *err);
int csv_parse(const char *path, const file_bytes *content, csv_table *table, tool_error *err);
void csv_free(csv_table *table);

#endif
