/* SPDX-License-Identifier: Apache-2.0
 * Matrices in, factors and errors out. */
#include "fisher_files.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "arrays/json_writer.h"
#include "arrays/npy.h"
#include "files/atomic_file.h"
#include "files/same_file.h"

#define FILES_MAX (BLOCK_FACTORS_MAX + 2)

static int check_view(const tensor_view *view, const char *path, tool_error *err) {
  if (view->dims != 2)
    return tool_fail(err, "%s: has %zu dimensions; a matrix has 2", path, view->dims);
  if (view->type != TENSOR_F32 && view->type != TENSOR_F64 && view->type != TENSOR_F16)
    return tool_fail(err, "%s: holds %s; save it as float32 or float64", path,
                     tensor_type_npy(view->type));
  if (view->shape[0] == 0 || view->shape[1] == 0)
    return tool_fail(err, "%s: is empty (%zu x %zu)", path, view->shape[0], view->shape[1]);
  return 0;
}

static int take(fisher_matrix *matrix, const tensor_view *view, const char *path, tool_error *err) {
  matrix->rows = view->shape[0];
  matrix->cols = view->shape[1];
  matrix->data = malloc(matrix->rows * matrix->cols * sizeof *matrix->data);
  if (matrix->data == NULL) return tool_fail(err, "%s: no memory for this matrix", path);
  return tensor_read(view, 0, matrix->rows * matrix->cols, matrix->data, path, err);
}

int fisher_read(fisher_matrix *matrix, const char *path, tool_error *err) {
  file_bytes bytes;
  tensor_view view;
  *matrix = (fisher_matrix){0, 0, NULL};
  if (npy_load(path, &bytes, &view, err) != 0) return -1;
  strncpy(view.name, "matrix", sizeof view.name - 1);
  int result = check_view(&view, path, err);
  if (result == 0) result = take(matrix, &view, path, err);
  file_free(&bytes);
  return result;
}

/* ---- output ---- */

/* folder/name.npy; the folder's name was found to fit. */
static void factor_path(const fisher_options *options, int i, char path[ATOMIC_PATH_BYTES]) {
  (void)snprintf(path, ATOMIC_PATH_BYTES, "%s/%s.npy", options->out, options->method->factor[i]);
}

static int check_output(const fisher_options *o, const char *path, tool_error *err) {
  const char *const inputs[] = {o->activations, o->gradients, o->rhs};
  for (size_t i = 0; i < sizeof inputs / sizeof inputs[0]; i++)
    if (inputs[i] != NULL && same_file(inputs[i], path))
      return tool_fail(err, "%s: is an input: name another place for the output", path);
  return 0;
}

int fisher_check_outputs(const fisher_options *options, tool_error *err) {
  char path[ATOMIC_PATH_BYTES];
  if (strlen(options->out) + 64 > ATOMIC_PATH_BYTES)
    return tool_fail(err, "--out: the folder's name is too long");
  for (int i = 0; i < BLOCK_FACTORS_MAX && options->method->factor[i] != NULL; i++) {
    factor_path(options, i, path);
    if (check_output(options, path, err) != 0) return -1;
  }
  (void)snprintf(path, sizeof path, "%s/errors.json", options->out);
  if (check_output(options, path, err) != 0) return -1;
  return options->solution == NULL ? 0 : check_output(options, options->solution, err);
}

/* Files that are being written, and not there yet. */
typedef struct output {
  atomic_file file[FILES_MAX];
  int count;
} output;

static int add_file(output *o, const char *path, tool_error *err) {
  for (int i = 0; i < o->count; i++)
    if (same_file(o->file[i].path, path))
      return tool_fail(err, "%s: is written twice; name another --solution", path);
  if (atomic_open(&o->file[o->count], path, err) != 0) return -1;
  o->count++;
  return 0;
}

static int add_matrix(output *o, const char *path, size_t rows, size_t cols, const kfix_real *data,
                      tool_error *err) {
  const tensor_view view = tensor_of("", TENSOR_REAL, rows, cols, data);
  if (add_file(o, path, err) != 0) return -1;
  npy_write(o->file[o->count - 1].stream, &view);
  return 0;
}

static int add_factors(output *o, const fisher_options *options, const block_rows *shape,
                       const block_factors *b, tool_error *err) {
  const kfix_real *const data[] = {b->a[0], b->g[0], b->terms == 0 ? b->s : b->a[1], b->g[1]};
  const size_t rows[] = {shape->in, shape->out, shape->in, shape->out};
  const size_t cols[] = {shape->in, shape->out, b->terms == 0 ? shape->out : shape->in, shape->out};
  char path[ATOMIC_PATH_BYTES];
  factor_path(options, 0, path);
  if (b->d != NULL) return add_matrix(o, path, shape->out, shape->in, b->d, err);
  for (int i = 0; i < BLOCK_FACTORS_MAX && options->method->factor[i] != NULL; i++) {
    factor_path(options, i, path);
    if (add_matrix(o, path, rows[i], cols[i], data[i], err) != 0) return -1;
  }
  return 0;
}

static int add_errors(output *o, const char *folder, const fisher_result *result, tool_error *err) {
  char path[ATOMIC_PATH_BYTES];
  (void)snprintf(path, sizeof path, "%s/errors.json", folder);
  if (add_file(o, path, err) != 0) return -1;
  json_writer json = json_to(o->file[o->count - 1].stream);
  json_object(&json, NULL);
  json_double(&json, "frobenius", result->frobenius);
  json_double(&json, "spectrum", result->spectrum);
  if (!isnan(result->floored)) json_double(&json, "floored", result->floored);
  json_end(&json);
  return 0;
}

static int add_all(output *o, const fisher_options *options, const block_rows *shape,
                   const fisher_result *result, tool_error *err) {
  if (make_folder(options->out, err) != 0) return -1;
  if (add_factors(o, options, shape, &result->factors, err) != 0) return -1;
  if (result->solution != NULL &&
      add_matrix(o, options->solution, shape->out, shape->in, result->solution, err) != 0)
    return -1;
  return add_errors(o, options->out, result, err);
}

int fisher_write(const fisher_options *options, const block_rows *shape,
                 const fisher_result *result, tool_error *err) {
  static output o;
  o.count = 0;
  int answer = add_all(&o, options, shape, result, err);
  for (int i = 0; i < o.count; i++) {
    if (answer == 0) {
      answer = atomic_commit(&o.file[i], err);
    } else {
      atomic_abandon(&o.file[i]);
    }
  }
  return answer;
}
