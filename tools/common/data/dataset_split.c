/* SPDX-License-Identifier: Apache-2.0
 * Which rows of a data set train and which validate. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "dataset_load.h"

/* Row numbers in ascending order within each part; chosen[i]: row i validates. */
static void sort_rows(dataset *d, const unsigned char *chosen, size_t rows) {
  size_t train = 0, valid = d->train_rows;
  for (size_t i = 0; i < rows; i++) d->order[chosen[i] ? valid++ : train++] = i;
}

/* The first rows of a random permutation whose seed no run has a say in. */
static int draw(dataset *d, size_t rows, size_t valid, tool_error *err) {
  const kfix_draw_key key = {0, KFIX_DRAW_ORDER, UINT32_MAX, 0};
  uint32_t *permutation = malloc(rows * sizeof *permutation);
  unsigned char *chosen = calloc(rows, 1);
  d->order = malloc(rows * sizeof *d->order);
  const int fits = permutation != NULL && chosen != NULL && d->order != NULL;
  d->split = DATASET_DRAWN;
  d->train_rows = d->stored_train = rows - valid;
  d->valid_rows = valid;
  if (fits) {
    kfix_permutation(&key, (uint32_t)rows, permutation);
    for (size_t i = 0; i < valid; i++) chosen[permutation[i]] = 1;
    sort_rows(d, chosen, rows);
  }
  free(chosen);
  free(permutation);
  return fits ? 0 : tool_fail(err, "no memory to draw validation rows");
}

static int divide(dataset *d, const dataset_request *request, size_t rows, tool_error *err) {
  const size_t valid = (size_t)(request->fraction * (double)rows + 0.5);
  if (rows > UINT32_MAX) return tool_fail(err, "%zu rows: 4294967295 can be divided", rows);
  if (request->fraction > 0 && (valid == 0 || valid == rows))
    return tool_fail(err, "%g of %zu rows for validation leaves one part empty: give another part",
                     request->fraction, rows);
  d->split = DATASET_TAIL;
  d->train_rows = d->stored_train = rows;
  d->valid_rows = 0;
  return valid == 0 ? 0 : draw(d, rows, valid, err);
}

int dataset_split_rows(dataset *out, const dataset_request *request, size_t rows, tool_error *err) {
  if (request->divided) return divide(out, request, rows, err);
  const size_t valid = request->validation == NULL ? rows / 5 : 0;
  out->split = request->validation == NULL ? DATASET_FIFTH : DATASET_TAIL;
  out->valid_rows = valid;
  out->train_rows = out->stored_train = rows - valid;
  return 0;
}

int dataset_split_again(dataset *out, const dataset_request *request, tool_error *err) {
  return divide(out, request, out->train_rows, err);
}

/* Rows of `bytes` each behind the `before` rows of *at. */
static int append(void **at, size_t before, const void *rows, size_t count, size_t bytes) {
  if (rows == NULL) return 0;
  char *all = realloc(*at, (before + count) * bytes);
  if (all == NULL) return -1;
  memcpy(all + before * bytes, rows, count * bytes);
  *at = all;
  return 0;
}

static int check_alike(const dataset *a, const dataset *b, const char *name, tool_error *err) {
  if ((a->pixels != NULL) != (b->pixels != NULL) || a->facts.pixels != b->facts.pixels)
    return tool_fail(
        err, "%s: pixels in one of them, numbers in the other: validate with alike data", name);
  if (a->inputs != b->inputs || a->height != b->height || a->channels != b->channels)
    return tool_fail(err, "%s: rows of %zu inputs validate, rows of %zu train; they must agree",
                     name, b->inputs, a->inputs);
  if ((a->labels != NULL) != (b->labels != NULL) || a->wanted_cols != b->wanted_cols)
    return tool_fail(err, "%s: has not the targets that the training rows have", name);
  return 0;
}

static int append_all(dataset *out, const dataset *other) {
  const size_t before = out->train_rows, count = other->train_rows;
  void *pixels = out->pixels, *values = out->values, *labels = out->labels, *wanted = out->wanted;
  int failed = append(&pixels, before, other->pixels, count, out->inputs);
  failed |= append(&values, before, other->values, count, out->inputs * sizeof *out->values);
  failed |= append(&labels, before, other->labels, count, sizeof *out->labels);
  failed |= append(&wanted, before, other->wanted, count, out->wanted_cols * sizeof *out->wanted);
  out->pixels = pixels;
  out->values = values;
  out->labels = labels;
  out->wanted = wanted;
  return failed;
}

int dataset_split_join(dataset *out, const dataset *other, const char *name, tool_error *err) {
  if (check_alike(out, other, name, err) != 0) return -1;
  if (append_all(out, other) != 0) return tool_fail(err, "%s: no memory for its rows", name);
  out->split = DATASET_TAIL;
  out->stored_train = out->train_rows;
  out->valid_rows = other->train_rows;
  return 0;
}

void dataset_split_describe(dataset *out, const dataset_request *request) {
  char *how = out->how;
  const size_t room = sizeof out->how;
  if (request->validation != NULL)
    (void)snprintf(how, room, "those of %.120s", request->validation);
  else if (request->divided && request->fraction > 0)
    (void)snprintf(how, room, "%g of the rows, drawn at random, alike for every seed",
                   request->fraction);
  else if (out->valid_rows == 0)
    (void)snprintf(how, room, "none");
  else
    (void)snprintf(how, room, "%s",
                   out->split == DATASET_FIFTH ? "every fifth row (4, 9, 14, ...)"
                                               : "the part that the data bring along");
}
