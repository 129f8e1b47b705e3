/* SPDX-License-Identifier: Apache-2.0
 * Data sets of numbers: .npy arrays. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arrays/npy.h"
#include "dataset_load.h"
#include "files/file_bytes.h"

/* folder/name, or the same with .gz where only that is there; 1 if the file is. */
static int find_array(char path[DATASET_PATH_BYTES], const char *folder, const char *name) {
  char packed[DATASET_PATH_BYTES], packed_name[32];
  dataset_join(path, folder, name);
  if (file_exists(path)) return 1;
  (void)snprintf(packed_name, sizeof packed_name, "%s.gz", name);
  dataset_join(packed, folder, packed_name);
  if (!file_exists(packed)) return 0;
  strcpy(path, packed);
  return 1;
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

/* Inputs in bytes are pixels; a part of bytes and one of numbers would be scaled differently. */
static int scale_pixels(const char *path, const tensor_view *view, kfix_real *values, size_t before,
                        size_t count, int *pixels, tool_error *err) {
  const int these = view->type == TENSOR_U8;
  if (before > 0 && these != *pixels)
    return tool_fail(err, "%s: holds %s, the training rows %s: save both alike", path,
                     these ? "bytes (pixels)" : "numbers", these ? "numbers" : "bytes (pixels)");
  *pixels = these;
  for (size_t i = 0; these && i < count; i++) values[i] /= (kfix_real)255;
  return 0;
}

/* ---- rows that are images ---- */

/* Of inputs: whether they are bytes, and the image that the net takes (none: all zero). */
typedef struct input_form {
  int pixels;
  kfix_image image;
} input_form;

static int is_shape(const tensor_view *view, size_t a, size_t b, size_t c) {
  return view->shape[1] == a && view->shape[2] == b && view->shape[3] == c;
}

/* *planes: whether the channels of rows that say their shape stand one after the other. */
static int find_order(const char *path, const tensor_view *view, const kfix_image *net, int *planes,
                      tool_error *err) {
  const size_t h = net->height, w = net->width, c = net->channels;
  *planes = 0;
  if (h * w <= 1 || view->dims != 4) return 0;
  const int last = is_shape(view, h, w, c), first = is_shape(view, c, h, w);
  *planes = first && !last;
  if (first && last && c > 1)
    return tool_fail(err,
                     "%s: images of %zu x %zu x %zu may have their channels first or last: save "
                     "rows of %zu numbers, channels last",
                     path, c, c, c, c * c * c);
  if (first || last) return 0;
  return tool_fail(err,
                   "%s: rows are %zu x %zu x %zu, the net takes images of %zu rows, %zu columns "
                   "and %zu channels, which may stand first or last",
                   path, view->shape[1], view->shape[2], view->shape[3], h, w, c);
}

/* Planes become (row, column, channel). */
static int interleave(const char *path, const kfix_image *net, kfix_real *rows, size_t count,
                      tool_error *err) {
  const size_t channels = net->channels, plane = (size_t)net->height * net->width;
  kfix_real *held = malloc(plane * channels * sizeof *held);
  if (held == NULL) return tool_fail(err, "%s: no memory for an image", path);
  for (size_t r = 0; r < count; r++, rows += plane * channels) {
    memcpy(held, rows, plane * channels * sizeof *held);
    for (size_t c = 0; c < channels; c++)
      for (size_t i = 0; i < plane; i++) rows[i * channels + c] = held[c * plane + i];
  }
  free(held);
  return 0;
}

static int take_form(const char *path, const tensor_view *view, input_form *form, kfix_real *rows,
                     size_t before, size_t count, size_t cols, tool_error *err) {
  int planes;
  if (scale_pixels(path, view, rows, before, count * cols, &form->pixels, err) != 0 ||
      find_order(path, view, &form->image, &planes, err) != 0)
    return -1;
  return planes ? interleave(path, &form->image, rows, count, err) : 0;
}

/* ---- parts ---- */

/* Adds the rows of one array behind the `before` rows that *values holds. form NULL: targets, which are
 * taken as they are. */
static int append_array(const char *path, input_form *form, kfix_real **values, size_t before,
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
  if (answer == 0 && form != NULL)
    answer = take_form(path, &view, form, at, before, *rows, *cols, err);
  file_free(&content);
  return answer;
}

/* y beside x; an autoencoder needs none. */
static int append_targets(dataset *out, const dataset_request *request, const char *folder,
                          const char *name, size_t before, size_t rows, tool_error *err) {
  char path[DATASET_PATH_BYTES];
  size_t y_rows = 0;
  if (request->target == DATASET_INPUT || request->without_targets) return 0;
  (void)find_array(path, folder, name);
  if (append_array(path, NULL, &out->wanted, before, &y_rows, &out->wanted_cols, err) != 0)
    return -1;
  if (y_rows == rows) return 0;
  return tool_fail(err, "%s: %zu targets for %zu rows of inputs", path, y_rows, rows);
}

/* One column as those were that the weights were trained on. */
static int move_column(const dataset_facts *as, size_t j, kfix_real *column, size_t rows,
                       size_t cols, const char *path, tool_error *err) {
  for (size_t i = 0; i < rows; i++) {
    column[i * cols] = (kfix_real)(((double)column[i * cols] - as->mean[j]) * as->scale[j]);
    if (!isfinite(column[i * cols]))
      return tool_fail(err, "%s: row %zu, column %zu is too large for a %s", path, i, j,
                       KFIX_REAL_NAME);
  }
  return 0;
}

static int move(dataset *out, const dataset_request *request, const char *path, tool_error *err) {
  const dataset_facts *as = request->as;
  const size_t rows = out->train_rows + out->valid_rows;
  if (as == NULL || as->mean == NULL || as->inputs != out->inputs) return 0;
  for (size_t j = 0; j < out->inputs; j++)
    if (move_column(as, j, out->values + j, rows, out->inputs, path, err) != 0) return -1;
  if (out->wanted == NULL || out->wanted_cols != 1) return 0;
  return move_column(as, as->inputs, out->wanted, rows, 1, path, err);
}

/* Rows as wide as the net's image are images, in the order in which it reads them. */
static void take_image(dataset *out, const dataset_request *request) {
  const kfix_image *net = &request->image;
  if (!dataset_wants_image(request) || out->inputs != request->inputs) return;
  out->channels = net->channels;
  out->height = net->height;
  out->width = net->width;
  out->interleaved = 1;
}

static int load_folder(dataset *out, const dataset_request *request, const char *folder,
                       tool_error *err) {
  char path[DATASET_PATH_BYTES];
  size_t rows = 0;
  input_form form = {0, request->image};
  (void)find_array(path, folder, "x.npy");
  if (append_array(path, &form, &out->values, 0, &rows, &out->inputs, err) != 0) return -1;
  if (append_targets(out, request, folder, "y.npy", 0, rows, err) != 0) return -1;
  if (dataset_split_rows(out, request, rows, err) != 0) return -1;
  const int whole = request->divided || request->validation != NULL;
  if (!whole && find_array(path, folder, "x_valid.npy")) {
    out->split = DATASET_TAIL;
    out->train_rows = out->stored_train = rows;
    if (append_array(path, &form, &out->values, rows, &out->valid_rows, &out->inputs, err) != 0)
      return -1;
    if (append_targets(out, request, folder, "y_valid.npy", rows, out->valid_rows, err) != 0)
      return -1;
  }
  out->facts.pixels = form.pixels;
  take_image(out, request);
  if (move(out, request, path, err) != 0) return -1;
  if (request->target != DATASET_CLASS || request->without_targets) return 0;
  (void)find_array(path, folder, "y.npy");
  return dataset_labels_from_wanted(out, path, err);
}

int dataset_load_npy(dataset *out, const dataset_request *request, const char *path,
                     tool_error *err) {
  size_t rows = 0;
  input_form form = {0, request->image};
  if (folder_exists(path)) return load_folder(out, request, path, err);
  if (append_array(path, &form, &out->values, 0, &rows, &out->inputs, err) != 0) return -1;
  out->facts.pixels = form.pixels;
  take_image(out, request);
  if (dataset_split_rows(out, request, rows, err) != 0) return -1;
  return move(out, request, path, err);
}
