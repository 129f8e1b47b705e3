/* SPDX-License-Identifier: Apache-2.0
 * Tables of numbers, one row to a line, gzip or not, separated by commas, semicolons or tabs, which
 * the first row of numbers shows. Numbers are written with points, and may stand in quotes. Lines end
 * with LF, CR LF or CR; empty ones are skipped anywhere. A first line none of whose fields is a
 * number holds names and is skipped, and so is a byte order mark before it. */
#ifndef KFIX_TOOLS_TABLE_CSV_H
#define KFIX_TOOLS_TABLE_CSV_H

#include "file_bytes.h"

typedef struct csv_table {
  size_t rows, cols;
  double *values; /* rows x cols; csv_free releases both arrays */
  size_t *lines;  /* where each row stands in the file, from 1 */
} csv_table;

/* Refused, with the line: a field that is no finite number, a row of another length, and what was
 * not meant as data but would be taken for it: a decimal comma, a column that counts the rows, a
 * first line that counts the columns. */
int csv_load(const char *path, csv_table *table, tool_error *err);
int csv_parse(const char *path, const file_bytes *content, csv_table *table, tool_error *err);
void csv_free(csv_table *table);

#endif
