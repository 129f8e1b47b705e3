/* SPDX-License-Identifier: Apache-2.0
 * Tables of numbers: comma-separated, one row to a line, gzip or not. A first line none of whose
 * fields is a number holds names and is skipped, and so is a byte order mark before it. */
#ifndef KFIX_TOOLS_TABLE_CSV_H
#define KFIX_TOOLS_TABLE_CSV_H

#include "file_bytes.h"

typedef struct csv_table {
  size_t rows, cols;
  double *values; /* rows x cols; csv_free releases both arrays */
  size_t *lines;  /* where each row stands in the file, from 1 */
} csv_table;

/* Refused, with the line: a field that is no finite number, a row of another length. */
int csv_load(const char *path, csv_table *table, tool_error *err);
int csv_parse(const char *path, const file_bytes *content, csv_table *table, tool_error *err);
void csv_free(csv_table *table);

#endif
