/* SPDX-License-Identifier: Apache-2.0
 * The loss of a constant answer. */
#include "constant_loss.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_ROWS 64

/* Adds each row's target, or with a mean the square of its distance from it, column by column. */
static int add_rows(const dataset *data, const double *mean, double *sum) {
  const size_t in = data->inputs, out = data->outputs;
  kfix_real *x = malloc(CHUNK_ROWS * (in + out) * sizeof *x);
  if (x == NULL) return -1;
  const kfix_real *y = x + CHUNK_ROWS * in;
  for (size_t first = 0; first < data->train_rows; first += CHUNK_ROWS) {
    const size_t left = data->train_rows - first, rows = left < CHUNK_ROWS ? left : CHUNK_ROWS;
    dataset_fetch(data, NULL, first, rows, x, in, x + CHUNK_ROWS * in, out);
    for (size_t i = 0; i < rows * out; i++) {
      const size_t j = i % out;
      const double value = (double)y[i], away = mean == NULL ? value : value - mean[j];
      sum[j] += mean == NULL ? value : away * away;
    }
  }
  free(x);
  return 0;
}

static double times_log(double p) {
  return p > 0 ? p * log(p) : 0;
}

static double entropy(const double *mean, size_t count, int both_sides) {
  double sum = 0;
  for (size_t j = 0; j < count; j++)
    sum -= times_log(mean[j]) + (both_sides ? times_log(1 - mean[j]) : 0);
  return sum;
}

double constant_loss(const dataset *data, kfix_loss loss) {
  const size_t out = data->outputs;
  double *mean = calloc(2 * out, sizeof *mean), *squares = mean == NULL ? NULL : mean + out;
  double result = NAN;
  int failed = mean == NULL || add_rows(data, NULL, mean) != 0;
  for (size_t j = 0; !failed && j < out; j++) mean[j] /= (double)data->train_rows;
  if (!failed && loss == KFIX_MSE) {
    failed = add_rows(data, mean, squares) != 0;
    result = 0;
    for (size_t j = 0; j < out; j++) result += squares[j] / (2 * (double)data->train_rows);
  } else if (!failed) {
    result = entropy(mean, out, loss == KFIX_BERNOULLI);
  }
  free(mean);
  return failed ? (double)NAN : result;
}
