/* SPDX-License-Identifier: Apache-2.0
 * Data sets of numbers: tables of text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"
#include "dataset_load.h"
#include "table_csv.h"

#define DIGITS_TRAIN 1500

static int reserve(dataset *out, size_t rows, const char *path, tool_error *err) {
  out->values = calloc(rows * out->inputs + 1, sizeof *out->values);
  if (out->wanted_cols > 0) out->wanted = calloc(rows * out->wanted_cols + 1, sizeof *out->wanted);
  if (out->values != NULL && (out->wanted_cols == 0 || out->wanted != NULL)) return 0;
  return tool_fail(err, "%s: too large for this machine's memory", path);
}

/* Mean and 1 / standard deviation of one column over the training rows (4 of each 5). A column
 * that does not vary gets 0 instead of the latter, and so becomes 0: that is seen from its values,
 * as the rounded mean of equal numbers need not be that number. */
static void moments(const csv_table *table, size_t col, double *mean, double *scale) {
  double sum = 0, squares = 0;
  size_t rows = 0;
  int varies = 0;
  for (size_t i = 0; i < table->rows; i++)
    if (i % 5 != 4) {
      varies |= table->values[i * table->cols + col] != table->values[col];
      sum += table->values[i * table->cols + col];
      rows++;
    }
  *mean = sum / (double)rows;
  for (size_t i = 0; i < table->rows; i++)
    if (i % 5 != 4) {
      const double d = table->values[i * table->cols + col] - *mean;
      squares += d * d;
    }
  const double deviation = sqrt(squares / (double)rows);
  *scale = varies && deviation > 0 ? 1 / deviation : 0;
}

/* (value - mean) * scale of one column, into a column of out. */
static int put_column(const csv_table *table, size_t col, double mean, double scale, kfix_real *out,
                      size_t out_cols, const char *path, tool_error *err) {
  for (size_t i = 0; i < table->rows; i++) {
    const kfix_real value = (kfix_real)((table->values[i * table->cols + col] - mean) * scale);
    if (!isfinite(value))
      return tool_fail(err, "%s: line %zu, field %zu is too large for a %s", path, table->lines[i],
                       col + 1, KFIX_REAL_NAME);
    out[i * out_cols] = value;
  }
  return 0;
}

static int put_table(dataset *out, const dataset_request *request, const csv_table *table,
                     int is_digits, const char *path, tool_error *err) {
  const size_t last = table->cols - 1;
  const int moves_target = !is_digits && request->range == DATASET_ANY;
  const int moves_inputs = !is_digits && (moves_target || request->target != DATASET_INPUT);
  double mean = 0, scale = is_digits ? 1.0 / 16 : 1;
  for (size_t j = 0; j < last; j++) {
    if (moves_inputs) moments(table, j, &mean, &scale);
    if (put_column(table, j, mean, scale, out->values + j, last, path, err) != 0) return -1;
  }
  mean = 0;
  scale = 1;
  if (request->target == DATASET_VALUES && moves_target) moments(table, last, &mean, &scale);
  return put_column(table, last, mean, scale, out->wanted, 1, path, err);
}

int dataset_load_csv(dataset *out, const dataset_request *request, const char *path,
                     tool_error *err) {
  csv_table table;
  const char *name = path + file_folder_length(path);
  const int is_digits = strncmp(name, "digits.", 7) == 0 && dataset_named(name, "digits.csv");
  if (csv_load(path, &table, err) != 0) return -1;
  int answer = 0;
  if (table.cols < 2)
    answer = tool_fail(err, "%s: has one column; inputs and a target are needed", path);
  out->inputs = table.cols - 1;
  out->wanted_cols = 1;
  if (is_digits && table.rows > DIGITS_TRAIN) {
    out->train_rows = DIGITS_TRAIN;
    out->valid_rows = table.rows - DIGITS_TRAIN;
  } else {
    dataset_split_fifths(out, table.rows);
  }
  if (answer == 0) answer = reserve(out, table.rows, path, err);
  if (answer == 0) answer = put_table(out, request, &table, is_digits, path, err);
  out->lines = table.lines;
  table.lines = NULL;
  csv_free(&table);
  if (answer == 0 && request->target == DATASET_CLASS)
    answer = dataset_labels_from_wanted(out, path, err);
  return answer;
}
