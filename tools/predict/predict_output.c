/* SPDX-License-Identifier: Apache-2.0
 * Predictions as CSV or .npy. */
#include "predict_output.h"

#include <stdlib.h>
#include <string.h>

#include "arrays/npy.h"
#include "files/atomic_file.h"

/* One label for each row, or, of outputs that are no classes, for each output. */
static int is_one_label(const kfix_net *net) {
  return net->loss == KFIX_CATEGORICAL || net->target == KFIX_TARGET_CLASS;
}

static size_t columns(const predict_options *o, const kfix_net *net) {
  return o->what == PREDICT_LABELS && is_one_label(net) ? 1 : kfix_net_outputs(net);
}

static int64_t label(const kfix_net *net, const kfix_real *row, size_t j) {
  if (is_one_label(net)) return (int64_t)metrics_class(net, row);
  return row[j] >= (kfix_real)0.5;
}

/* ---- .npy ---- */

static int write_npy(const predict_options *o, const predict_model *model, size_t rows,
                     const kfix_real *p, tool_error *err) {
  const size_t n = kfix_net_outputs(model->net), cols = columns(o, model->net);
  const int labels = o->what == PREDICT_LABELS;
  void *all = malloc(rows * cols * (labels ? sizeof(int64_t) : sizeof(kfix_real)));
  if (all == NULL) return tool_fail(err, "no memory for the predictions");
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < cols; j++)
      if (labels)
        ((int64_t *)all)[r * cols + j] = label(model->net, p + r * n, j);
      else
        ((kfix_real *)all)[r * cols + j] = (kfix_real)metrics_value(model, j, p[r * n + j]);
  const tensor_type type = labels ? TENSOR_I64 : TENSOR_REAL;
  const tensor_view view = cols == 1 ? tensor_of_vector("predictions", type, rows, all)
                                     : tensor_of("predictions", type, rows, cols, all);
  const int answer = npy_save(o->output, &view, err);
  free(all);
  return answer;
}

/* ---- .csv ---- */

/* A field, in quotes where it needs them. */
static void write_field(FILE *stream, const char *text) {
  if (strpbrk(text, ",;\t\"\r\n ") == NULL) {
    (void)fputs(text, stream);
    return;
  }
  (void)fputc('"', stream);
  for (; *text != '\0'; text++) {
    if (*text == '"') (void)fputc('"', stream);
    (void)fputc(*text, stream);
  }
  (void)fputc('"', stream);
}

/* What column j is called: by its class, by its name in the training data, or by its number. */
static void write_name(FILE *stream, const predict_options *o, const predict_model *model,
                       size_t j) {
  static const char *const kinds[] = {"label", "probability", "value"};
  const dataset_facts *f = &model->facts;
  const size_t name = model->net->target == KFIX_TARGET_INPUT ? j : f->inputs;
  const int only = columns(o, model->net) == 1;
  if (!only && is_one_label(model->net) && j < f->classes.count)
    write_field(stream, f->classes.word[j]);
  else if (model->has_facts && !is_one_label(model->net) && name < f->names.count)
    write_field(stream, f->names.word[name]);
  else if (only)
    (void)fputs(kinds[o->what], stream);
  else
    (void)fprintf(stream, "%s_%zu", kinds[o->what], j);
}

static void write_cell(FILE *stream, const predict_options *o, const predict_model *model,
                       const kfix_real *row, size_t j) {
  const word_list *classes = &model->facts.classes;
  if (o->what != PREDICT_LABELS) {
    (void)fprintf(stream, KFIX_REAL_BYTES == 4 ? "%.9g" : "%.17g", metrics_value(model, j, row[j]));
    return;
  }
  const int64_t found = label(model->net, row, j);
  if (is_one_label(model->net) && (size_t)found < classes->count)
    write_field(stream, classes->word[found]);
  else
    (void)fprintf(stream, "%d", (int)found);
}

static void write_lines(FILE *stream, const predict_options *o, const predict_model *model,
                        size_t rows, const kfix_real *p) {
  const size_t n = kfix_net_outputs(model->net), cols = columns(o, model->net);
  for (size_t j = 0; j < cols; j++) {
    if (j > 0) (void)fputc(',', stream);
    write_name(stream, o, model, j);
  }
  (void)fputc('\n', stream);
  for (size_t r = 0; r < rows; r++)
    for (size_t j = 0; j < cols; j++) {
      write_cell(stream, o, model, p + r * n, j);
      (void)fputc(j + 1 < cols ? ',' : '\n', stream);
    }
}

int output_write(const predict_options *o, const predict_model *model, size_t rows,
                 const kfix_real *p, tool_error *err) {
  atomic_file file;
  if (o->output == NULL) {
    write_lines(stdout, o, model, rows, p);
    return 0;
  }
  if (strcmp(strrchr(o->output, '.'), ".npy") == 0) return write_npy(o, model, rows, p, err);
  if (atomic_open(&file, o->output, err) != 0) return -1;
  write_lines(file.stream, o, model, rows, p);
  return atomic_commit(&file, err);
}
