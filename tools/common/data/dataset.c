/* SPDX-License-Identifier: Apache-2.0
 * Fetching rows of a data set. */
#include "dataset.h"

#include <stdlib.h>
#include <string.h>

void dataset_free(dataset *data) {
  free(data->pixels);
  free(data->values);
  free(data->labels);
  free(data->lines);
  free(data->wanted);
  free(data->order);
  facts_free(&data->facts);
  memset(data, 0, sizeof *data);
}

size_t dataset_place(const dataset *d, size_t row) {
  const int is_train = row < d->train_rows;
  const size_t k = is_train ? row : row - d->train_rows;
  if (d->split == DATASET_FIFTH) return is_train ? k + k / 4 : 5 * k + 4;
  const size_t at = is_train ? k : d->stored_train + k;
  return d->split == DATASET_DRAWN ? d->order[at] : at;
}

size_t dataset_channels(const dataset *d) {
  return d->channels == 0 ? 1 : d->channels;
}

dataset_stride dataset_channel(const dataset *d, size_t channel) {
  const size_t channels = dataset_channels(d), count = d->inputs / channels;
  if (d->interleaved) return (dataset_stride){channel, channels, count};
  return (dataset_stride){channel * count, 1, count};
}

static void fetch_inputs(const dataset *d, size_t at, kfix_real *x) {
  if (d->values != NULL) {
    memcpy(x, d->values + at * d->inputs, d->inputs * sizeof *x);
    return;
  }
  const unsigned char *pixels = d->pixels + at * d->inputs;
  for (size_t c = 0; c < d->channels; c++) {
    const dataset_stride s = dataset_channel(d, c);
    const kfix_real *grey = d->grey[c];
    for (size_t i = 0; i < s.count; i++) x[s.first + i * s.step] = grey[*pixels++];
  }
}

static void fetch_class(const dataset *d, size_t at, kfix_real *y) {
  const uint32_t label = d->labels[at];
  if (d->outputs == 1 && d->classes <= 2)
    y[0] = (kfix_real)label;
  else
    for (size_t j = 0; j < d->outputs; j++) y[j] = (kfix_real)(j == label);
}

static void fetch_target(const dataset *d, size_t at, kfix_real *y) {
  if (d->target == DATASET_INPUT)
    fetch_inputs(d, at, y);
  else if (d->target == DATASET_CLASS)
    fetch_class(d, at, y);
  else
    memcpy(y, d->wanted + at * d->wanted_cols, d->wanted_cols * sizeof *y);
}

void dataset_fetch(const dataset *data, const uint32_t *order, size_t first, size_t rows,
                   kfix_real *x, size_t ldx, kfix_real *y, size_t ldy) {
  for (size_t r = 0; r < rows; r++) {
    const size_t at = dataset_place(data, order == NULL ? first + r : order[first + r]);
    fetch_inputs(data, at, x + r * ldx);
    if (y != NULL) fetch_target(data, at, y + r * ldy);
  }
}

int dataset_fetch_rows(void *rows, size_t first, size_t count, kfix_real *x, size_t ldx,
                       kfix_real *y, size_t ldy) {
  const dataset_rows *r = rows;
  dataset_fetch(r->data, r->order, r->first + first, count, x, ldx, y, ldy);
  return 0;
}

void dataset_take_all(dataset *data) {
  data->split = DATASET_TAIL;
  data->train_rows = data->stored_train = data->stored_train + data->valid_rows;
  data->valid_rows = 0;
}

const unsigned char *dataset_pixels(const dataset *data, size_t row) {
  return data->pixels == NULL ? NULL : data->pixels + dataset_place(data, row) * data->inputs;
}

uint32_t dataset_label(const dataset *data, size_t row) {
  return data->labels[dataset_place(data, row)];
}
