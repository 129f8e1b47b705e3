/* SPDX-License-Identifier: Apache-2.0
 * Classes of a data set of numbers. */
#include <math.h>
#include <stdlib.h>

#include "dataset_load.h"

#define LABEL_MAX 65535

/* The one number of a row. */
static int read_label(const dataset *d, size_t row, const char *path, uint32_t *label,
                      tool_error *err) {
  const double value = (double)d->wanted[row];
  char text[DATASET_ROW_BYTES];
  *label = 0;
  if (!(value >= 0) || value > LABEL_MAX || value != floor(value))
    return tool_fail(err, "%s: %s: %g is no class; classes are whole numbers from 0", path,
                     dataset_row_text(d, row, text), value);
  *label = (uint32_t)value;
  return 0;
}

/* The column of the row's only 1. */
static int read_one_hot(const dataset *d, size_t row, const char *path, uint32_t *label,
                        tool_error *err) {
  const kfix_real *y = d->wanted + row * d->wanted_cols;
  char text[DATASET_ROW_BYTES];
  size_t ones = 0, others = 0;
  *label = 0;
  for (size_t j = 0; j < d->wanted_cols; j++) {
    if (y[j] == 1) *label = (uint32_t)j;
    ones += y[j] == 1;
    others += y[j] != 0 && y[j] != 1;
  }
  if (ones == 1 && others == 0) return 0;
  return tool_fail(err,
                   "%s: %s is not one-hot: classes are one column of 0, 1, ..., or rows of a "
                   "single 1 and zeros",
                   path, dataset_row_text(d, row, text));
}

int dataset_labels_from_wanted(dataset *out, const char *path, tool_error *err) {
  const size_t rows = out->train_rows + out->valid_rows;
  const int one_hot = out->wanted_cols > 1;
  if (out->wanted_cols > LABEL_MAX)
    return tool_fail(err, "%s: %zu columns are too many classes", path, out->wanted_cols);
  out->labels = malloc(rows * sizeof *out->labels);
  if (out->labels == NULL) return tool_fail(err, "%s: no memory for its labels", path);
  for (size_t i = 0; i < rows; i++)
    if ((one_hot ? read_one_hot : read_label)(out, i, path, &out->labels[i], err) != 0) return -1;
  if (one_hot) out->classes = out->wanted_cols;
  return 0;
}
