/* SPDX-License-Identifier: Apache-2.0
 * Data sets of numbers: CSV tables and .npy arrays. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "atomic_file.h"
#include "dataset_load.h"
#include "idx.h"
#include "npy.h"
#include "table_csv.h"

#define DIGITS_TRAIN 1500
#define LABEL_MAX    65535

static int reserve(dataset *out, size_t rows, const char *path, tool_error *err) {
  out->values = calloc(rows * out->inputs + 1, sizeof *out->values);
  if (out->wanted_cols > 0) out->wanted = calloc(rows * out->wanted_cols + 1, sizeof *out->wanted);
  if (out->values != NULL && (out->wanted_cols == 0 || out->wanted != NULL)) return 0;
  return tool_fail(err, "%s: too large for this machine's memory", path);
}

int dataset_labels_from_wanted(dataset *out, const char *path, tool_error *err) {
  const size_t rows = out->train_rows + out->valid_rows;
  if (out->wanted_cols != 1)
    return tool_fail(err, "%s: class labels are one column, here are %zu", path, out->wanted_cols);
  out->labels = malloc(rows * sizeof *out->labels);
  if (out->labels == NULL) return tool_fail(err, "%s: no memory for its labels", path);
  for (size_t i = 0; i < rows; i++) {
    const double label = (double)out->wanted[i];
    char row[DATASET_ROW_BYTES];
    if (!(label >= 0) || label > LABEL_MAX || label != floor(label))
      return tool_fail(err, "%s: %s: %g is no class; classes are whole numbers from 0", path,
                       dataset_row_text(out, i, row), label);
    out->labels[i] = (uint32_t)label;
  }
  return 0;
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

/* Rows and columns of an array: all but the first dimension are one row. */
static int flat_shape(const char *path, const tensor_view *view, size_t *rows, size_t *cols,
                      tool_error *err) {
  size_t elements, bytes;
  (void)tensor_size(view, &elements, &bytes); /* the reader has checked it */
  *rows = view->dims == 0 ? 0 : view->shape[0];
  *cols = *rows == 0 ? 0 : elements / *rows;
  return *cols > 0 ? 0 : tool_fail(err, "%s: the array is empty", path);
}

/* Adds the rows of one array behind the `before` rows that *values holds. */
static int append_array(const char *path, int is_pixels, kfix_real **values, size_t before,
                        size_t *rows, size_t *cols, tool_error *err) {
  file_bytes content;
  tensor_view view;
  size_t these_cols;
  if (npy_load(path, &content, &view, err) != 0) return -1;
  int answer = flat_shape(path, &view, rows, &these_cols, err);
  if (answer == 0 && *cols != 0 && *cols != these_cols)
    answer = tool_fail(err, "%s: rows of %zu, the training rows have %zu", path, these_cols, *cols);
  if (answer == 0) {
    *cols = these_cols;
    kfix_real *all = realloc(*values, (before + *rows) * *cols * sizeof *all);
    if (all == NULL)
      answer = tool_fail(err, "%s: too large for this machine's memory", path);
    else
      *values = all;
  }
  kfix_real *at = answer == 0 ? *values + before * *cols : NULL;
  if (answer == 0) answer = tensor_read(&view, 0, *rows * *cols, at, path, err);
  if (answer == 0 && is_pixels && view.type == TENSOR_U8)
    for (size_t i = 0; i < *rows * *cols; i++) at[i] /= (kfix_real)255;
  file_free(&content);
  return answer;
}

/* y beside x; an autoencoder needs none. */
static int append_targets(dataset *out, const dataset_request *request, const char *folder,
                          const char *name, size_t before, size_t rows, tool_error *err) {
  char path[DATASET_PATH_BYTES];
  size_t y_rows = 0;
  if (request->target == DATASET_INPUT) return 0;
  dataset_join(path, folder, name);
  if (append_array(path, 0, &out->wanted, before, &y_rows, &out->wanted_cols, err) != 0) return -1;
  if (y_rows == rows) return 0;
  return tool_fail(err, "%s: %zu targets for %zu rows of inputs", path, y_rows, rows);
}

static int load_folder(dataset *out, const dataset_request *request, const char *folder,
                       tool_error *err) {
  char path[DATASET_PATH_BYTES];
  size_t rows = 0;
  dataset_join(path, folder, "x.npy");
  if (append_array(path, 1, &out->values, 0, &rows, &out->inputs, err) != 0) return -1;
  if (append_targets(out, request, folder, "y.npy", 0, rows, err) != 0) return -1;
  dataset_split_fifths(out, rows);
  dataset_join(path, folder, "x_valid.npy");
  if (file_exists(path)) {
    out->split = DATASET_TAIL;
    out->train_rows = out->stored_train = rows;
    if (append_array(path, 1, &out->values, rows, &out->valid_rows, &out->inputs, err) != 0)
      return -1;
    if (append_targets(out, request, folder, "y_valid.npy", rows, out->valid_rows, err) != 0)
      return -1;
  }
  if (request->target != DATASET_CLASS) return 0;
  dataset_join(path, folder, "y.npy");
  return dataset_labels_from_wanted(out, path, err);
}

int dataset_load_npy(dataset *out, const dataset_request *request, const char *path,
                     tool_error *err) {
  size_t rows = 0;
  if (folder_exists(path)) return load_folder(out, request, path, err);
  if (append_array(path, 1, &out->values, 0, &rows, &out->inputs, err) != 0) return -1;
  dataset_split_fifths(out, rows);
  return 0;
}
