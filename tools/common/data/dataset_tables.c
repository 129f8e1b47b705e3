/* SPDX-License-Identifier: Apache-2.0
 * Data sets of numbers: tables of text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset_load.h"
#include "files/atomic_file.h"
#include "table_csv.h"

#define DIGITS_TRAIN 1500
#define DIGITS_SIDE  8

static int reserve(dataset *out, size_t rows, const char *path, tool_error *err) {
  out->values = calloc(rows * out->inputs + 1, sizeof *out->values);
  if (out->wanted_cols > 0) out->wanted = calloc(rows * out->wanted_cols + 1, sizeof *out->wanted);
  if (out->values != NULL && (out->wanted_cols == 0 || out->wanted != NULL)) return 0;
  return tool_fail(err, "%s: too large for this machine's memory", path);
}

/* Mean and 1 / standard deviation of one column over the training rows. A column that does not vary
 * gets 0 instead of the latter, and so becomes 0: that is seen from its values, as the rounded mean of
 * equal numbers need not be that number. */
static void moments(const dataset *d, const csv_table *table, size_t col, double *mean,
                    double *scale) {
  const double *column = table->values + col, first = column[dataset_place(d, 0) * table->cols];
  double sum = 0, squares = 0;
  int varies = 0;
  for (size_t k = 0; k < d->train_rows; k++) {
    const double value = column[dataset_place(d, k) * table->cols];
    varies |= value != first;
    sum += value;
  }
  *mean = sum / (double)d->train_rows;
  for (size_t k = 0; k < d->train_rows; k++) {
    const double away = column[dataset_place(d, k) * table->cols] - *mean;
    squares += away * away;
  }
  const double deviation = sqrt(squares / (double)d->train_rows);
  *scale = varies && deviation > 0 ? 1 / deviation : 0;
}

/* (value - mean) * scale of one column, into a column of out. */
static int put_column(const dataset *d, const csv_table *table, size_t col, double mean,
                      double scale, kfix_real *out, size_t out_cols, const char *path,
                      tool_error *err) {
  for (size_t i = 0; i < table->rows; i++) {
    char row[DATASET_ROW_BYTES];
    const kfix_real value = (kfix_real)((table->values[i * table->cols + col] - mean) * scale);
    if (!isfinite(value))
      return tool_fail(err, "%s: %s, field %zu is too large for a %s", path,
                       dataset_row_text(d, i, row), col + 1, KFIX_REAL_NAME);
    out[i * out_cols] = value;
  }
  return 0;
}

/* Mean and scale of every column of data to train on. */
static int measure(dataset *out, const dataset_request *request, const csv_table *table,
                   int is_digits, const char *path, tool_error *err) {
  const size_t last = table->cols - 1;
  const int moves_target = !is_digits && request->range == DATASET_ANY;
  const int moves_inputs = !is_digits && (moves_target || request->target != DATASET_INPUT);
  dataset_facts *facts = &out->facts;
  if (facts_reserve(facts, last) != 0)
    return tool_fail(err, "%s: too large for this machine's memory", path);
  for (size_t j = 0; j < last; j++) {
    if (is_digits) facts->scale[j] = 1.0 / 16;
    if (moves_inputs) moments(out, table, j, &facts->mean[j], &facts->scale[j]);
  }
  if (request->target == DATASET_VALUES && moves_target)
    moments(out, table, last, &facts->mean[last], &facts->scale[last]);
  return 0;
}

static int put_table(dataset *out, const csv_table *table, const dataset_facts *facts,
                     const char *path, tool_error *err) {
  for (size_t j = 0; j < out->inputs + out->wanted_cols; j++) {
    const double mean = facts->mean == NULL ? 0 : facts->mean[j];
    const double scale = facts->mean == NULL ? 1 : facts->scale[j];
    const int wanted = j == out->inputs;
    kfix_real *column = wanted ? out->wanted : out->values + j;
    if (put_column(out, table, j, mean, scale, column, wanted ? 1 : out->inputs, path, err) != 0)
      return -1;
  }
  return 0;
}

/* New data have the columns that the weights were trained on, in their order. */
static int check_names(const dataset_facts *as, const csv_table *table, size_t inputs,
                       const char *path, tool_error *err) {
  const word_list *here = &table->names;
  if (as->names.count < inputs || here->count == 0 || here->count != table->cols) return 0;
  for (size_t j = 0; j < inputs; j++) {
    const char *wanted = as->names.word[j];
    const size_t place = words_find(here, wanted, strlen(wanted));
    if (place == here->count)
      return tool_fail(err, "%s: has no column '%.100s', which the weights were trained on", path,
                       wanted);
    if (j < here->count && strcmp(wanted, here->word[j]) == 0) continue;
    return tool_fail(err,
                     "%s: column %zu is '%.100s', the weights were trained with '%.100s' there, "
                     "which is column %zu: bring the columns into that order",
                     path, j + 1, j < here->count ? here->word[j] : "", wanted, place + 1);
  }
  return 0;
}

/* Classes are words in the new data too, or numbers in both. Without metadata nobody knows. */
static int check_kind(const dataset_request *request, const csv_table *table, const char *path,
                      tool_error *err) {
  const int known = request->as->classes.count > 0;
  if (request->without_targets || request->target != DATASET_CLASS || request->as->mean == NULL ||
      table->words == known)
    return 0;
  return tool_fail(err, "%s: its last column holds %s, that of the training table %s", path,
                   known ? "numbers" : "words", known ? "words" : "numbers");
}

/* With and without a target, as the number of columns shows. */
static int check_new(const dataset_request *request, const csv_table *table, const char *path,
                     tool_error *err) {
  const size_t in = request->inputs;
  if (check_names(request->as, table, in, path, err) != 0) return -1;
  if (table->cols == in + 1) return check_kind(request, table, path, err);
  if (table->cols == in && request->without_targets) return 0;
  if (table->cols == in && request->target == DATASET_INPUT) return 0;
  if (table->cols == in)
    return tool_fail(err, "%s: has %zu columns, all of them inputs, and no target to compare with",
                     path, in);
  return tool_fail(err, "%s: has %zu columns; the weights take %zu inputs, and a target may follow",
                   path, table->cols, in);
}

/* Names, of columns or of classes, that are those of the training table, or of which one of them says
 * nothing. */
static int check_columns(const csv_table *table, const csv_table *more, const char *path,
                         tool_error *err) {
  const word_list *a = &table->names, *b = &more->names;
  if (more->cols != table->cols)
    return tool_fail(err, "%s: has %zu columns, the training table %zu", path, more->cols,
                     table->cols);
  for (size_t j = 0; j < a->count && a->count == b->count; j++)
    if (strcmp(a->word[j], b->word[j]) != 0)
      return tool_fail(err, "%s: column %zu is '%.100s', in the training table '%.100s'", path,
                       j + 1, b->word[j], a->word[j]);
  if ((table->classes.count > 0) == (more->classes.count > 0)) return 0;
  return tool_fail(err, "%s: its last column holds %s, that of the training table %s", path,
                   more->classes.count > 0 ? "words" : "numbers",
                   more->classes.count > 0 ? "numbers" : "words");
}

/* Words get the places that they have in the training table. */
static int place_classes(const csv_table *table, csv_table *more, const char *path,
                         tool_error *err) {
  const word_list *classes = &table->classes;
  for (size_t i = 0; i < more->rows && classes->count > 0; i++) {
    double *value = more->values + (i + 1) * more->cols - 1;
    const char *word = more->classes.word[(size_t)*value];
    const size_t place = words_find(classes, word, strlen(word));
    if (place == classes->count)
      return tool_fail(err, "%s: line %zu: '%.60s' is no class of the training table", path,
                       more->lines[i], word);
    *value = (double)place;
  }
  return 0;
}

/* The rows of the table that validates behind those of the one that trains. */
static int append_table(csv_table *table, const dataset_request *request, tool_error *err) {
  const csv_wish wish = {.words = request->target == DATASET_CLASS};
  char path[DATASET_PATH_BYTES];
  dataset_kind kind;
  csv_table more;
  dataset_request other = *request;
  other.source = request->validation;
  if (request->validation == NULL) return 0;
  if (dataset_find(&other, &kind, path, err) != 0) return -1;
  if (kind != DATASET_KIND_CSV)
    return tool_fail(err, "%s: no table (.csv, .tsv), which the training data are", path);
  if (csv_load_as(path, &wish, &more, err) != 0) return -1;
  int answer = check_columns(table, &more, path, err);
  if (answer == 0) answer = place_classes(table, &more, path, err);
  if (answer == 0 && csv_append(table, &more) != 0)
    answer = tool_fail(err, "%s: too large for this machine's memory", path);
  csv_free(&more);
  return answer;
}

/* `first`: rows of the table itself, behind which those of another one may lie. */
static int split_table(dataset *out, const dataset_request *request, const csv_table *table,
                       size_t first, int is_digits, tool_error *err) {
  const int own_part = is_digits && first > DIGITS_TRAIN && request->validation == NULL;
  if (!own_part && dataset_split_rows(out, request, first, err) != 0) return -1;
  if (own_part) {
    out->train_rows = out->stored_train = DIGITS_TRAIN;
    out->valid_rows = first - DIGITS_TRAIN;
  }
  if (request->validation != NULL) out->valid_rows = table->rows - first;
  return 0;
}

/* What is known of the columns, and their numbers as the network sees them. */
static int take_table(dataset *out, const dataset_request *request, csv_table *table, int is_digits,
                      const char *path, tool_error *err) {
  const dataset_facts *as = request->as;
  if (as != NULL && check_new(request, table, path, err) != 0) return -1;
  if (as == NULL && table->cols < 2)
    return tool_fail(err, "%s: has one column; inputs and a target are needed", path);
  out->inputs = as != NULL ? request->inputs : table->cols - 1;
  out->wanted_cols = table->cols > out->inputs && !request->without_targets;
  const size_t first = table->rows;
  if (append_table(table, request, err) != 0) return -1;
  if (is_digits && out->inputs == DIGITS_SIDE * DIGITS_SIDE) {
    out->channels = 1;
    out->height = out->width = DIGITS_SIDE;
  }
  out->lines = table->lines;
  out->comments = table->comments;
  table->lines = NULL;
  if (split_table(out, request, table, first, is_digits, err) != 0) return -1;
  if (reserve(out, table->rows, path, err) != 0) return -1;
  /* Weights that say nothing of their data: digits are known by their name. */
  const int measured = as == NULL || (as->mean == NULL && is_digits);
  if (measured && measure(out, request, table, is_digits, path, err) != 0) return -1;
  if (put_table(out, table, measured ? &out->facts : as, path, err) != 0) return -1;
  if (out->wanted_cols == 0 || request->target != DATASET_CLASS) return 0;
  return dataset_labels_from_wanted(out, path, err);
}

int dataset_load_csv(dataset *out, const dataset_request *request, const char *path,
                     tool_error *err) {
  const dataset_facts *as = request->as;
  const csv_wish wish = {.words = request->target == DATASET_CLASS && !request->without_targets,
                         .known = as != NULL ? &as->classes : NULL,
                         .unread = request->without_targets ? request->inputs : 0};
  csv_table table;
  const char *name = path + file_folder_length(path);
  const int is_digits = strncmp(name, "digits.", 7) == 0 && dataset_named(name, "digits.csv");
  if (csv_load_as(path, &wish, &table, err) != 0) return -1;
  const int answer = take_table(out, request, &table, is_digits, path, err);
  out->facts.names = table.names;
  out->facts.classes = table.classes;
  table.names = table.classes = (word_list){NULL, 0, 0};
  csv_free(&table);
  return answer;
}
